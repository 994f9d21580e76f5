/** A value that is told only once it has stayed, so that nothing is announced frame by frame. */

export class Debouncer {
  #hold;
  #value = '';
  #candidate = '';
  #since = 0;

  /** @param {number} hold how long a new value must stay, in milliseconds */
  constructor(hold) {
    this.#hold = hold;
  }

  /**
   * @param {string} value seen now
   * @param {number} now in milliseconds
   * @returns {string} the latest that stayed; empty at first
   */
  see(value, now) {
    if (value !== this.#candidate) {
      this.#candidate = value;
      this.#since = now;
    }
    if (now - this.#since >= this.#hold) this.#value = value;
    return this.#value;
  }
}
