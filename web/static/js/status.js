/** The line that says what the page does now. */

/** @import { View } from './view.js' */

export class Status {
  #view;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Pick<View, 'status' | 'rate'>} view */
  constructor(view) {
    this.#view = view;
  }

  /**
   * @param {string} text announced
   * @param {string} [detail] not announced, since it changes all the time
   */
  tell(text, detail = '') {
    clearTimeout(this.#timer);
    this.#view.status(text);
    this.#view.rate(detail);
  }

  /**
   * Say something else later, unless something is told before.
   * @param {string} text
   * @param {number} after in milliseconds
   */
  later(text, after) {
    this.#timer = setTimeout(() => this.#view.status(text), after);
  }
}
