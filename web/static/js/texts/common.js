/** Formatting that the languages share. */

import { isDefinite } from '../labels.js';

/**
 * How many faces have each label, in the order of `words`: "2 mask, 1 no mask".
 * @param {Record<string, string>} words by label
 * @param {string[]} labels one per face
 */
export function countLabels(words, labels) {
  return Object.entries(words)
    .map(([label, word]) => [labels.filter((one) => one === label).length, word])
    .filter(([count]) => count)
    .map((pair) => pair.join(' '))
    .join(', ');
}

/**
 * Formats the probability of a verdict: at most ">99%", and empty without a definite label; twin of
 * `format_probability` in `inference/vision/annotate.py`.
 * @param {string} percent the sign, with the language's space before it
 * @returns {(label: string, probability: number) => string}
 */
export function probabilityFormat(percent) {
  return (label, probability) => {
    if (!isDefinite(label)) return '';
    const share = probability < 0.995 ? `${Math.round(probability * 100)}` : '>99';
    return `${share}${percent}`;
  };
}

/** @param {number} seconds */
export function duration(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
