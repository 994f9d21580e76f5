/** From a picture to verdicts; twin of `inference/vision/detector.py`. */

import { longerSide } from './geometry.js';
import { TOO_SMALL } from '../labels.js';
import { crop, decide } from './faces.js';

/** @import { Box, Frame } from './geometry.js' */
/** @import { CenterFace } from './centerface.js' */
/** @import { Detection } from './detections.js' */
/** @import { Contract } from '../contract.js' */
/** @import { MaskClassifier } from './classifier.js' */

/**
 * The result for one face.
 * @typedef {object} Verdict
 * @property {string} label one of the contract's labels, `unsure` or `too_small`
 * @property {number} probability of the top class, 0 to 1; 0 when too small
 * @property {Record<string, number>} probabilities of every label; empty when too small
 * @property {Box} box where the face is, in pixels of the picture; it may reach beyond
 * @property {number} score the detector's confidence that it is a face, 0 to 1
 */

/** Detects the faces of a picture and classifies each. One picture at a time. */
export class MaskDetector {
  #contract;
  #faceDetector;
  #classifier;

  /**
   * @param {Contract} contract
   * @param {Pick<CenterFace, 'detect'>} faceDetector
   * @param {Pick<MaskClassifier, 'classify'>} classifier
   */
  constructor(contract, faceDetector, classifier) {
    this.#contract = contract;
    this.#faceDetector = faceDetector;
    this.#classifier = classifier;
  }

  /**
   * Detect and classify every face of a photo.
   * @param {Frame} image
   * @returns {Promise<Verdict[]>} best detection score first
   * @throws {ModelError} an output of a model is not finite
   */
  async detect(image) {
    const faces = await this.#faceDetector.detect(image);
    const boxes = faces.map(({ box }) => box);
    const whole = (/** @type {Box} */ box) => ({ frame: image, box });
    const probabilities = await classifyFaces(this.#contract, this.#classifier, boxes, whole);
    return faces.map((face, i) => this.#verdict(face, probabilities[i]));
  }

  /**
   * @param {Detection} face
   * @param {Record<string, number>} probabilities empty when too small
   * @returns {Verdict}
   */
  #verdict({ box, score }, probabilities) {
    const values = Object.values(probabilities);
    if (values.length === 0) {
      return { label: TOO_SMALL, probability: 0, probabilities, box, score };
    }
    const { labels, unsure_below: unsureBelow } = this.#contract;
    return { ...decide(values, labels, unsureBelow), probabilities, box, score };
  }
}

/** Faces in one batch: the memory of WebAssembly never shrinks. */
const MAX_BATCH = 32;

/**
 * Classify faces, `MAX_BATCH` at a time.
 * @param {Contract} contract
 * @param {Pick<MaskClassifier, 'classify'>} classifier
 * @param {Box[]} boxes
 * @param {(box: Box) => {frame: Frame, box: Box}} regionOf gives the pixels that show a face, and
 *   where it is among them
 * @returns {Promise<Record<string, number>[]>} the probability of each label for each box; empty
 *   where the face is too small
 * @throws {ModelError} an output of the model is not finite
 */
export async function classifyFaces(contract, classifier, boxes, regionOf) {
  const { detector, input_size: size, labels, smallest_face: smallest } = contract;
  const { crop_scale: scale, crop_shift: shift } = detector;
  const large = boxes.filter((box) => longerSide(box) >= smallest);
  const each = size * size * 3;
  const crops = new Float32Array(large.length * each);
  for (const [i, one] of large.entries()) {
    const { frame, box } = regionOf(one);
    crop(frame, box, scale, shift, size, crops.subarray(i * each, (i + 1) * each));
  }
  /** @type {Float32Array[]} */
  const rows = [];
  for (let i = 0; i < large.length; i += MAX_BATCH) {
    rows.push(...(await classifier.classify(crops.subarray(i * each, (i + MAX_BATCH) * each))));
  }
  return boxes.map((box) => {
    const row = rows[large.indexOf(box)];
    return row ? Object.fromEntries(labels.map((label, i) => [label, row[i]])) : {};
  });
}
