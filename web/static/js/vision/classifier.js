/** Judging faces: is a mask worn? Twin of `inference/vision/classifier.py`. */

import { dispose, io, tensor4d } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { goldenInput } from '../contract.js';
import { ModelError } from '../errors.js';
import { UNSURE } from '../labels.js';
import { sample, squareAround } from './geometry.js';
import { texts } from '../texts/texts.js';

/** @import { Tensor } from '@tensorflow/tfjs-core' */
/** @import { Box, Frame } from './geometry.js' */
/** @import { Contract } from '../contract.js' */
/** @import { ModelFiles } from '../worker/download.js' */


/**
 * The square that the classifier sees of a face.
 * @param {Frame} image
 * @param {Box} box the face, as the detector gives it
 * @param {number} scale side of the square in longer sides of the box
 * @param {number} size side of the result in pixels
 * @param {Float32Array} [out] where to write; made if not given
 * @returns {Float32Array} shape (size, size, 3), RGB, 0 to 255
 */
export function crop(image, box, scale, size, out) {
  return sample(image, squareAround(box, scale), size, size, out);
}

/**
 * The likeliest label and its probability; `unsure` where that is below the threshold.
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

/** The trained classifier, a TensorFlow.js graph model. */
export class MaskClassifier {
  #model;
  #size;
  #labels;

  /**
   * @param {Contract} contract
   * @param {import('@tensorflow/tfjs-converter').GraphModel} model with one input and one output
   */
  constructor(contract, model) {
    this.#model = model;
    this.#size = contract.input_size;
    this.#labels = contract.labels.length;
  }

  /**
   * Load the model on the current backend and check it against the contract's golden answer.
   * @param {Contract} contract
   * @param {ModelFiles} files already checked
   * @throws {ModelError} its outputs differ from the reference on this device
   */
  static async load(contract, { topology, weights }) {
    const content = JSON.parse(new TextDecoder().decode(topology));
    const { modelTopology, signature, weightsManifest } = content;
    const weightSpecs = weightsManifest[0].weights;
    const artifacts = { modelTopology, signature, weightSpecs, weightData: weights };
    const model = await loadGraphModel(io.fromMemory(artifacts));
    const classifier = new MaskClassifier(contract, model);
    await classifier.check(contract);
    return classifier;
  }

  /**
   * Hold the model to the contract's golden answer.
   * @param {Contract} contract
   * @throws {ModelError} its outputs differ from the reference on this device
   */
  async check(contract) {
    const { probabilities, tolerance } = contract.golden;
    const [found] = await this.classify(goldenInput(contract));
    const worst = Math.max(...probabilities.map((expected, i) => Math.abs(found[i] - expected)));
    if (!(worst <= tolerance)) throw new ModelError(texts.model.golden(worst, tolerance));
  }

  /**
   * Probabilities of the labels, all crops in one batch.
   * @param {Float32Array} crops shape (n, size, size, 3), RGB, 0 to 255
   * @returns {Promise<Float32Array[]>} n rows that sum to 1
   * @throws {ModelError} the model answers with something that is not a number
   */
  async classify(crops) {
    const count = crops.length / (this.#size * this.#size * 3);
    if (count === 0) return [];
    const input = tensor4d(crops, [count, this.#size, this.#size, 3], 'float32');
    const output = /** @type {Tensor} */ (this.#model.execute(input));
    try {
      const rows = /** @type {Float32Array} */ (await output.data());
      if (!rows.every(Number.isFinite)) throw new ModelError(texts.model.notANumber);
      return Array.from({ length: count }, (_, i) =>
        rows.subarray(i * this.#labels, (i + 1) * this.#labels),
      );
    } finally {
      dispose([input, output]);
    }
  }
}
