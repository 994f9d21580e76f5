/**
 * The pictures of corrected alerts as a ZIP file that the trainer reads. The page loads this bundle
 * when it is needed.
 */

import { strToU8, zipSync } from 'fflate';
import { README } from '../texts/readme.js';
import { csvOf, headerOf } from '../csv.js';
import { localIso } from '../local-time.js';

/** @import { AlertPicture } from './picture-store.js' */

/**
 * A picture with the right label, one of the model's classes.
 * @typedef {{picture: AlertPicture, corrected: string}} CorrectedPicture
 */

const CODES = ['file', 'time', 'label', 'probability', 'corrected', 'model'];

/**
 * A ZIP file with a folder per right label, a list of the pictures, and a text that explains how to
 * train with them.
 * @param {CorrectedPicture[]} corrected
 * @param {string} language of the text
 * @param {Record<string, string>} words of the list's columns by code
 * @returns {Promise<Blob>}
 */
export async function zipPictures(corrected, language, words) {
  /** @type {Record<string, Uint8Array>} */
  const files = {
    'README.txt': strToU8(README[language]),
    'pictures.csv': strToU8(toCsv(corrected, words)),
  };
  for (const one of corrected) {
    files[fileName(one)] = new Uint8Array(await one.picture.jpeg.arrayBuffer());
  }
  const zip = zipSync(files, { level: 0 }); // JPEG files do not shrink
  return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (zip)], { type: 'application/zip' });
}

/**
 * The path in the ZIP file; `alert` is the picture's source in the trainer's reports.
 * @param {CorrectedPicture} corrected
 */
function fileName({ picture: { atMs, face }, corrected }) {
  const time = new Date(atMs).toISOString().replaceAll(':', '-');
  return `${corrected}/alert__${time}_${face}.jpg`;
}

/**
 * @param {CorrectedPicture[]} pictures
 * @param {Record<string, string>} words
 */
function toCsv(pictures, words) {
  const rows = pictures.map((one) => {
    const { atMs, label, probability, version } = one.picture;
    return [fileName(one), localIso(atMs), label, probability.toFixed(4), one.corrected, version];
  });
  return csvOf([headerOf(CODES, words), ...rows]);
}
