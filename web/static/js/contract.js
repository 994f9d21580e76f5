/**
 * The contract between the trainer and the runtimes; twin of `inference/contract.py`. Labels, sizes
 * and thresholds are written down nowhere else. Names are those of the JSON file.
 */

import { ModelError } from './errors.js';
import { sha256Of } from './files.js';
import { isDefinite } from './labels.js';
import { texts } from './texts/texts.js';

/**
 * How faces are detected, and how they are cropped for the classifier.
 * @typedef {object} DetectorSettings
 * @property {Record<string, string>} browser_sha256 files of the weights, with their hashes
 * @property {number} score_threshold minimum score of a face in a photo
 * @property {number} iou_threshold boxes with a larger IoU are one face
 * @property {number} containment_threshold boxes are one face if a larger part of the smaller one
 *   lies within the other
 * @property {number} enlargement photos are enlarged by this factor, but to `longest_side` at most
 * @property {number} longest_side longer side, in pixels, to which larger photos are reduced
 * @property {number} small_side the same for the second pass, for large faces
 * @property {number} large_face minimum height of a face of the second pass, in longer sides of the
 *   photo
 * @property {number} near_side frames of a live picture are reduced to a longer side of so many
 *   pixels
 * @property {number} far_side the same now and then, for distant faces
 * @property {number} live_score_threshold minimum score of a face in a frame
 * @property {number} crop_scale side of the square crop for the classifier, in longer sides of the
 *   box
 * @property {number} crop_shift how far the centre of the crop lies below that of the box, in sides
 *   of the crop
 */

/**
 * One exported file; its path is relative to the project.
 * @typedef {{file: string, sha256: string, bytes: number}} Export
 */

/**
 * Everything a runtime needs to know about the model.
 * @typedef {object} Contract
 * @property {string} version
 * @property {string[]} labels in the order of the model’s outputs
 * @property {number} input_size side of the classifier's square input: RGB, 0 to 255
 * @property {string} resize the rule by which faces are cut to that size: `triangle`
 * @property {number} smallest_face faces whose longer side has fewer pixels are not classified
 * @property {number} unsure_below if no probability reaches this threshold, a face is `unsure`
 * @property {DetectorSettings} detector
 * @property {{input: string, probabilities: Record<string, number>, tolerance: number}} golden an
 *   input (raw RGB bytes, base64) and the expected probability of each label; they differ, so that
 *   labels in another order are detected
 * @property {{tfjs_model: Export, tfjs_weights: Export}} exports
 */

/**
 * Contents of a model's two files.
 * @typedef {{topology: ArrayBuffer, weights: ArrayBuffer}} ModelFiles
 */

/** The detector's files for the browser. */
export const DETECTOR_FILES = ['centerface.json', 'centerface.bin'];

/** @type {Record<string, [number, number]>} ranges of the numbers, by path; twin of `RANGES` */
const RANGES = {
  input_size: [8, 512],
  smallest_face: [0, 512],
  unsure_below: [0, 1],
  'detector.score_threshold': [0, 1],
  'detector.iou_threshold': [0, 1],
  'detector.containment_threshold': [0, 1],
  'detector.enlargement': [1, 8],
  'detector.longest_side': [32, 4096],
  'detector.small_side': [32, 4096],
  'detector.large_face': [0, 1],
  'detector.near_side': [32, 4096],
  'detector.far_side': [32, 4096],
  'detector.live_score_threshold': [0, 1],
  'detector.crop_scale': [0.5, 4],
  'detector.crop_shift': [-0.5, 0.5],
  'golden.tolerance': [0, 0.1],
  'exports.tfjs_model.bytes': [1, 1e9],
  'exports.tfjs_weights.bytes': [1, 1e9],
};

/** @type {Record<string, (value: any) => boolean>} checks of the other fields, by path */
const FIELDS = {
  version: isText,
  labels: (value) => Array.isArray(value) && value.length > 1,
  input_size: Number.isInteger,
  resize: (value) => value === 'triangle', // the rule of geometry.js
  'detector.browser_sha256': (value) => DETECTOR_FILES.every((name) => isText(value?.[name])),
  'golden.input': isText,
  'exports.tfjs_model.file': isText,
  'exports.tfjs_model.sha256': isText,
  'exports.tfjs_weights.file': isText,
  'exports.tfjs_weights.sha256': isText,
};

/** @param {unknown} value */
function isText(value) {
  return typeof value === 'string' && value !== '';
}

/**
 * @param {any} raw
 * @param {string} path
 */
function valueAt(raw, path) {
  return path.split('.').reduce((part, name) => part?.[name], raw);
}

/**
 * Whether each label has a probability and no two of them are alike.
 * @param {Contract} contract
 */
function distinguishesLabels({ labels, golden: { probabilities, tolerance } }) {
  const values = labels.map((label) => probabilities?.[label]).sort((a, b) => a - b);
  const all = Object.keys(probabilities ?? {}).length === labels.length;
  if (!all || !values.every(Number.isFinite)) return false;
  return values.slice(1).every((value, i) => value - values[i] > 2 * tolerance);
}

/**
 * The contract, if `raw` is one.
 * @param {any} raw parsed JSON
 * @returns {Contract}
 * @throws {ModelError} a field is missing or wrong, or a label is unknown
 */
export function validate(raw) {
  for (const [path, [low, high]] of Object.entries(RANGES)) {
    const value = valueAt(raw, path);
    const fits = Number.isFinite(value) && value >= low && value <= high;
    if (!fits) throw new ModelError(texts.model.contract(path));
  }
  for (const [path, fits] of Object.entries(FIELDS)) {
    if (!fits(valueAt(raw, path))) throw new ModelError(texts.model.contract(path));
  }
  const { labels, golden, input_size: size } = raw;
  const unknown = labels.find((/** @type {any} */ label) => !isDefinite(label));
  if (unknown !== undefined) throw new ModelError(texts.model.contract(`labels (${unknown})`));
  if (!distinguishesLabels(raw)) throw new ModelError(texts.model.contract('golden.probabilities'));
  if (fromBase64(golden.input).length !== size * size * 3) {
    throw new ModelError(texts.model.contract('golden.input'));
  }
  return raw;
}

/**
 * Parse and validate the contract.
 * @param {ArrayBuffer} bytes of contract.json
 * @returns {Contract}
 * @throws {ModelError} it is not one
 */
export function parse(bytes) {
  let raw;
  try {
    raw = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ModelError(texts.model.contract('JSON'));
  }
  return validate(raw);
}

/**
 * The golden input as the classifier takes it.
 * @param {Contract} contract
 * @returns {Float32Array} shape (1, input_size, input_size, 3), RGB, 0 to 255
 */
export function goldenInput(contract) {
  return Float32Array.from(fromBase64(contract.golden.input));
}

/**
 * Check that a download is the file that the contract names. Browsers compute hashes only on https
 * and localhost; elsewhere the golden output is the only check.
 * @param {ArrayBuffer} bytes
 * @param {string} sha256 expected
 * @param {string} name for the message
 * @returns {Promise<ArrayBuffer>} the same bytes
 * @throws {ModelError} the hash differs
 */
export async function verify(bytes, sha256, name) {
  if (!globalThis.crypto?.subtle) return bytes;
  const found = await sha256Of(bytes);
  if (found !== sha256) throw new ModelError(texts.model.hash(name, sha256, found));
  return bytes;
}

/**
 * @param {string} text
 * @returns {Uint8Array}
 */
function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
