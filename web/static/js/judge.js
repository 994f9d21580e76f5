/** The page's side of the worker. */

import { ModelError } from './errors.js';
import { texts } from './texts.js';

/** @import { Judged, Progress } from './worker.js' */

/** @typedef {{backend: string, version: string}} Ready `version` is that of the contract loaded */

/** Asks the worker, one question at a time. */
export class Judge {
  #worker;
  /** @type {PromiseWithResolvers<any> | undefined} */
  #pending;
  /** @type {(progress: Progress) => void} */
  #onProgress = () => {};
  /** @type {Promise<Ready> | undefined} */
  #loaded;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#settle((pending) => pending.reject(new ModelError(texts.model.worker)));
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
    this.#loaded ??= this.#ask({ type: 'init' });
    return this.#loaded;
  }

  /**
   * Judge a frame.
   * @param {ImageBitmap} bitmap transferred, so no longer usable here
   * @returns {Promise<Judged>}
   * @throws {ModelError} with the worker's sentence
   */
  judge(bitmap) {
    return this.#ask({ type: 'frame', bitmap }, [bitmap]);
  }

  /** End the worker. */
  close() {
    this.#worker.terminate();
  }

  /**
   * @param {object} message
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  #ask(message, transfer = []) {
    this.#pending = withResolvers();
    this.#worker.postMessage(message, transfer);
    return this.#pending.promise;
  }

  /** @param {any} data */
  #hear(data) {
    if (data.type === 'loading' || data.type === 'warming') this.#onProgress(data);
    else if (data.type === 'error') this.#settle((p) => p.reject(new ModelError(data.sentence)));
    else this.#settle((pending) => pending.resolve(data));
  }

  /** @param {(pending: PromiseWithResolvers<any>) => void} how */
  #settle(how) {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) how(pending);
  }
}

/**
 * `Promise.withResolvers`, which browsers of 2023 lack.
 * @returns {PromiseWithResolvers<any>}
 */
function withResolvers() {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
