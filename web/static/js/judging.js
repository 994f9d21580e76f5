/** The judge: begun when it is first needed, and begun anew after a failure. */

import { ModelError } from './errors.js';
import { Judge } from './judge.js';
import { texts } from './texts.js';

/** @import { Running } from './backend.js' */
/** @import { Ready } from './judge.js' */
/** @import { Judged, Progress, Tracked } from './worker.js' */

export class Judging {
  #begin;
  /** @type {Judge | undefined} */
  #judge;
  /** @type {Set<(progress: Progress) => void>} */
  #listeners = new Set();

  /**
   * @param {() => Worker} begin a worker
   * @param {(running: Running) => void} onBackend called with what runs the models, once they are loaded
   */
  constructor(begin, onBackend) {
    this.#begin = () => new Judge(begin(), onBackend);
  }

  /**
   * Load the models, if that was not done.
   * @param {(progress: Progress) => void} onProgress
   * @returns {Promise<Ready>}
   * @throws {ModelError} with a sentence for the user; the next call begins anew
   */
  async load(onProgress) {
    const asked = (this.#judge ??= this.#begin());
    this.#listeners.add(onProgress);
    try {
      return await asked.load((made) => this.#listeners.forEach((tell) => tell(made)));
    } catch (error) {
      this.#discard(asked);
      throw error;
    } finally {
      this.#listeners.delete(onProgress);
    }
  }

  /** Whether there is one, though it may still be loading. */
  get begun() {
    return this.#judge !== undefined;
  }

  /**
   * Follow the faces into a frame of the live picture. Loaded before.
   * @param {VideoFrame | ImageBitmap} frame transferred
   * @returns {Promise<Tracked>}
   * @throws {ModelError} with a sentence for the user; the next `load` begins anew
   */
  track(frame) {
    return this.#use(frame, (judge) => judge.track(frame));
  }

  /**
   * Judge a photo by itself. Loaded before.
   * @param {ImageBitmap} bitmap transferred
   * @returns {Promise<Judged>}
   * @throws {ModelError} as `track`
   * @throws {PhotoError} if this photo is what cannot be judged
   */
  judge(bitmap) {
    return this.#use(bitmap, (judge) => judge.judge(bitmap));
  }

  /** Forget the faces of the live picture. */
  reset() {
    this.#judge?.reset();
  }

  /**
   * A judge that failed is given up, for photos and the live picture alike.
   * @template T
   * @param {VideoFrame | ImageBitmap} picture closed if there is no judge (any more)
   * @param {(judge: Judge) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #use(picture, ask) {
    const asked = this.#judge;
    if (!asked) {
      picture.close();
      throw new ModelError(texts.model.ended);
    }
    try {
      return await ask(asked);
    } catch (error) {
      if (error instanceof ModelError) this.#discard(asked);
      throw error;
    }
  }

  /** @param {Judge} failed; a later one stays */
  #discard(failed) {
    failed.close();
    if (this.#judge === failed) this.#judge = undefined;
  }
}
