/** Databases in IndexedDB, whose connection may be lost, and what the stores in them share. */

import { openDB } from 'idb';

/** @import { IDBPDatabase, IDBPObjectStore, OpenDBCallbacks } from 'idb' */

/** @type {Promise<boolean> | undefined} */
let persistence;

/**
 * Ask the browser, once per page, to keep what is stored when it needs space. It may refuse.
 * @returns {Promise<boolean>} whether it does
 */
export function persist() {
  const asked = async () => (await globalThis.navigator?.storage?.persist?.()) === true;
  persistence ??= asked().catch(() => false);
  return persistence;
}

/** A database that is opened when it is first used, and again after its connection was lost. */
export class Database {
  #name;
  #version;
  #upgrade;
  #onDelete;
  /** @type {Promise<IDBPDatabase> | undefined} */
  #opened;

  /**
   * @param {string} name
   * @param {number} version
   * @param {OpenDBCallbacks<unknown>['upgrade']} upgrade creates or converts the database
   * @param {() => void} [onDelete] called after another page has deleted the database
   */
  constructor(name, version, upgrade, onDelete = () => {}) {
    this.#name = name;
    this.#version = version;
    this.#upgrade = upgrade;
    this.#onDelete = onDelete;
  }

  /**
   * @returns {Promise<IDBPDatabase>}
   * @throws {Error} the browser allows none, an older page keeps the earlier version open, or a newer
   *   page has changed it
   */
  open() {
    this.#opened ??= this.#connect().catch((error) => {
      this.#forget();
      throw error;
    });
    return this.#opened;
  }

  /**
   * Close the database, if it is open.
   * @param {(database: IDBPDatabase) => Promise<void>} [before] the last use of it
   */
  async close(before = async () => {}) {
    const database = await this.#opened?.catch(() => undefined);
    if (database) await before(database);
    database?.close();
    this.#forget();
  }

  #forget() {
    this.#opened = undefined; // the next use opens it again
  }

  /** @returns {Promise<IDBPDatabase>} */
  #connect() {
    return new Promise((resolve, reject) => {
      let refused = false;
      const opening = openDB(this.#name, this.#version, {
        upgrade: this.#upgrade,
        blocked() {
          refused = true;
          reject(new Error('Expected no older page, got one.'));
        },
        blocking: (_, newVersion) => {
          opening.then((database) => database.close()); // another page changes or deletes it
          this.#forget();
          if (newVersion === null) this.#onDelete();
        },
        terminated: () => this.#forget(),
      });
      opening.then((database) => (refused ? database.close() : resolve(database)), reject);
    });
  }
}

/**
 * A store in a database if the browser allows one, otherwise in memory, as in some private windows.
 * @template T
 * @param {Database} database
 * @param {(database: Database) => T} inDatabase
 * @param {() => T} inMemory
 * @returns {Promise<T>}
 */
export async function openStore(database, inDatabase, inMemory) {
  try {
    await database.open();
    return inDatabase(database);
  } catch {
    return inMemory();
  }
}

/**
 * Delete the first records beyond a number of records.
 * @param {IDBPObjectStore<any, any, any, 'readwrite'>} store
 * @param {number} maxRecords
 */
export async function trim(store, maxRecords) {
  const excess = (await store.count()) - maxRecords;
  if (excess <= 0) return;
  const first = await store.getAllKeys(null, excess);
  await store.delete(IDBKeyRange.upperBound(first.at(-1)));
}

/**
 * The key of a record, counted from the last one.
 * @param {IDBPObjectStore<any, any, any, any>} store
 * @param {number} position 2 is the second last record
 * @param {IDBKeyRange} [range] of keys to count
 * @returns {Promise<IDBValidKey | undefined>} undefined if there are fewer
 */
export async function keyFromEnd(store, position, range) {
  const last = await store.openKeyCursor(range, 'prev');
  const cursor = await last?.advance(position - 1);
  return cursor?.key;
}
