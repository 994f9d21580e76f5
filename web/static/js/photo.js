/** Still photos: read in the browser, reduced to what the finder can use. */

import { PhotoError } from './errors.js';
import { texts } from './texts.js';

/** @import { Verdict } from './detector.js' */

/** @typedef {{verdicts: Verdict[], width: number, height: number}} Seen boxes are in such pixels */

const LONGEST = 1600; // pixels; more shows no more and costs memory
const ABOUT_THE_PHOTO = [400, 413, 415, 422]; // statuses: empty, too large, of another kind, broken

/**
 * The size to which a picture is reduced; it is never enlarged.
 * @param {number} width
 * @param {number} height
 * @param {number} [longest] side
 * @returns {{width: number, height: number}} whole pixels, at least one
 */
export function reduced(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
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
    const whole = await createImageBitmap(file);
    const { width, height } = reduced(whole.width, whole.height);
    if (width === whole.width && height === whole.height) return whole;
    const size = { resizeWidth: width, resizeHeight: height };
    const smaller = await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
    whole.close();
    return smaller;
  } catch {
    throw new PhotoError(texts.photo.unreadable);
  }
}

/**
 * Ask the server, whose finder is slower and sees smaller faces.
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
