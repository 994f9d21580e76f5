/** Decodes photos like the server; see `inference/vision/pictures.py`. */

import { PhotoError } from '../errors.js';
import { rooted } from '../files.js';
import { texts } from '../texts/texts.js';

/** @import { Verdicts } from './results.js' */

const MAX_SIDE_PX = 2048; // more pixels reveal no more faces and cost memory
const FINAL_STATUSES = [400, 413, 415, 422]; // empty, too large, unsupported type, damaged

/**
 * The size to which a picture is reduced; it is never enlarged. The server decodes large JPEGs at
 * 1/2, 1/4 or 1/8, as long as both sides keep at least half of `MAX_SIDE_PX`.
 * @param {number} width
 * @param {number} height
 * @param {string} [type] of the file
 * @returns {{width: number, height: number}} at least one pixel each
 */
export function reduced(width, height, type = '') {
  const maxFactor = Math.min(width, height) / (MAX_SIDE_PX / 2);
  const factor = (type === 'image/jpeg' && [8, 4, 2].find((one) => one <= maxFactor)) || 1;
  const [decodedWidth, decodedHeight] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(decodedWidth, decodedHeight));
  return {
    width: Math.max(1, Math.round(decodedWidth * scale)),
    height: Math.max(1, Math.round(decodedHeight * scale)),
  };
}

/**
 * Decode a file, rotated as its EXIF data specifies.
 * @param {Blob} file
 * @returns {Promise<ImageBitmap>}
 * @throws {PhotoError} the browser cannot decode it
 */
export async function read(file) {
  try {
    // Ignore color profiles, as the server does.
    const options = { colorSpaceConversion: /** @type {const} */ ('none') };
    const whole = await createImageBitmap(file, options);
    const { width, height } = reduced(whole.width, whole.height, file.type);
    if (width === whole.width && height === whole.height) return whole;
    const size = { resizeWidth: width, resizeHeight: height };
    const smaller = await createImageBitmap(whole, { ...options, ...size, resizeQuality: 'high' });
    whole.close();
    return smaller;
  } catch {
    throw new PhotoError(texts.photo.unreadable);
  }
}

/**
 * Classify a photo on the server, for browsers that cannot run the models.
 * @param {Blob} file
 * @param {typeof fetch} [send]
 * @returns {Promise<Verdicts>}
 * @throws {PhotoError} the server refuses the photo or cannot be reached
 */
export async function askServer(file, send = fetch) {
  const request = { method: 'POST', body: file };
  const response = await send(rooted('/api/predict'), request).catch(() => undefined);
  const body = await response?.json().catch(() => undefined);
  if (response?.ok && body?.verdicts) return body;
  if (response && body?.detail) throw refusal(response.status);
  throw new PhotoError(texts.photo.unreachable);
}

/**
 * The error in the user's language; that of the server is in English.
 * @param {number} status
 */
function refusal(status) {
  const { refused } = texts.photo;
  return new PhotoError(refused[status] ?? refused[500], FINAL_STATUSES.includes(status));
}

/**
 * Why a file cannot be a picture, so that the server would refuse it as well. The type of a file is
 * empty if the browser does not know it.
 * @param {Pick<File, 'size' | 'type'>} file
 * @returns {string} a sentence; empty if it may be one
 */
export function problemOf({ size, type }) {
  if (size === 0) return texts.photo.refused[400];
  return type === '' || type.startsWith('image/') ? '' : texts.photo.unreadable;
}

/**
 * Whether a file is a photo of an iPhone, which the server reads, but not every browser.
 * @param {Pick<File, 'name' | 'type'>} file
 */
export function isHeif({ name, type }) {
  return /^image\/hei[cf]/.test(type) || /\.hei[cf]$/i.test(name);
}
