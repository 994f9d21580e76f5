/** Checks the PIN that leaves the kiosk. */

const MAX_TRIES = 3;
const WAIT_MS = 30_000; // after so many wrong ones

export class PinCheck {
  #pin;
  #wrong = 0;
  #waitUntilMs = 0;

  /** @param {string} pin */
  constructor(pin) {
    this.#pin = pin;
  }

  /**
   * Compare a PIN; during the wait after three wrong ones, none is compared.
   * @param {string} entered
   * @param {number} nowMs
   * @returns {{right: boolean, waitMs: number}} waitMs: until the next one is compared
   */
  enter(entered, nowMs) {
    if (nowMs >= this.#waitUntilMs) {
      if (entered === this.#pin) return { right: true, waitMs: 0 };
      this.#wrong += 1;
      if (this.#wrong % MAX_TRIES === 0) this.#waitUntilMs = nowMs + WAIT_MS;
    }
    return { right: false, waitMs: Math.max(this.#waitUntilMs - nowMs, 0) };
  }
}
