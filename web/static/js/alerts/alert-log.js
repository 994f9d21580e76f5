/** What was alerted of and when, kept in this browser. No pictures. */

import { openDB } from 'idb';

/** @import { IDBPDatabase } from 'idb' */
/** @import { AlertEvent } from '../tracking/alerts.js' */

/**
 * One alert: when it began, in milliseconds since 1970, and how long it was, in milliseconds; null
 * while it goes on, and for ever if the page was closed during it.
 * @typedef {{at: number, label: string, duration: number | null}} LogEntry
 */

/**
 * Where entries are kept, one for each `at`.
 * @typedef {object} AlertStore
 * @property {(entry: LogEntry) => Promise<void>} put
 * @property {() => Promise<LogEntry[]>} all ascending by `at`
 * @property {(before: number) => Promise<void>} drop the entries with a smaller `at`
 * @property {boolean} lasting whether they outlive the page
 */

const STORE = 'alerts';
const HEADER = ['time', 'verdict', 'duration_seconds'];
const MOST = 10_000; // entries that are kept; the oldest give way

/** A log that outlives the page if the browser allows it, and else lasts as long as the page. */
export class AlertLog {
  #name;
  #most;
  /** @type {Promise<AlertStore> | undefined} */
  #store;

  /**
   * @param {string} [name] of the database
   * @param {number} [most] entries that are kept
   */
  constructor(name = 'face-mask-detection', most = MOST) {
    this.#name = name;
    this.#most = most;
  }

  /**
   * Write an alert down when it begins, and again, with its duration, when it ends.
   * @param {AlertEvent} event its clock counts from 1970: `Date.now()`
   */
  async add({ type, label, at, duration }) {
    const store = await this.#open();
    await store.put({ at: at - duration, label, duration: type === 'end' ? duration : null });
    const entries = await store.all();
    if (entries.length > this.#most) await store.drop(entries[entries.length - this.#most].at);
  }

  /** @returns {Promise<LogEntry[]>} the oldest first */
  async all() {
    return (await this.#open()).all();
  }

  /** Forget everything. */
  async clear() {
    await (await this.#open()).drop(Infinity);
  }

  /** Whether it is there at the next visit; else it ends with the page. */
  async lasting() {
    return (await this.#open()).lasting;
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
    const database = await openDB(name, 1, {
      upgrade: (made) => made.createObjectStore(STORE, { keyPath: 'at' }),
    });
    return inDatabase(database);
  } catch {
    return inMemory(); // as in some private windows
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
    drop: (before) => database.delete(STORE, IDBKeyRange.upperBound(before, true)),
    lasting: true,
  };
}

/** @returns {AlertStore} */
function inMemory() {
  /** @type {LogEntry[]} */
  let entries = [];
  return {
    put: async (entry) => {
      entries = [...entries.filter(({ at }) => at !== entry.at), entry];
    },
    all: async () => entries.toSorted((a, b) => a.at - b.at),
    drop: async (before) => {
      entries = entries.filter(({ at }) => at >= before);
    },
    lasting: false,
  };
}

/**
 * A table for spreadsheets (RFC 4180; no field needs quotes), one alert per row: time (ISO 8601,
 * UTC), verdict, and duration in seconds, which is empty if the end is not known.
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
