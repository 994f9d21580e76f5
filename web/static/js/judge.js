/** The page's side of the worker. */

import { ModelError, PhotoError } from './errors.js';
import { texts } from './texts.js';

/** @import { Running } from './backend.js' */
/** @import { Judged, Progress, Tracked } from './worker.js' */

/** @typedef {Running & {version: string}} Ready `version` is that of the contract loaded */

/** @typedef {{resolve: (answer: any) => void, reject: (error: Error) => void}} Pending */

/** Asks the worker; it answers in the order it was asked. */
export class Judge {
  #worker;
  /** @type {Pending[]} */
  #pending = [];
  /** @type {(progress: Progress) => void} */
  #onProgress = () => {};
  /** @type {(running: Running) => void} */
  #onBackend;
  /** @type {Promise<Ready> | undefined} */
  #loaded;
  #closed = false;

  /**
   * @param {Worker} worker
   * @param {(running: Running) => void} [onBackend] called with what runs the models, once they are
   *   loaded
   */
  constructor(worker, onBackend = () => {}) {
    this.#worker = worker;
    this.#onBackend = onBackend;
    worker.addEventListener('message', ({ data }) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#giveUp(texts.model.worker);
    });
  }

  /**
   * Load the models, once; later calls give the first one's answer. After a failure it
   * takes another judge: a tfjs that failed does not start again in its worker.
   * @param {(progress: Progress) => void} onProgress
   * @returns {Promise<Ready>}
   * @throws {ModelError} with the worker's sentence
   */
  load(onProgress) {
    this.#onProgress = onProgress;
    this.#loaded ??= this.#init();
    return this.#loaded;
  }

  /**
   * Follow the faces of the live picture into its next frame. Ask for one at a time.
   * @param {VideoFrame | ImageBitmap} frame of `grab`; transferred, so no longer usable here
   * @returns {Promise<Tracked>}
   * @throws {ModelError} with the worker's sentence
   */
  track(frame) {
    return this.#ask({ type: 'track', frame }, frame);
  }

  /**
   * Judge a picture by itself, such as a photo; the live picture's faces are not touched.
   * @param {ImageBitmap} bitmap transferred, so no longer usable here
   * @returns {Promise<Judged>}
   * @throws {ModelError} with the worker's sentence
   * @throws {PhotoError} if this picture is what cannot be judged
   */
  judge(bitmap) {
    return this.#ask({ type: 'frame', bitmap }, bitmap);
  }

  /** Forget the live picture's faces: another camera comes. Their ids are not used again. */
  reset() {
    this.#worker.postMessage({ type: 'reset' });
  }

  /** End the worker. What was asked of it fails, and so does what is asked later. */
  close() {
    this.#closed = true;
    this.#worker.terminate();
    this.#giveUp(texts.model.ended);
  }

  async #init() {
    const ready = await this.#ask({ type: 'init' });
    this.#onBackend(ready);
    return ready;
  }

  /**
   * @param {object} message
   * @param {VideoFrame | ImageBitmap} [picture] in it, given away; closed where that fails
   * @returns {Promise<any>}
   */
  async #ask(message, picture) {
    try {
      if (this.#closed) throw new ModelError(texts.model.ended);
      this.#worker.postMessage(message, picture ? [picture] : []);
    } catch (error) {
      picture?.close();
      throw error;
    }
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  /** @param {string} sentence */
  #giveUp(sentence) {
    for (const { reject } of this.#pending.splice(0)) reject(new ModelError(sentence));
  }

  /** @param {any} data */
  #hear(data) {
    if (data.type === 'loading' || data.type === 'warming') this.#onProgress(data);
    else if (data.type === 'error') this.#pending.shift()?.reject(new ModelError(data.sentence));
    else if (data.type === 'unreadable') this.#pending.shift()?.reject(unreadable());
    else this.#pending.shift()?.resolve(data);
  }
}

function unreadable() {
  return new PhotoError(texts.photo.unreadable);
}
