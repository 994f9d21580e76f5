/** Tables for spreadsheets: CSV (RFC 4180) in UTF-8. */

const FORMULA = /^[=+\-@\t\r\n]/; // at the start of what a spreadsheet would evaluate
const BOM = '\ufeff'; // by which spreadsheets recognize UTF-8

/**
 * @param {string[][]} rows of cells; the first row is the header
 * @returns {string} the content of a CSV file
 */
export function csvOf(rows) {
  return BOM + rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/**
 * A header: for each column the page's word, and the code, which is the same in every language.
 * @param {string[]} codes
 * @param {Record<string, string>} words by code
 */
export function headerOf(codes, words) {
  return codes.map((code) => `${words[code]} (${code})`);
}

/**
 * The text, unless a spreadsheet would evaluate it: then with an apostrophe before it.
 * @param {string} text
 */
export function withoutFormula(text) {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** @param {string} text */
function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
