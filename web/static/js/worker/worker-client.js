/** Both ends of the messages between a page or worker and a worker that it has started. */

import { ModelError, PhotoError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** Sends requests to a worker, which answers in their order. */
export class WorkerClient {
  #worker;
  #onProgress;
  /** @type {{resolve: (answer: any) => void, reject: (error: Error) => void}[]} */
  #pending = [];
  #failure = ''; // why the worker no longer answers

  /**
   * @param {Worker} worker
   * @param {(progress: any) => void} [onProgress] called with messages that answer no request
   */
  constructor(worker, onProgress = () => {}) {
    this.#worker = worker;
    this.#onProgress = onProgress;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('messageerror', () => this.#fail(texts.model.worker));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail(texts.model.worker);
    });
  }

  /**
   * @param {object} message
   * @param {Transferable[]} [transferred] no longer usable here
   * @returns {Promise<any>} the answer
   * @throws {ModelError} with the worker's sentence, or since it no longer answers
   * @throws {PhotoError} if only the photo in the message is to blame
   */
  async ask(message, transferred = []) {
    if (this.#failure) throw new ModelError(this.#failure);
    this.#worker.postMessage(message, transferred);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  /** @param {object} message that is not answered */
  send(message) {
    this.#worker.postMessage(message);
  }

  /** End the worker. Pending and later requests fail. */
  close() {
    this.#worker.terminate();
    this.#fail(texts.model.ended);
  }

  /** @param {any} data */
  #receive(data) {
    if (data.type === 'loading' || data.type === 'warming') this.#onProgress(data);
    else if (data.type === 'error') this.#pending.shift()?.reject(new ModelError(data.sentence));
    else if (data.type === 'unreadable') this.#pending.shift()?.reject(unreadable());
    else this.#pending.shift()?.resolve(data);
  }

  /** @param {string} sentence */
  #fail(sentence) {
    this.#failure = sentence;
    for (const { reject } of this.#pending.splice(0)) reject(new ModelError(sentence));
  }
}

/**
 * Answer the requests to this worker, one after the other.
 * @param {(data: any) => Promise<void>} answer posts the answer; an error that it throws is posted
 *   as {type: 'error', sentence}
 */
export function serve(answer) {
  let last = Promise.resolve();
  const enqueue = (/** @type {() => Promise<void>} */ step) => {
    last = last.then(step).catch((error) => {
      postMessage({ type: 'error', sentence: error instanceof Error ? error.message : `${error}` });
    });
  };
  addEventListener('message', ({ data }) => enqueue(() => answer(data)));
  addEventListener('messageerror', () => enqueue(() => Promise.reject(texts.model.ended)));
}

function unreadable() {
  return new PhotoError(texts.photo.memory);
}
