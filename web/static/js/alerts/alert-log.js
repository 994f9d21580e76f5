/** The log of alerts, stored in this browser; `picture-store.js` has their pictures. */

import { csvOf, headerOf, withoutFormula } from '../csv.js';
import { localIso } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { COLUMN_WORDS } from './columns.js';
import { Database, keyFromEnd, openStore, persist, trim } from './database.js';

/** @import { IDBPDatabase, IDBPTransaction, OpenDBCallbacks } from 'idb' */
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
 * The latest entries, latest first; `count` and `startMs` are the number and the earliest start of all
 * entries. `startMs` is infinite without any.
 * @typedef {{entries: LogEntry[], count: number, startMs: number}} LatestEntries
 */

/**
 * Storage of entries; lists are sorted by `atMs`.
 * @typedef {object} AlertStore
 * @property {(key: EntryKey, change: (stored?: LogEntry) => LogEntry | undefined,
 *   maxEntries: number) => Promise<void>} update store what `change` returns for the stored entry;
 *   nothing if that is undefined. The oldest entries beyond `maxEntries` are deleted
 * @property {(maxEntries: number) => Promise<LatestEntries>} latest
 * @property {() => Promise<LogEntry[]>} corrected those with a correction
 * @property {() => Promise<LogEntry[]>} all
 * @property {() => Promise<void>} clear
 * @property {boolean} persistent whether entries outlive the page
 */

const STORE = 'alerts';
const CORRECTED = 'corrected'; // index of the corrected entries
const VERSION = 4; // of the database; 3 has no index, the names and the key of entries differed before
const CODES = ['time', 'verdict', 'code', 'duration_seconds', 'corrected'];
const MAX_ENTRIES = 10_000;

/** Keeps the latest alerts: in IndexedDB if the browser allows it, otherwise in memory. */
export class AlertLog {
  #database;
  #maxEntries;
  /** @type {Promise<AlertStore> | undefined} */
  #store;

  /**
   * @param {string} [name] of the database
   * @param {number} [maxEntries] the oldest entries beyond this number are deleted
   */
  constructor(name = 'face-mask-detection', maxEntries = MAX_ENTRIES) {
    this.#database = new Database(name, VERSION, upgrade);
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
    const complete = (/** @type {LogEntry | undefined} */ stored) => ({ ...stored, ...entry });
    await store.update(entry, complete, this.#maxEntries); // a correction stays
  }

  /**
   * Keep what a user says is right, unless the entry is gone.
   * @param {EntryKey} key
   * @param {string | undefined} corrected see `LogEntry`; undefined to undo a correction
   */
  async correct(key, corrected) {
    const store = await this.#open();
    const correct = (/** @type {LogEntry | undefined} */ stored) => stored && { ...stored, corrected };
    await store.update(key, correct, this.#maxEntries);
  }

  /**
   * @param {number} maxEntries at least 2
   * @returns {Promise<LatestEntries>}
   */
  async latest(maxEntries) {
    return (await this.#open()).latest(maxEntries);
  }

  /** @returns {Promise<LogEntry[]>} the corrected ones, oldest first */
  async corrected() {
    return (await this.#open()).corrected();
  }

  /** @returns {Promise<LogEntry[]>} oldest first */
  async all() {
    return (await this.#open()).all();
  }

  async clear() {
    await (await this.#open()).clear();
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
    this.#store ??= openStore(this.#database, inDatabase, inMemory);
    return this.#store;
  }
}

/**
 * Create the database, or convert one of an earlier form.
 * @type {NonNullable<OpenDBCallbacks<unknown>['upgrade']>}
 */
async function upgrade(database, version, _, transaction) {
  const store = version < 3 ? await newStore(database, version, transaction) : transaction.objectStore(STORE);
  store.createIndex(CORRECTED, CORRECTED);
}

/**
 * Create the store, with the entries of versions 1 and 2.
 * @param {IDBPDatabase} database
 * @param {number} version of the existing database; 0 without one
 * @param {IDBPTransaction<unknown, string[], 'versionchange'>} transaction
 */
async function newStore(database, version, transaction) {
  const entries = version > 0 ? await transaction.objectStore(STORE).getAll() : [];
  if (version > 0) database.deleteObjectStore(STORE);
  const store = database.createObjectStore(STORE, { keyPath: ['atMs', 'face'] });
  for (const { at, face = 0, label, duration } of entries) {
    await store.put({ atMs: at, face, label, durationMs: duration });
  }
  return store;
}

/**
 * @param {Database} database
 * @returns {AlertStore}
 */
function inDatabase(database) {
  return {
    async update({ atMs, face }, change, maxEntries) {
      persist();
      const { store, done } = (await database.open()).transaction(STORE, 'readwrite');
      const changed = change(await store.get([atMs, face]));
      if (changed) await store.put(changed);
      await trim(store, maxEntries);
      await done;
    },
    async latest(maxEntries) {
      const { store } = (await database.open()).transaction(STORE);
      const count = await store.count();
      const oldest = await store.openKeyCursor();
      const first = count > maxEntries ? await keyFromEnd(store, maxEntries) : oldest?.key;
      const entries = first ? await store.getAll(IDBKeyRange.lowerBound(first)) : [];
      const [startMs] = /** @type {[number, number]} */ (oldest?.key ?? [Infinity, 0]);
      return { entries: entries.toReversed(), count, startMs };
    },
    corrected: async () => sorted(await (await database.open()).getAllFromIndex(STORE, CORRECTED)),
    all: async () => (await database.open()).getAll(STORE),
    clear: async () => (await database.open()).clear(STORE),
    persistent: true,
  };
}

/** @returns {AlertStore} */
function inMemory() {
  /** @type {LogEntry[]} */
  let entries = [];
  return {
    async update(key, change, maxEntries) {
      const isIt = (/** @type {LogEntry} */ { atMs, face }) => atMs === key.atMs && face === key.face;
      const changed = change(entries.find(isIt));
      if (changed) entries = sorted([...entries.filter((entry) => !isIt(entry)), changed]);
      entries = entries.slice(-maxEntries);
    },
    latest: async (maxEntries) => ({
      entries: entries.slice(-maxEntries).toReversed(),
      count: entries.length,
      startMs: entries[0]?.atMs ?? Infinity,
    }),
    corrected: async () => entries.filter(({ corrected }) => corrected !== undefined),
    all: async () => entries,
    clear: async () => {
      entries = [];
    },
    persistent: false,
  };
}

/** @param {LogEntry[]} entries */
function sorted(entries) {
  return entries.toSorted((a, b) => a.atMs - b.atMs || a.face - b.face);
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
  return csvOf([headerOf(CODES, COLUMN_WORDS), ...rows.map((row) => row.map(withoutFormula))]);
}
