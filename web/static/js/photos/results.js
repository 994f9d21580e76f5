/** What is seen on photos, to be saved; twin of `serving/results.py`. */

/** @import { Seen } from './photo.js' */

/**
 * The outcome of a photo; with neither `seen` nor `problem` it is pending.
 * @typedef {{name: string, seen?: Seen, problem?: string}} Outcome
 */

const COLUMNS = [
  ...['photo', 'file', 'width', 'height', 'face', 'label', 'probability', 'score'],
  ...['left', 'top', 'right', 'bottom', 'problem'],
];
const FORMULA = /^[=+\-@\t\r\n]/; // what a spreadsheet would compute
const BOM = '\ufeff'; // by which spreadsheets know UTF-8

/**
 * @param {Outcome[]} outcomes in the order of the page
 * @returns {string} as the server's API answers; a problem is a sentence
 */
export function toJson(outcomes) {
  const photos = outcomes.map(({ name, seen, problem }) => ({
    name,
    ...(seen ?? { problem: { detail: problem } }),
  }));
  return JSON.stringify({ photos }, null, 1);
}

/**
 * @param {Outcome[]} outcomes in the order of the page
 * @returns {string} a line per face, and one per photo without faces; boxes in pixels of width ×
 *   height
 */
export function toCsv(outcomes) {
  /** @type {Record<string, string | number>[]} */
  const lines = outcomes.flatMap(({ name, seen, problem }, i) =>
    rows(seen, problem).map((row) => ({ photo: i + 1, file: harmless(name), ...row })),
  );
  const cells = lines.map((line) => COLUMNS.map((column) => quoted(line[column] ?? '')));
  return BOM + [COLUMNS, ...cells].map((row) => `${row.join(',')}\r\n`).join('');
}

/**
 * @param {Seen} [seen]
 * @param {string} [problem]
 * @returns {Record<string, string | number>[]}
 */
function rows(seen, problem = '') {
  if (!seen) return [{ problem }];
  const { width, height, verdicts } = seen;
  if (verdicts.length === 0) return [{ width, height }];
  return verdicts.map(({ label, probability, score, box }, i) => {
    return { width, height, face: i + 1, label, probability, score, ...box };
  });
}

/** @param {string} name */
function harmless(name) {
  return FORMULA.test(name) ? `'${name}` : name;
}

/** @param {string | number} value */
function quoted(value) {
  return /[",\r\n]/.test(`${value}`) ? `"${`${value}`.replaceAll('"', '""')}"` : `${value}`;
}
