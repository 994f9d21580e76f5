/** Classifies faces by their masks; twin of `inference/vision/classifier.py`. */

import { dispose, io, tensor4d } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { goldenInput } from '../contract.js';
import { ModelError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** @import { Tensor } from '@tensorflow/tfjs-core' */
/** @import { Contract } from '../contract.js' */
/** @import { ModelFiles } from '../contract.js' */

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
   * Load the model on the current backend and check it.
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
   * Compare the model’s output with the contract’s golden output.
   * @param {Contract} contract
   * @throws {ModelError} its outputs differ from the reference on this device
   */
  async check(contract) {
    const { labels, golden: { probabilities, tolerance } } = contract;
    const [found] = await this.classify(goldenInput(contract));
    const errors = labels.map((label, i) => Math.abs(found[i] - probabilities[label]));
    const worst = Math.max(...errors);
    if (!(worst <= tolerance)) throw new ModelError(texts.model.golden(worst, tolerance));
  }

  /**
   * Probabilities of the labels, all crops in one batch.
   * @param {Float32Array} crops shape (n, size, size, 3), RGB, 0 to 255
   * @returns {Promise<Float32Array[]>} n rows that sum to 1
   * @throws {ModelError} an output of the model is not finite
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
