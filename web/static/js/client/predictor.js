/** Classifies pictures in a worker, which starts when first needed and anew after a failure. */

import { ModelError } from '../errors.js';
import { texts } from '../texts/texts.js';
import { WorkerClient } from '../worker/worker-client.js';

/** @import { Judged, Progress, Tracked } from '../worker/worker.js' */

/** @typedef {{client: WorkerClient, loaded: Promise<{version: string}>}} WorkerHandle */

export class Predictor {
  /**
   * How far the models are loaded, as last reported.
   * @type {Progress | undefined}
   */
  progress;
  /** Called when `progress` has changed. */
  onProgress = () => {};
  /**
   * Called with true when a photo is asked for, and with false once none is pending.
   * @type {(pending: boolean) => void}
   */
  onPhotos = () => {};
  #photos = 0; // pending
  #start;
  /** @type {WorkerHandle | undefined} */
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
   * Load the models, unless they are loaded.
   * @returns {Promise<{version: string}>} the version of the contract loaded
   * @throws {ModelError} with a sentence for the user; the next call starts a new worker
   */
  async load() {
    const running = (this.#running ??= this.#begin());
    return this.#orDiscard(running, running.loaded);
  }

  /**
   * Track the faces of the live picture in its next frame. Call `load` first, and send one frame at
   * a time.
   * @param {VideoFrame | ImageBitmap} frame transferred, so no longer usable here
   * @returns {Promise<Tracked>}
   * @throws {ModelError} with a sentence for the user; the next `load` starts a new worker
   */
  track(frame) {
    return this.#ask({ type: 'track', frame }, frame);
  }

  /**
   * Classify the faces of a photo, apart from those of the live picture. Call `load` first.
   * @param {ImageBitmap} bitmap transferred, so no longer usable here
   * @returns {Promise<Judged>}
   * @throws {ModelError} as `track`
   * @throws {PhotoError} this device cannot classify this photo
   */
  async judge(bitmap) {
    this.#photos += 1;
    this.onPhotos(true);
    try {
      return await this.#ask({ type: 'frame', bitmap }, bitmap);
    } finally {
      this.#photos -= 1;
      if (this.#photos === 0) this.onPhotos(false);
    }
  }

  /** Forget the live picture's faces, before another camera starts. Their ids are not reused. */
  reset() {
    this.#running?.client.send({ type: 'reset' });
  }

  /** @returns {WorkerHandle} */
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
   * @param {VideoFrame | ImageBitmap} picture in the message; closed if it cannot be transferred
   * @returns {Promise<any>}
   */
  async #ask(message, picture) {
    try {
      if (!this.#running) throw new ModelError(texts.model.ended);
      return await this.#orDiscard(this.#running, this.#running.client.ask(message, [picture]));
    } catch (error) {
      picture.close(); // no effect if it was transferred
      throw error;
    }
  }

  /**
   * Discard a worker whose models fail, for photos and the live picture alike: tfjs cannot restart
   * in its worker after a failure.
   * @template T
   * @param {WorkerHandle} running discarded; a later one is kept
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
