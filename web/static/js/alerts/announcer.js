/** Announces results and alerts to screen readers, calmly. */

/**
 * Announces a changing text, with a least time between two announcements. Its latest value is always
 * announced, also if no further update follows.
 */
export class Announcer {
  #publish;
  #intervalMs;
  #text = '';
  #published = '';
  #waiting = false;

  /**
   * @param {(text: string) => void} publish sets the text of a live region
   * @param {number} intervalMs least time between two announcements
   */
  constructor(publish, intervalMs) {
    this.#publish = publish;
    this.#intervalMs = intervalMs;
  }

  /** @param {string} text the current one; empty if there is nothing to announce */
  update(text) {
    this.#text = text;
    if (text === '') this.#write(''); // so that the text before is announced if it comes again
    if (!this.#waiting) this.#announce();
  }

  #announce() {
    if (this.#text === this.#published) return;
    this.#write(this.#text);
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      this.#announce();
    }, this.#intervalMs);
  }

  /** @param {string} text */
  #write(text) {
    this.#published = text;
    this.#publish(text);
  }
}
