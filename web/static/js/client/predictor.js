/** Runs the models in a worker, which starts when first needed and again after a failure. */

import { ModelError } from '../errors.js';
import { texts } from '../texts/texts.js';
import { WorkerClient } from '../worker/rpc.js';

/** @import { PhotoRequest, PhotoVerdicts, FrameResult, Progress } from '../worker/messages.js' */
/** @import { Ready, TrackRequest } from '../worker/messages.js' */

/** @typedef {{client: WorkerClient, loaded: Promise<Ready>}} WorkerHandle */

export class Predictor {
  /**
   * How far the models are loaded.
   * @type {Progress | undefined}
   */
  progress;
  /** Called when `progress` has changed. */
  onProgress = () => {};
  /**
   * Called with true when a photo is sent, and with false once none is pending.
   * @type {(pending: boolean) => void}
   */
  onPhotos = () => {};
  #pendingPhotos = 0;
  #startWorker;
  /** @type {WorkerHandle | undefined} */
  #running;

  /** @param {() => Worker} startWorker */
  constructor(startWorker) {
    this.#startWorker = startWorker;
  }

  /** Whether there is a worker; it may still be loading. */
  get started() {
    return this.#running !== undefined;
  }

  /**
   * Load the models, unless they are loaded.
   * @returns {Promise<Ready>} with the version of the loaded contract
   * @throws {ModelError} the next call starts a new worker
   */
  async load() {
    const running = (this.#running ??= this.#start());
    return this.#orDiscard(running, running.loaded);
  }

  /**
   * Track the faces in the next frame of the live video. Call `load` first, and send one frame at a
   * time.
   * @param {VideoFrame | ImageBitmap} frame transferred, so no longer usable here
   * @returns {Promise<FrameResult>}
   * @throws {ModelError} the next `load` starts a new worker
   */
  track(frame) {
    return this.#ask({ type: 'track', frame }, frame);
  }

  /**
   * Detect and classify the faces of a photo, independently of the live video. Call `load` first.
   * @param {ImageBitmap} bitmap transferred, so no longer usable here
   * @returns {Promise<PhotoVerdicts>}
   * @throws {ModelError} the next `load` starts a new worker
   * @throws {PhotoError} this device cannot process this photo
   */
  async detect(bitmap) {
    this.#pendingPhotos += 1;
    this.onPhotos(true);
    try {
      return await this.#ask({ type: 'photo', bitmap }, bitmap);
    } finally {
      this.#pendingPhotos -= 1;
      if (this.#pendingPhotos === 0) this.onPhotos(false);
    }
  }

  /**
   * Wait by the worker's clock, which browsers do not slow down while the page is hidden; frames and
   * photos that are sent meanwhile wait too. Call `load` first.
   * @param {number} timeMs
   * @throws {ModelError} the worker has ended
   */
  async wait(timeMs) {
    if (!this.#running) throw new ModelError(texts.model.ended);
    await this.#orDiscard(this.#running, this.#running.client.ask({ type: 'wait', timeMs }));
  }

  /** Drop the tracks of the live video before another camera starts. Ids are not reused. */
  reset() {
    this.#running?.client.send({ type: 'reset' });
  }

  /** @returns {WorkerHandle} */
  #start() {
    this.progress = undefined;
    const client = new WorkerClient(this.#startWorker(), (progress) => {
      this.progress = progress;
      this.onProgress();
    });
    return { client, loaded: client.ask({ type: 'load' }) };
  }

  /**
   * @param {TrackRequest | PhotoRequest} request
   * @param {VideoFrame | ImageBitmap} picture in the request; closed if it cannot be transferred
   * @returns {Promise<any>}
   */
  async #ask(request, picture) {
    try {
      if (!this.#running) throw new ModelError(texts.model.ended);
      return await this.#orDiscard(this.#running, this.#running.client.ask(request, [picture]));
    } catch (error) {
      picture.close(); // no effect if it was transferred
      throw error;
    }
  }

  /**
   * Discard a worker whose models have failed, for photos and the live video alike: tfjs cannot
   * restart in its worker.
   * @template T
   * @param {WorkerHandle} running discarded; a newer one is kept
   * @param {Promise<T>} response
   */
  async #orDiscard(running, response) {
    try {
      return await response;
    } catch (error) {
      if (error instanceof ModelError) {
        running.client.close();
        if (this.#running === running) this.#running = undefined;
      }
      throw error;
    }
  }
}
