/** What should come again and again, and whether it does. */

export class Pulse {
  #after;
  #onMissing;
  #onBack;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #missing = false;

  /**
   * @param {number} after milliseconds without a beat
   * @param {() => void} onMissing called once for each time that it stays away
   * @param {() => void} onBack called at the next beat
   */
  constructor(after, onMissing, onBack) {
    this.#after = after;
    this.#onMissing = onMissing;
    this.#onBack = onBack;
  }

  /** The first beat is awaited. */
  start() {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#missing = true;
      this.#onMissing();
    }, this.#after);
  }

  /** It came; the next one should come soon. */
  beat() {
    const missed = this.#missing;
    this.start();
    if (missed) this.#onBack();
  }

  /** No beat is awaited. */
  stop() {
    clearTimeout(this.#timer);
    this.#missing = false;
  }
}
