/** The page's own words in the reader's language; the server writes them in English. */

import { language, texts } from '../texts.js';
import { part } from './parts.js';

/** Put the words of `data-text` into elements, those of `data-label` into their names. */
export function translate() {
  const root = document.documentElement;
  if (language !== 'en') {
    root.lang = language;
    if (!document.querySelector('.result')) document.title = texts.page.title;
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = wordsAt(element.getAttribute('data-text'));
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', wordsAt(element.getAttribute('data-label')));
    }
  }
  for (const button of document.querySelectorAll('button.icon')) {
    button.setAttribute('title', button.getAttribute('aria-label') ?? '');
  }
  part('photo-label').textContent = texts.photo.chooseMany;
  part('photo-hint').textContent = texts.photo.here;
}

/** @param {string | null} path such as `page.lead` */
function wordsAt(path) {
  return (path ?? '').split('.').reduce((/** @type {any} */ found, name) => found[name], texts);
}
