/**
 * The result of one photo as JSON and CSV, the same on the page, in the API and on the command
 * line; twin of `inference/results.py`. `tests/golden.json` has examples for both.
 */

import { csvOf, withoutFormula } from '../csv.js';

/** @import { Verdict } from '../vision/detector.js' */

/** @typedef {{width: number, height: number, verdicts: Verdict[]}} Verdicts boxes in its pixels */
/** @typedef {{photo: string} & Verdicts} ProcessedPhoto `photo` is the name of the file */
/** @typedef {{photo: string, error: string}} FailedPhoto the error is a sentence */
/** @typedef {ProcessedPhoto | FailedPhoto} PhotoResult */

/** Of the table: one row per face, and one per photo without faces or with an error. */
export const COLUMNS = [
  ...['photo', 'width', 'height', 'face', 'label', 'probability', 'score'],
  ...['left', 'top', 'right', 'bottom', 'error'],
];
const FLOATS = ['probability', 'score', 'left', 'top', 'right', 'bottom'];

/**
 * The result for a photo, rounded as Python's `Verdict.as_dict` does.
 * @param {string} photo
 * @param {Verdicts} found other keys are ignored
 * @returns {ProcessedPhoto}
 */
export function processedPhoto(photo, { width, height, verdicts }) {
  return { photo, width, height, verdicts: verdicts.map(rounded) };
}

/**
 * @param {PhotoResult[]} results
 * @returns {string} as the API returns several photos
 */
export function toJson(results) {
  return JSON.stringify({ photos: results }, null, 1);
}

/**
 * @param {PhotoResult[]} results
 * @returns {string} a table for spreadsheets (RFC 4180)
 */
export function toCsv(results) {
  const lines = results.flatMap(rows).map((row) => COLUMNS.map((name) => cell(name, row[name])));
  return csvOf([COLUMNS, ...lines]);
}

/**
 * @param {PhotoResult} result
 * @returns {Record<string, any>[]} cells by column
 */
function rows(result) {
  const photo = withoutFormula(result.photo);
  if ('error' in result) return [{ photo, error: result.error }];
  const { width, height, verdicts } = result;
  if (verdicts.length === 0) return [{ photo, width, height }];
  return verdicts.map(({ box, ...verdict }, i) => {
    return { photo, width, height, face: i + 1, ...verdict, ...box };
  });
}

/**
 * A cell, with floats as Python writes them.
 * @param {string} column
 * @param {string | number} [value]
 */
function cell(column, value = '') {
  return FLOATS.includes(column) && Number.isInteger(value) ? `${value}.0` : `${value}`;
}

/**
 * @param {Verdict} verdict
 * @returns {Verdict}
 */
function rounded({ label, probability, probabilities, box, score }) {
  const { left, top, right, bottom } = box;
  const named = Object.entries(probabilities).map(([name, value]) => [name, round(value, 4)]);
  return {
    label,
    probability: round(probability, 4),
    probabilities: Object.fromEntries(named),
    box: {
      left: round(left, 1),
      top: round(top, 1),
      right: round(right, 1),
      bottom: round(bottom, 1),
    },
    score: round(score, 4),
  };
}

/**
 * Round like Python: exact ties to the even digit, unlike `toFixed`.
 * @param {number} value
 * @param {number} digits
 */
export function round(value, digits) {
  const isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  if (!isTie) return Number(value.toFixed(digits));
  const below = Math.floor(value * 10 ** digits); // exact for a tie
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}
