/** Pictures of alerts, stored in this browser. */

import { deleteDB } from 'idb';
import { Database, trim } from './database.js';

/** @import { IDBPDatabase } from 'idb' */

/**
 * The face of an alert when it began. `atMs` and `face` are the key, as of the log's entry.
 * @typedef {object} AlertPicture
 * @property {number} atMs start of the alert, Unix time in milliseconds
 * @property {number} face id of the track
 * @property {string} label of the face then
 * @property {number} probability of this label, 0 to 1
 * @property {string} version of the model
 * @property {Blob} jpeg the face and its surroundings, not mirrored
 */

const STORE = 'pictures';
const MAX_PICTURES = 2000;

/** Opens its database when it is first used; without one, every method but `deleteAll` throws. */
export class PictureStore {
  /** Called after another page has deleted all pictures. */
  onDelete = () => {};
  #name;
  #maxPictures;
  #database;

  /**
   * @param {string} [name] of the database
   * @param {number} [maxPictures] the oldest pictures beyond this number are deleted
   */
  constructor(name = 'face-mask-pictures', maxPictures = MAX_PICTURES) {
    this.#name = name;
    this.#maxPictures = maxPictures;
    this.#database = new Database(name, 1, upgrade, () => this.onDelete());
  }

  /** @param {AlertPicture} picture */
  async put(picture) {
    const database = await this.#database.open();
    const { store, done } = database.transaction(STORE, 'readwrite');
    await store.put(picture);
    await trim(store, this.#maxPictures);
    await done;
  }

  /**
   * The pictures of alerts that began at this time or later.
   * @param {number} atMs
   * @returns {Promise<AlertPicture[]>} oldest first
   */
  async since(atMs) {
    return (await this.#database.open()).getAll(STORE, IDBKeyRange.lowerBound([atMs]));
  }

  /** @returns {Promise<[number, number][]>} `atMs` and `face` of every picture, oldest first */
  async keys() {
    const keys = await (await this.#database.open()).getAllKeys(STORE);
    return /** @type {any} */ (keys);
  }

  /** @param {number} atMs pictures of alerts that began earlier are deleted */
  async deleteBefore(atMs) {
    await (await this.#database.open()).delete(STORE, IDBKeyRange.upperBound([atMs], true));
  }

  /** @returns {Promise<boolean>} whether there is a database; this creates none */
  async exists() {
    const databases = await globalThis.indexedDB.databases();
    return databases.some(({ name }) => name === this.#name);
  }

  /** Delete all pictures and the database, if there is one. */
  async deleteAll() {
    await this.#database.close((database) => database.clear(STORE)); // another page may delay the rest
    await deleteDB(this.#name);
  }
}

/** @param {IDBPDatabase} database that is new */
function upgrade(database) {
  database.createObjectStore(STORE, { keyPath: ['atMs', 'face'] });
}
