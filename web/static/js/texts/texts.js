/** The page's texts in the user's language. */

import { de } from './de.js';
import { en } from './en.js';
import { fr } from './fr.js';

/** @import { Texts } from './en.js' */

/** @type {Record<string, Texts>} by BCP 47 language */
export const LANGUAGES = { en, de, fr };

/**
 * The first supported language; English if there is none.
 * @param {readonly string[]} preferred tags such as `de-AT`, most preferred first
 * @returns {string}
 */
export function chooseLanguage(preferred) {
  const languages = preferred.map((tag) => tag.split('-')[0].toLowerCase());
  return languages.find((language) => Object.hasOwn(LANGUAGES, language)) ?? 'en';
}

/** The language of a page's address, `/?lang=de`, or of the page that started this worker. */
const requested = globalThis.document
  ? new URLSearchParams(globalThis.location?.search).get('lang')
  : /** @type {{name?: string}} */ (globalThis).name;

/** The language in use. The page names its worker by it, so that both use the same one. */
export const language = chooseLanguage([
  ...(requested ? [requested] : []),
  ...(globalThis.navigator?.languages ?? []),
]);
export const texts = LANGUAGES[language];

/**
 * The text on a box, such as "mask 96%".
 * @param {string} label
 * @param {number} probability
 * @returns {string}
 */
export function verdictWords(label, probability) {
  return `${texts.words[label]} ${texts.probability(label, probability)}`.trim();
}

const { port } = globalThis.location ?? { port: '' };

/** The page's address on the server's own computer, which browsers trust without https. */
export const home = `http://localhost${port && `:${port}`}`;
