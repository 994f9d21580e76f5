/** The log of alerts, stored in this browser, without pictures. */

import { csvOf, withoutFormula } from '../csv.js';
import { localIso } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { openStore } from './database.js';

/** @import { IDBPDatabase, IDBPTransaction } from 'idb' */
/** @import { AlertEvent } from '../tracking/alerts.js' */

/**
 * One alert: its start (Unix time in milliseconds), the track's id, and the duration in milliseconds,
 * which is null until the alert ends, and stays null if the page was closed first.
 * @typedef {{atMs: number, face: number, label: string, durationMs: number | null}} LogEntry
 */

/**
 * Storage of entries, with `atMs` and `face` as their key.
 * @typedef {object} AlertStore
 * @property {(entry: LogEntry) => Promise<void>} put
 * @property {() => Promise<LogEntry[]>} all sorted by `atMs`
 * @property {(atMs: number) => Promise<void>} deleteBefore delete entries with a smaller `atMs`
 * @property {boolean} persistent whether entries outlive the page
 */

const STORE = 'alerts';
const VERSION = 3; // of the database; the names and the key of entries differed before
const HEADER = ['time', 'verdict', 'code', 'duration_seconds'];
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
    const lastedMs = type === 'end' ? durationMs : null;
    await store.put({ atMs: atMs - durationMs, face, label, durationMs: lastedMs });
    const entries = await store.all();
    const excess = entries.length - this.#maxEntries;
    if (excess > 0) await store.deleteBefore(entries[excess].atMs);
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
    const name = this.#name;
    this.#store ??= openStore({ name, version: VERSION, upgrade, inDatabase, inMemory });
    return this.#store;
  }
}

/**
 * Create the database, or convert one of the earlier form.
 * @param {IDBPDatabase} database
 * @param {number} version of the existing one; 0 without one
 * @param {number | null} _
 * @param {IDBPTransaction<unknown, string[], 'versionchange'>} transaction
 */
async function upgrade(database, version, _, transaction) {
  const entries = version > 0 ? await transaction.objectStore(STORE).getAll() : [];
  if (version > 0) database.deleteObjectStore(STORE);
  const store = database.createObjectStore(STORE, { keyPath: ['atMs', 'face'] });
  for (const { at, face = 0, label, duration } of entries) {
    await store.put({ atMs: at, face, label, durationMs: duration });
  }
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
    deleteBefore: (atMs) => database.delete(STORE, IDBKeyRange.upperBound([atMs], true)),
    persistent: true,
  };
}

/** @returns {AlertStore} */
function inMemory() {
  /** @type {LogEntry[]} */
  let entries = [];
  return {
    put: async (entry) => {
      const others = entries.filter(({ atMs, face }) => {
        return atMs !== entry.atMs || face !== entry.face;
      });
      entries = [...others, entry];
    },
    all: async () => entries.toSorted((a, b) => a.atMs - b.atMs || a.face - b.face),
    deleteBefore: async (limit) => {
      entries = entries.filter(({ atMs }) => atMs >= limit);
    },
    persistent: false,
  };
}

/**
 * CSV with one row per alert: local time, verdict in the user's language and as the label's name,
 * and duration in seconds, which is empty if unknown.
 * @param {LogEntry[]} entries
 */
export function toCsv(entries) {
  const rows = entries.map(({ atMs, label, durationMs }) => [
    localIso(atMs),
    texts.words[label] ?? label,
    label,
    durationMs === null ? '' : (durationMs / 1000).toFixed(1),
  ]);
  return csvOf([HEADER, ...rows].map((row) => row.map(withoutFormula)));
}
