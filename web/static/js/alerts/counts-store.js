/** Stores the counts of each hour in this browser. */

import { COUNTS, merge, plus } from '../tracking/hours.js';
import { Database, keyFromEnd, openStore, persist } from './database.js';

/** @import { IDBPDatabase } from 'idb' */
/** @import { HourCounts } from '../tracking/hours.js' */

/**
 * @typedef {object} HourStore
 * @property {(hours: HourCounts[]) => Promise<void>} add
 * @property {(startMs: number) => Promise<HourCounts[]>} since
 * @property {() => Promise<void>} clear
 * @property {boolean} persistent whether counts outlive the page
 */

const STORE = 'hours';
const VERSION = 1; // of the database
const KEEP_MS = 400 * 24 * 3_600_000; // a year, and the same weeks of the year before
/** The hour from which 400 days are counted back, so that a wrong clock must last to delete hours. */
const REFERENCE_HOUR = 24; // counted from the latest one

/** Keeps the counts of up to 400 days: in IndexedDB if the browser allows it, otherwise in memory. */
export class CountsStore {
  #database;
  /** @type {Promise<HourStore> | undefined} */
  #store;

  /** @param {string} [name] of the database */
  constructor(name = 'face-mask-counts') {
    this.#database = new Database(name, VERSION, upgrade);
  }

  /**
   * Add to the counts that are stored, also by other tabs.
   * @param {HourCounts[]} hours
   */
  async add(hours) {
    await (await this.#open()).add(hours);
  }

  /**
   * @param {number} [startMs] start of the first hour; by default of all
   * @returns {Promise<HourCounts[]>} oldest first
   */
  async since(startMs = 0) {
    return (await this.#open()).since(startMs);
  }

  async clear() {
    await (await this.#open()).clear();
  }

  /** Whether counts outlive the page. */
  async isPersistent() {
    return (await this.#open()).persistent;
  }

  #open() {
    this.#store ??= openStore(this.#database, inDatabase, inMemory);
    return this.#store;
  }
}

/** @param {IDBPDatabase} database that is new */
function upgrade(database) {
  database.createObjectStore(STORE, { keyPath: 'hourMs' });
}

/**
 * @param {Database} database
 * @returns {HourStore}
 */
function inDatabase(database) {
  return {
    async add(hours) {
      persist();
      const { store, done } = (await database.open()).transaction(STORE, 'readwrite');
      for (const hour of hours) {
        const stored = await store.get(hour.hourMs);
        await store.put(withoutNegatives(stored ? plus(stored, hour) : hour));
      }
      const latestMs = Math.max(...hours.map(({ hourMs }) => hourMs));
      const reference = await keyFromEnd(store, REFERENCE_HOUR, IDBKeyRange.upperBound(latestMs));
      if (reference) await store.delete(IDBKeyRange.upperBound(Number(reference) - KEEP_MS, true));
      await done;
    },
    since: async (startMs) => (await database.open()).getAll(STORE, IDBKeyRange.lowerBound(startMs)),
    clear: async () => (await database.open()).clear(STORE),
    persistent: true,
  };
}

/**
 * A correction may follow after another tab has deleted the hour.
 * @param {HourCounts} hour
 * @returns {HourCounts}
 */
function withoutNegatives(hour) {
  const counts = COUNTS.map((name) => [name, Math.max(0, hour[name])]);
  return { ...hour, ...Object.fromEntries(counts) };
}

/** @returns {HourStore} */
function inMemory() {
  /** @type {HourCounts[]} */
  let all = [];
  return {
    add: async (hours) => {
      all = merge(all, hours);
    },
    since: async (startMs) => all.filter(({ hourMs }) => hourMs >= startMs),
    clear: async () => {
      all = [];
    },
    persistent: false,
  };
}
