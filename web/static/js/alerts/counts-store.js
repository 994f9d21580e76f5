/** Stores the counts of each hour in this browser. */

import { COUNTS, merge, plus } from '../tracking/hours.js';
import { openStore } from './database.js';

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

/** Keeps the counts of 400 days: in IndexedDB if the browser allows it, otherwise in memory. */
export class CountsStore {
  #name;
  /** @type {Promise<HourStore> | undefined} */
  #store;

  /** @param {string} [name] of the database */
  constructor(name = 'face-mask-counts') {
    this.#name = name;
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
    this.#store ??= openStore({
      name: this.#name,
      version: VERSION,
      upgrade: (database) => {
        database.createObjectStore(STORE, { keyPath: 'hourMs' });
      },
      inDatabase,
      inMemory,
    });
    return this.#store;
  }
}

/**
 * @param {IDBPDatabase} database
 * @returns {HourStore}
 */
function inDatabase(database) {
  return {
    async add(hours) {
      const { store, done } = database.transaction(STORE, 'readwrite');
      const changes = hours.map(async (hour) => {
        const stored = await store.get(hour.hourMs);
        await store.put(stored ? withoutNegatives(plus(stored, hour)) : withoutNegatives(hour));
      });
      await Promise.all([...changes, store.delete(tooOld(hours)), done]);
    },
    since: (startMs) => database.getAll(STORE, IDBKeyRange.lowerBound(startMs)),
    clear: () => database.clear(STORE),
    persistent: true,
  };
}

/**
 * @param {HourCounts[]} hours the latest ones
 * @returns {IDBKeyRange} keys of the hours to delete
 */
function tooOld(hours) {
  const latestMs = Math.max(...hours.map(({ hourMs }) => hourMs));
  return IDBKeyRange.upperBound(latestMs - KEEP_MS, true);
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
