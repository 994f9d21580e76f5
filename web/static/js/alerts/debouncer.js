/** Reports a value once it has been stable for `holdMs`, so that sentences do not flicker. */

export class Debouncer {
  #holdMs;
  #value = '';
  #candidate = '';
  #sinceMs = 0;

  /** @param {number} holdMs how long a new value must stay */
  constructor(holdMs) {
    this.#holdMs = holdMs;
  }

  /**
   * @param {string} value the current one
   * @param {number} nowMs
   * @returns {string} the latest stable value; empty at first
   */
  update(value, nowMs) {
    if (value !== this.#candidate) {
      this.#candidate = value;
      this.#sinceMs = nowMs;
    }
    if (nowMs - this.#sinceMs >= this.#holdMs) this.#value = value;
    return this.#value;
  }
}
