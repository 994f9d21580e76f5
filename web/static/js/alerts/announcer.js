/** Announces results to screen readers, calmly. */

const INTERVAL_MS = 3000; // least time between two announcements

/**
 * Announces a changing text at most every three seconds. Its latest value is always announced, also
 * if no further update follows.
 */
export class Announcer {
  #say;
  #text = '';
  #said = '';
  #waiting = false;

  /** @param {(text: string) => void} say sets the text of a live region */
  constructor(say) {
    this.#say = say;
  }

  /** @param {string} text the current one; empty if there is nothing to announce */
  update(text) {
    this.#text = text;
    if (text === '') this.#write(''); // so that the text before is announced if it comes again
    if (!this.#waiting) this.#announce();
  }

  #announce() {
    if (this.#text === this.#said) return;
    this.#write(this.#text);
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      this.#announce();
    }, INTERVAL_MS);
  }

  /** @param {string} text */
  #write(text) {
    this.#said = text;
    this.#say(text);
  }
}
