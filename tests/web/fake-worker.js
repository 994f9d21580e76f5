/** A worker that answers when the test says so, and notes what it was sent. */
export class FakeWorker extends EventTarget {
  /** @type {any[]} */
  asked = [];
  /** @type {any[]} */
  transferred = [];
  ended = false;

  /**
   * @param {any} message
   * @param {any[]} [transferred]
   */
  postMessage(message, transferred) {
    this.asked.push(message);
    this.transferred.push(transferred);
  }

  terminate() {
    this.ended = true;
  }

  /** @param {object} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
