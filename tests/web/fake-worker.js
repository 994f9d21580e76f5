import { assertRequest, assertResponse } from './message-fields.js';

/** A worker whose responses the test writes. All messages must have the fields that are agreed. */
export class FakeWorker extends EventTarget {
  /** @type {any[]} */
  requests = [];
  /** @type {any[]} */
  transferred = [];
  terminated = false;
  #isDetector;

  /** @param {{isDetector?: boolean}} [options] whether it replaces detector-worker.js */
  constructor({ isDetector = false } = {}) {
    super();
    this.#isDetector = isDetector;
  }

  /**
   * @param {any} message
   * @param {any[]} [transferred]
   */
  postMessage(message, transferred) {
    assertRequest(message, this.#isDetector);
    this.requests.push(message);
    this.transferred.push(transferred);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {any} data */
  respond(data) {
    assertResponse(data, this.#isDetector);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
