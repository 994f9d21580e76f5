/** The title and the icon of the browser's tab, which show an alert while the page is hidden. */

import { part } from './parts.js';

export class Tab {
  #title = document.title;
  #link = part('icon');
  #icon = this.#link.getAttribute('href') ?? '';
  #alertIcon = this.#link.getAttribute('data-alert') ?? '';
  #shown = '';

  /** @param {string} alert empty if there is none */
  show(alert) {
    if (alert === this.#shown) return;
    this.#shown = alert;
    document.title = alert ? `⚠ ${alert}` : this.#title;
    this.#link.setAttribute('href', alert ? this.#alertIcon : this.#icon);
  }
}
