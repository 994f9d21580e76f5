/** A TensorFlow.js graph model on the chosen backend; the browser's `inference/litert.py`. */

import { dispose, io, tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { ModelError } from './errors.js';
import { texts } from './texts.js';

/**
 * The content of a model's two files.
 * @typedef {{topology: ArrayBuffer, weights: ArrayBuffer}} ModelFiles
 */

/** A model with one input and one output, on the present backend. */
export class Graph {
  #model;

  /** @param {import('@tensorflow/tfjs-converter').GraphModel} model */
  constructor(model) {
    this.#model = model;
  }

  /**
   * Take a model as the bytes of its files, which are already checked.
   * @param {ModelFiles} files
   * @returns {Promise<Graph>}
   */
  static async load({ topology, weights }) {
    const json = JSON.parse(new TextDecoder().decode(topology));
    const artifacts = {
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: weights,
      format: json.format,
      signature: json.signature,
      userDefinedMetadata: json.userDefinedMetadata,
    };
    return new Graph(await loadGraphModel(io.fromMemory(artifacts)));
  }

  /**
   * Run the model.
   * @param {Float32Array} values
   * @param {number[]} shape of `values`
   * @returns {Promise<Float32Array>} the values of the output
   * @throws {ModelError} an output is not finite
   */
  async run(values, shape) {
    const input = tensor(values, shape, 'float32');
    const output = /** @type {import('@tensorflow/tfjs-core').Tensor} */ (this.#model.execute(input));
    try {
      const found = /** @type {Float32Array} */ (await output.data());
      if (!found.every(Number.isFinite)) throw new ModelError(texts.model.notANumber);
      return found;
    } finally {
      dispose([input, output]);
    }
  }
}
