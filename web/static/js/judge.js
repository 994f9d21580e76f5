/** Judges pictures in a worker, which starts when it is first needed, and anew after a failure. */

import { ModelError } from './errors.js';
import { texts } from './texts.js';
import { WorkerClient } from './worker-client.js';

/** @import { Judged, Progress, Tracked } from './worker.js' */

/** @typedef {{client: WorkerClient, loaded: Promise<{version: string}>}} Running */

export class Judge {
  /**
   * How far the models are loaded, as last heard.
   * @type {Progress | undefined}
   */
  progress;
  /** Called when `progress` has changed. */
  onProgress = () => {};
  #start;
  /** @type {Running | undefined} */
  #running;

  /** @param {() => Worker} start a worker */
  constructor(start) {
    this.#start = start;
  }

  /** Whether there is a worker, though it may still be loading. */
  get begun() {
    return this.#running !== undefined;
  }

  /**
   * Load the models, if that was not done.
   * @returns {Promise<{version: string}>} the version of the contract loaded
   * @throws {ModelError} with a sentence for the user; the next call begins anew
   */
  async load() {
    const running = (this.#running ??= this.#begin());
    return this.#orDiscard(running, running.loaded);
  }

  /**
   * Follow the faces of the live picture into its next frame. Loaded before. Ask for one at a time.
   * @param {VideoFrame | ImageBitmap} frame transferred, so no longer usable here
   * @returns {Promise<Tracked>}
   * @throws {ModelError} with a sentence for the user; the next `load` begins anew
   */
  track(frame) {
    return this.#ask({ type: 'track', frame }, frame);
  }

  /**
   * Judge a photo by itself; the live picture's faces are not touched. Loaded before.
   * @param {ImageBitmap} bitmap transferred, so no longer usable here
   * @returns {Promise<Judged>}
   * @throws {ModelError} as `track`
   * @throws {PhotoError} if this photo is what cannot be judged
   */
  judge(bitmap) {
    return this.#ask({ type: 'frame', bitmap }, bitmap);
  }

  /** Forget the live picture's faces: another camera comes. Their ids are not used again. */
  reset() {
    this.#running?.client.send({ type: 'reset' });
  }

  /** @returns {Running} */
  #begin() {
    this.progress = undefined;
    const client = new WorkerClient(this.#start(), (progress) => {
      this.progress = progress;
      this.onProgress();
    });
    return { client, loaded: client.ask({ type: 'init' }) };
  }

  /**
   * @param {object} message
   * @param {VideoFrame | ImageBitmap} picture in it; closed where it cannot be given away
   * @returns {Promise<any>}
   */
  async #ask(message, picture) {
    try {
      if (!this.#running) throw new ModelError(texts.model.ended);
      return await this.#orDiscard(this.#running, this.#running.client.ask(message, [picture]));
    } catch (error) {
      picture.close(); // does nothing once it was given away
      throw error;
    }
  }

  /**
   * A worker whose models fail is given up, for photos and the live picture alike: a tfjs that
   * failed does not start again in its worker.
   * @template T
   * @param {Running} running a later one stays
   * @param {Promise<T>} answer
   */
  async #orDiscard(running, answer) {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ModelError) {
        running.client.close();
        if (this.#running === running) this.#running = undefined;
      }
      throw error;
    }
  }
}
