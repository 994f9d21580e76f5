/** The log of alerts, stored in this browser; `picture-store.js` has their pictures. */

import { csvOf, withoutFormula } from '../csv.js';
import { localIso } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { openStore } from './database.js';

/** @import { IDBPDatabase, IDBPTransaction } from 'idb' */
/** @import { AlertEvent } from '../tracking/alerts.js' */

/**
 * One alert: its start (Unix time in milliseconds), the track's id, and the duration in milliseconds,
 * which is null until the alert ends, and stays null if the page was closed first. `corrected` is what
 * a user says is right, if the label was wrong: another label, or `not_a_face`.
 * @typedef {{atMs: number, face: number, label: string, durationMs: number | null,
 *   corrected?: string}} LogEntry
 */

/** @typedef {Pick<LogEntry, 'atMs' | 'face'>} EntryKey */

/**
 * Storage of entries.
 * @typedef {object} AlertStore
 * @property {(key: EntryKey, change: (stored?: LogEntry) => LogEntry | undefined) => Promise<void>}
 *   update store what `change` returns for the stored entry; nothing if that is undefined
 * @property {() => Promise<LogEntry[]>} all sorted by `atMs`
 * @property {(atMs: number) => Promise<void>} deleteBefore delete entries with a smaller `atMs`
 * @property {boolean} persistent whether entries outlive the page
 */

const STORE = 'alerts';
const VERSION = 3; // of the database; the names and the key of entries differed before
const HEADER = ['time', 'verdict', 'code', 'duration_seconds', 'corrected'];
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
    const entry = { atMs: atMs - durationMs, face, label, durationMs: lastedMs };
    await store.update(entry, (stored) => ({ ...stored, ...entry })); // a correction stays
    const entries = await store.all();
    const excess = entries.length - this.#maxEntries;
    if (excess > 0) await store.deleteBefore(entries[excess].atMs);
  }

  /**
   * Keep what a user says is right, unless the entry is gone.
   * @param {EntryKey} key
   * @param {string | undefined} corrected see `LogEntry`; undefined to undo a correction
   */
  async correct(key, corrected) {
    const store = await this.#open();
    await store.update(key, (stored) => stored && { ...stored, corrected });
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
    update: async ({ atMs, face }, change) => {
      const { store, done } = database.transaction(STORE, 'readwrite');
      const changed = change(await store.get([atMs, face]));
      if (changed) await store.put(changed);
      await done;
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
    update: async (key, change) => {
      const isIt = (/** @type {LogEntry} */ { atMs, face }) => atMs === key.atMs && face === key.face;
      const changed = change(entries.find(isIt));
      if (changed) entries = [...entries.filter((entry) => !isIt(entry)), changed];
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
 * duration in seconds, which is empty if unknown, and the name of the corrected label, if there is one.
 * @param {LogEntry[]} entries
 */
export function toCsv(entries) {
  const rows = entries.map(({ atMs, label, durationMs, corrected = '' }) => [
    localIso(atMs),
    texts.words[label] ?? label,
    label,
    durationMs === null ? '' : (durationMs / 1000).toFixed(1),
    corrected,
  ]);
  return csvOf([HEADER, ...rows].map((row) => row.map(withoutFormula)));
}
