/** What the languages share. */

import { isDefinite } from '../labels.js';

/**
 * How many faces have which label, in the order of the words: "2 mask, 1 no mask".
 * @param {Record<string, string>} words
 * @param {string[]} labels one a face
 */
export function counted(words, labels) {
  return Object.entries(words)
    .map(([label, word]) => [labels.filter((one) => one === label).length, word])
    .filter(([count]) => count)
    .map((pair) => pair.join(' '))
    .join(', ');
}

/**
 * How sure a verdict is: never 100%, and nothing where nothing is said; twin of `tell_probability`
 * in `inference/vision/annotate.py`.
 * @param {string} percent the sign, as the language sets it
 * @returns {(label: string, probability: number) => string}
 */
export function probabilityFormat(percent) {
  return (label, probability) => {
    if (!isDefinite(label)) return '';
    const share = probability < 0.995 ? `${Math.round(probability * 100)}` : '>99';
    return `${share}${percent}`;
  };
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
