/** The judge: begun when it is first needed, and begun anew after a failure. */

import { Judge } from './judge.js';

/** @import { Ready, Running } from './judge.js' */
/** @import { Judged, Progress, Tracked } from './worker.js' */

export class Judging {
  #begin;
  /** @type {Judge | undefined} */
  #judge;
  /** @type {Set<(progress: Progress) => void>} */
  #listeners = new Set();

  /**
   * @param {() => Worker} begin a worker
   * @param {(running: Running) => void} onBackend told what runs the models, and when that changes
   */
  constructor(begin, onBackend) {
    this.#begin = () => new Judge(begin(), onBackend);
    this.onBackend = onBackend;
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
      const ready = await asked.load((made) => this.#listeners.forEach((tell) => tell(made)));
      this.onBackend(ready);
      return ready;
    } catch (error) {
      if (this.#judge === asked) this.discard();
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
   */
  track(frame) {
    return this.#loaded.track(frame);
  }

  /**
   * Judge a photo by itself. Loaded before.
   * @param {ImageBitmap} bitmap transferred
   * @returns {Promise<Judged>}
   */
  judge(bitmap) {
    return this.#loaded.judge(bitmap);
  }

  /** Forget the faces of the live picture. */
  reset() {
    this.#judge?.reset();
  }

  /** The next `load` begins anew. */
  discard() {
    this.#judge?.close();
    this.#judge = undefined;
  }

  get #loaded() {
    if (!this.#judge) throw new Error('load() comes first');
    return this.#judge;
  }
}
