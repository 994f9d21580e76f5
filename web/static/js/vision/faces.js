/**
 * The input and the output of the classifier for one face; twin of `inference/vision/faces.py`.
 * Pure: needs no model.
 */

import { UNSURE } from '../labels.js';
import { sample, squareAround } from './geometry.js';

/** @import { Box, Frame } from './geometry.js' */

/**
 * The square crop of a face, the input of the classifier.
 * @param {Frame} image
 * @param {Box} box the detected face
 * @param {number} scale side of the square in longer sides of the box
 * @param {number} shift how far the square lies below the box, in its sides
 * @param {number} size side of the result in pixels
 * @param {Float32Array} [out] where to write; made if not given
 * @returns {Float32Array} shape (size, size, 3), RGB, 0 to 255
 */
export function crop(image, box, scale, shift, size, out) {
  return sample(image, squareAround(box, scale, shift), size, size, out);
}

/**
 * The top class and its probability; `unsure` if that is below the threshold.
 * @param {ArrayLike<number>} probabilities
 * @param {string[]} labels
 * @param {number} unsureBelow
 * @returns {{label: string, probability: number}}
 */
export function decide(probabilities, labels, unsureBelow) {
  const probability = Math.max(...Array.from(probabilities));
  const best = Array.from(probabilities).indexOf(probability);
  return { label: probability >= unsureBelow ? labels[best] : UNSURE, probability };
}
