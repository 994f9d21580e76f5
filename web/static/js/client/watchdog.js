/** What should come again and again, and whether it does. */

export class Watchdog {
  #after;
  #onMissing;
  #onBack;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #awaited = false;
  #missing = false;
  #held = false;

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
    this.#awaited = true;
    this.#wait();
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
    this.#awaited = this.#missing = false;
  }

  /** @param {boolean} held whether no beat can come; the time runs anew after that */
  hold(held) {
    this.#held = held;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    if (!this.#awaited || this.#missing || this.#held) return;
    this.#timer = setTimeout(() => {
      this.#missing = true;
      this.#onMissing();
    }, this.#after);
  }
}
