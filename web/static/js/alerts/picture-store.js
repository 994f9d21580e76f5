/** Pictures of alerts, stored in this browser. */

import { deleteDB, openDB } from 'idb';

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
  /** @type {Promise<IDBPDatabase> | undefined} */
  #database;

  /**
   * @param {string} [name] of the database
   * @param {number} [maxPictures] the oldest pictures beyond this number are deleted
   */
  constructor(name = 'face-mask-pictures', maxPictures = MAX_PICTURES) {
    this.#name = name;
    this.#maxPictures = maxPictures;
  }

  /** @param {AlertPicture} picture */
  async put(picture) {
    const database = await this.#open();
    const { store, done } = database.transaction(STORE, 'readwrite');
    await store.put(picture);
    const excess = (await store.count()) - this.#maxPictures;
    if (excess > 0) {
      const oldest = await store.getAllKeys(null, excess);
      await store.delete(IDBKeyRange.upperBound(oldest.at(-1)));
    }
    await done;
  }

  /**
   * The pictures of alerts that began at this time or later.
   * @param {number} atMs
   * @returns {Promise<AlertPicture[]>} oldest first
   */
  async since(atMs) {
    return (await this.#open()).getAll(STORE, IDBKeyRange.lowerBound([atMs]));
  }

  /** @returns {Promise<[number, number][]>} `atMs` and `face` of every picture, oldest first */
  async keys() {
    const keys = await (await this.#open()).getAllKeys(STORE);
    return /** @type {any} */ (keys);
  }

  /** @param {number} atMs pictures of alerts that began earlier are deleted */
  async deleteBefore(atMs) {
    await (await this.#open()).delete(STORE, IDBKeyRange.upperBound([atMs], true));
  }

  /** Delete all pictures and the database, if there is one. */
  async deleteAll() {
    const database = await this.#database?.catch(() => undefined);
    await database?.clear(STORE); // at once; another page may delay the rest
    database?.close();
    this.#database = undefined;
    await deleteDB(this.#name);
  }

  #open() {
    this.#database ??= this.#openDatabase();
    return this.#database;
  }

  async #openDatabase() {
    const forget = () => (this.#database = undefined); // the next use opens it again
    try {
      const database = await openDB(this.#name, 1, {
        upgrade: (created) => {
          created.createObjectStore(STORE, { keyPath: ['atMs', 'face'] });
        },
        blocking: (_, newVersion) => {
          database.close(); // another page changes or deletes it
          forget();
          if (newVersion === null) this.onDelete();
        },
        terminated: forget,
      });
      return database;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
