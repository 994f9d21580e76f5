/** Formatting that the languages share. */

import { isDefinite } from '../labels.js';

/**
 * How many faces have each label, in the order of `words`: "2 wearing a mask, 1 without a mask".
 * @param {Record<string, string>} words by label
 * @param {string[]} labels one per face
 */
function countLabels(words, labels) {
  return Object.entries(words)
    .map(([label, word]) => [labels.filter((one) => one === label).length, word])
    .filter(([count]) => count)
    .map((pair) => pair.join(' '))
    .join(', ');
}

/**
 * Formats the result in one sentence, such as "2 people, both without a mask."
 * @param {Record<string, string>} phrases on a person by label
 * @param {object} words
 * @param {string} words.person
 * @param {string} words.people
 * @param {string} words.both
 * @param {string} words.all
 * @param {string} [words.colon]
 * @returns {(labels: string[]) => string} of at least one label, one per face
 */
export function summaryFormat(phrases, { person, people, both, all, colon = ':' }) {
  return (labels) => {
    const [first] = labels;
    if (labels.length === 1) return `1 ${person}, ${phrases[first]}.`;
    const same = labels.every((label) => label === first);
    const shared = `${labels.length === 2 ? both : all} ${phrases[first]}`;
    const rest = same ? `, ${shared}` : `${colon} ${countLabels(phrases, labels)}`;
    return `${labels.length} ${people}${rest}.`;
  };
}

/**
 * Formats the text of an alert, which counts the people; empty if no label raises one.
 * @param {object} words
 * @param {string} words.bare one person without a mask
 * @param {string} words.wrong one who wears it incorrectly
 * @param {(count: number) => string} words.allBare
 * @param {(count: number) => string} words.allWrong
 * @param {(bare: number, wrong: number) => string} words.mixed
 * @returns {(labels: string[]) => string} of labels, one per face
 */
export function warningFormat({ bare, wrong, allBare, allWrong, mixed }) {
  return (labels) => {
    const bareCount = labels.filter((label) => label === 'without_mask').length;
    const wrongCount = labels.filter((label) => label === 'incorrect_mask').length;
    if (bareCount && wrongCount) return mixed(bareCount, wrongCount);
    if (bareCount) return bareCount > 1 ? allBare(bareCount) : bare;
    if (wrongCount) return wrongCount > 1 ? allWrong(wrongCount) : wrong;
    return '';
  };
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

/** @param {number} minutes */
export function hours(minutes) {
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/**
 * Formats a duration in words, such as "0.5 seconds" or "5 minutes".
 * @param {string} language BCP 47
 * @returns {(seconds: number) => string}
 */
export function durationFormat(language) {
  return (seconds) => {
    const inMinutes = seconds >= 60 && seconds % 60 === 0;
    const unit = inMinutes ? 'minute' : 'second';
    const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    return format.format(inMinutes ? seconds / 60 : seconds);
  };
}
