/** The log of alerts, stored in this browser, without pictures. */

import { openDB } from 'idb';

/** @import { IDBPDatabase, IDBPTransaction } from 'idb' */
/** @import { AlertEvent } from '../tracking/alerts.js' */

/**
 * One alert: its start (Unix time in milliseconds), the track's id, and the duration in milliseconds,
 * which is null until the alert ends, and stays null if the page was closed first.
 * @typedef {{at: number, face: number, label: string, duration: number | null}} LogEntry
 */

/**
 * Storage of entries, with `at` and `face` as their key.
 * @typedef {object} AlertStore
 * @property {(entry: LogEntry) => Promise<void>} put
 * @property {() => Promise<LogEntry[]>} all sorted by `at`
 * @property {(at: number) => Promise<void>} deleteBefore delete entries with a smaller `at`
 * @property {boolean} persistent whether entries outlive the page
 */

const STORE = 'alerts';
const HEADER = ['time', 'verdict', 'duration_seconds'];
const MAX_ENTRIES = 10_000;

/** Keeps the latest alerts: in IndexedDB if the browser allows it, otherwise in memory. */
export class AlertLog {
  #name;
  #maxEntries;
  /** @type {Promise<AlertStore> | undefined} */
  #store;

  /**
   * @param {string} [name] of the database
   * @param {number} [maxEntries] the oldest entries beyond this number are deleted
   */
  constructor(name = 'face-mask-detection', maxEntries = MAX_ENTRIES) {
    this.#name = name;
    this.#maxEntries = maxEntries;
  }

  /**
   * Add an entry when an alert begins; complete it when the alert ends.
   * @param {AlertEvent} event with Unix time, as of `Date.now()`
   */
  async add({ type, face, label, atMs, durationMs }) {
    const store = await this.#open();
    const duration = type === 'end' ? durationMs : null;
    await store.put({ at: atMs - durationMs, face, label, duration });
    const entries = await store.all();
    const excess = entries.length - this.#maxEntries;
    if (excess > 0) await store.deleteBefore(entries[excess].at);
  }

  /** @returns {Promise<LogEntry[]>} oldest first */
  async all() {
    return (await this.#open()).all();
  }

  async clear() {
    await (await this.#open()).deleteBefore(Infinity);
  }

  /** Whether entries outlive the page. */
  async isPersistent() {
    return (await this.#open()).persistent;
  }

  /** @returns {Promise<string>} see `toCsv` */
  async csv() {
    return toCsv(await this.all());
  }

  #open() {
    this.#store ??= openStore(this.#name);
    return this.#store;
  }
}

/**
 * @param {string} name of the database
 * @returns {Promise<AlertStore>}
 */
async function openStore(name) {
  try {
    return inDatabase(await openDB(name, 2, { upgrade }));
  } catch {
    return inMemory(); // as in some private windows
  }
}

/**
 * Create the database, or convert one whose key was `at` alone.
 * @param {IDBPDatabase} database
 * @param {number} version of the existing one; 0 without one
 * @param {number | null} _
 * @param {IDBPTransaction<unknown, string[], 'versionchange'>} transaction
 */
async function upgrade(database, version, _, transaction) {
  const entries = version > 0 ? await transaction.objectStore(STORE).getAll() : [];
  if (version > 0) database.deleteObjectStore(STORE);
  const store = database.createObjectStore(STORE, { keyPath: ['at', 'face'] });
  for (const entry of entries) await store.put({ face: 0, ...entry });
}

/**
 * @param {IDBPDatabase} database
 * @returns {AlertStore}
 */
function inDatabase(database) {
  return {
    put: async (entry) => {
      await database.put(STORE, entry);
    },
    all: () => database.getAll(STORE),
    deleteBefore: (at) => database.delete(STORE, IDBKeyRange.upperBound([at], true)),
    persistent: true,
  };
}

/** @returns {AlertStore} */
function inMemory() {
  /** @type {LogEntry[]} */
  let entries = [];
  return {
    put: async (entry) => {
      const others = entries.filter(({ at, face }) => at !== entry.at || face !== entry.face);
      entries = [...others, entry];
    },
    all: async () => entries.toSorted((a, b) => a.at - b.at || a.face - b.face),
    deleteBefore: async (limit) => {
      entries = entries.filter(({ at }) => at >= limit);
    },
    persistent: false,
  };
}

/**
 * CSV (RFC 4180; no field needs quotes) with one row per alert: time (ISO 8601, UTC), verdict and
 * duration in seconds, which is empty if unknown.
 * @param {LogEntry[]} entries
 */
export function toCsv(entries) {
  const rows = entries.map(({ at, label, duration }) => [
    new Date(at).toISOString(),
    label,
    duration === null ? '' : (duration / 1000).toFixed(1),
  ]);
  return [HEADER, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
