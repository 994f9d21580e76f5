/** Requests and responses over `postMessage`, at both ends; see messages.js. */

import { ModelError, PhotoError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** @import { DetectorRequest, Progress, WorkerRequest } from './messages.js' */

/** Sends requests to a worker, which answers in order. */
export class WorkerClient {
  #worker;
  #onProgress;
  /** @type {{resolve: (response: any) => void, reject: (error: Error) => void}[]} */
  #pending = [];
  #started = false; // whether a request was answered
  #failure = ''; // why the worker no longer answers

  /**
   * @param {Worker} worker
   * @param {(progress: Progress) => void} [onProgress]
   */
  constructor(worker, onProgress = () => {}) {
    this.#worker = worker;
    this.#onProgress = onProgress;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('messageerror', () => this.#crash());
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#crash();
    });
  }

  /**
   * Send a request and wait for its response.
   * @param {WorkerRequest | DetectorRequest} request
   * @param {Transferable[]} [transferred] no longer usable here
   * @returns {Promise<any>}
   * @throws {ModelError} with the worker's message, or because the worker no longer answers
   * @throws {PhotoError} the photo in the request does not fit into memory
   */
  async ask(request, transferred = []) {
    if (this.#failure) throw new ModelError(this.#failure);
    this.#worker.postMessage(request, transferred);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  /** @param {WorkerRequest} request one without a response */
  send(request) {
    this.#worker.postMessage(request);
  }

  /** Terminate the worker. Pending and later requests fail. */
  close() {
    this.#worker.terminate();
    this.#fail(texts.model.ended);
  }

  /** @param {any} data */
  #receive(data) {
    if (data.type === 'downloading' || data.type === 'warming') {
      this.#onProgress(data);
      return;
    }
    this.#started = true;
    const request = this.#pending.shift();
    if (data.type === 'error') request?.reject(new ModelError(data.message));
    else if (data.type === 'tooLarge') request?.reject(new PhotoError(texts.photo.memory));
    else request?.resolve(data);
  }

  #crash() {
    this.#fail(this.#started ? texts.model.ended : texts.model.worker);
  }

  /** @param {string} message */
  #fail(message) {
    this.#failure = message;
    for (const { reject } of this.#pending.splice(0)) reject(new ModelError(message));
  }
}

/**
 * Handle the requests to this worker, one after the other.
 * @param {(request: any) => Promise<void>} handle posts the response; an error that it throws is
 *   posted as `Failure`
 */
export function serve(handle) {
  let last = Promise.resolve();
  const enqueue = (/** @type {() => Promise<void>} */ step) => {
    last = last.then(step).catch((error) => {
      postMessage({ type: 'error', message: error instanceof Error ? error.message : `${error}` });
    });
  };
  addEventListener('message', ({ data }) => enqueue(() => handle(data)));
  addEventListener('messageerror', () => enqueue(() => Promise.reject(texts.model.ended)));
}
