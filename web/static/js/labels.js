/**
 * The labels of faces, and the style in which each is drawn; twin of `inference/labels.py`. Both derive
 * it from `inference/labels.json`, as the style sheet does in the build.
 */

import table from '../../../inference/labels.json' with { type: 'json' };

/**
 * One row of the table.
 * @typedef {object} Label
 * @property {string} word what English-speaking users read
 * @property {string} symbol where there is no room for the word
 * @property {string} color of the border and behind the word
 * @property {string} text_color of the word on `color`
 * @property {string} border a key of `DASHES`; `double` is two solid lines
 * @property {number} severity the most severe label in view is the one that matters
 * @property {boolean} alert whether a face that keeps this label raises an alert
 * @property {boolean} definite whether it is a class of the model, not the lack of a verdict
 */

/** @typedef {'with_mask' | 'without_mask' | 'incorrect_mask'} DefiniteLabel */

/** @type {Readonly<Record<string, Label>>} every label, by its name */
export const LABELS = Object.freeze(table.labels);

/**
 * Drawn and skipped stretches of each kind of border, in line widths; empty for a solid line.
 * @type {Readonly<Record<string, number[]>>}
 */
export const DASHES = Object.freeze(table.dashes);

/** @type {readonly DefiniteLabel[]} the classes that a model can have */
export const DEFINITE_LABELS = /** @type {any} */ (
  Object.keys(LABELS).filter((name) => LABELS[name].definite)
);

/** @type {readonly string[]} all labels, most severe first */
export const BY_SEVERITY = Object.keys(LABELS).sort(
  (a, b) => LABELS[b].severity - LABELS[a].severity,
);

/** @type {readonly string[]} the labels that raise an alert, most severe first */
export const ALERT_LABELS = BY_SEVERITY.filter((name) => LABELS[name].alert);

/** No class reaches the model's threshold. */
export const UNSURE = 'unsure';

/** The face has too few pixels to be classified. */
export const TOO_SMALL = 'too_small';

/**
 * @param {string} label
 * @returns {label is DefiniteLabel}
 */
export function isDefinite(label) {
  return DEFINITE_LABELS.some((one) => one === label);
}
