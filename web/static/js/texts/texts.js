/** The page's words in the reader's language; each language has its file in texts/. */

import { de } from './de.js';
import { en } from './en.js';
import { fr } from './fr.js';

/** @import { Texts } from './en.js' */

/** @type {Record<string, Texts>} by the tags of BCP 47 */
export const LANGUAGES = { en, de, fr };

/**
 * The first wanted language that there is; English if there is none.
 * @param {readonly string[]} wanted tags such as `de-AT`, the dearest first
 * @returns {string}
 */
export function choose(wanted) {
  const languages = wanted.map((tag) => tag.split('-')[0].toLowerCase());
  return languages.find((language) => Object.hasOwn(LANGUAGES, language)) ?? 'en';
}

/** The tag of the language in use; the page and its worker choose alike. */
export const language = choose(globalThis.navigator?.languages ?? []);
export const texts = LANGUAGES[language];

/**
 * What is written on a box.
 * @param {string} label
 * @param {number} probability
 * @returns {string}
 */
export function verdictWords(label, probability) {
  return `${texts.words[label]} ${texts.share(label, probability)}`.trim();
}

const { port } = globalThis.location ?? { port: '' };

/** Where the computer that serves the page finds it at an address that browsers trust. */
export const home = `http://localhost${port && `:${port}`}`;
