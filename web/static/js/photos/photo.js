/** Still photos: read in the browser as the server reads them; see `inference/vision/pictures.py`. */

import { PhotoError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** @import { Verdict } from '../vision/detector.js' */

/** @typedef {{verdicts: Verdict[], width: number, height: number}} Seen boxes are in such pixels */

const LONGEST = 2048; // pixels; more shows no more faces and costs memory
const ABOUT_THE_PHOTO = [400, 413, 415, 422]; // statuses: empty, too large, of another kind, broken

/**
 * The size to which a picture is reduced; it is never enlarged. The server decodes large JPEGs at
 * 1/2, 1/4 or 1/8, so that both sides at least have half of `LONGEST`.
 * @param {number} width
 * @param {number} height
 * @param {string} [type] of the file
 * @returns {{width: number, height: number}} whole pixels, at least one
 */
export function reduced(width, height, type = '') {
  const most = Math.min(width, height) / (LONGEST / 2);
  const factor = (type === 'image/jpeg' && [8, 4, 2].find((one) => one <= most)) || 1;
  const [decodedWidth, decodedHeight] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const scale = Math.min(1, LONGEST / Math.max(decodedWidth, decodedHeight));
  return {
    width: Math.max(1, Math.round(decodedWidth * scale)),
    height: Math.max(1, Math.round(decodedHeight * scale)),
  };
}

/**
 * The picture of a file, upright as its EXIF says.
 * @param {Blob} file
 * @returns {Promise<ImageBitmap>}
 * @throws {PhotoError} it is no picture
 */
export async function read(file) {
  try {
    const asStored = { colorSpaceConversion: /** @type {const} */ ('none') }; // no colour profiles
    const whole = await createImageBitmap(file, asStored);
    const { width, height } = reduced(whole.width, whole.height, file.type);
    if (width === whole.width && height === whole.height) return whole;
    const size = { resizeWidth: width, resizeHeight: height };
    const smaller = await createImageBitmap(whole, { ...asStored, ...size, resizeQuality: 'high' });
    whole.close();
    return smaller;
  } catch {
    throw new PhotoError(texts.photo.unreadable);
  }
}

/**
 * Send a photo to the server, for browsers that cannot run the models.
 * @param {Blob} file
 * @param {typeof fetch} ask
 * @returns {Promise<Seen>}
 * @throws {PhotoError} why it did not judge, or that it cannot be reached
 */
export async function askServer(file, ask = fetch) {
  const response = await ask('/api/predict', { method: 'POST', body: file }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  if (response?.ok && answer?.verdicts) return answer;
  throw response && answer?.detail ? refusal(response.status) : new PhotoError(texts.photo.unreachable);
}

/**
 * The server's own sentence is English.
 * @param {number} status
 */
function refusal(status) {
  const { refused } = texts.photo;
  return new PhotoError(refused[status] ?? refused[500], ABOUT_THE_PHOTO.includes(status));
}

/**
 * Whether a file may be a picture. Browsers that do not know a kind of file leave its type empty.
 * @param {Pick<File, 'type'>} file
 */
export function mayBePicture({ type }) {
  return type === '' || type.startsWith('image/');
}
