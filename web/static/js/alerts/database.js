/** Opens storage in IndexedDB if the browser allows it, otherwise in memory. */

import { openDB } from 'idb';

/** @import { IDBPDatabase, OpenDBCallbacks } from 'idb' */

/**
 * @template T
 * @param {object} options
 * @param {string} options.name of the database
 * @param {number} options.version of the database
 * @param {OpenDBCallbacks<unknown>['upgrade']} options.upgrade creates or converts the database
 * @param {(database: IDBPDatabase) => T} options.inDatabase
 * @param {() => T} options.inMemory without a database, as in some private windows
 * @returns {Promise<T>}
 */
export async function openStore({ name, version, upgrade, inDatabase, inMemory }) {
  try {
    return inDatabase(await openDatabase(name, version, upgrade));
  } catch {
    return inMemory();
  }
}

/**
 * @param {string} name
 * @param {number} version
 * @param {OpenDBCallbacks<unknown>['upgrade']} upgrade
 * @returns {Promise<IDBPDatabase>}
 * @throws {Error} the browser allows none, or an older page keeps the earlier version open
 */
function openDatabase(name, version, upgrade) {
  return new Promise((resolve, reject) => {
    let refused = false;
    const opening = openDB(name, version, {
      upgrade,
      blocked() {
        refused = true;
        reject(new Error('Expected no older page, got one.'));
      },
      blocking: async () => (await opening).close(), // a newer page; this one reports the loss
    });
    opening.then((database) => (refused ? database.close() : resolve(database)), reject);
  });
}
