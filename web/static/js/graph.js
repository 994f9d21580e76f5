/** A TensorFlow.js graph model on the chosen backend; the browser's `inference/litert.py`. */

import { dispose, io, tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { ModelError } from './errors.js';
import { texts } from './texts.js';

/**
 * The content of a model's two files.
 * @typedef {{topology: ArrayBuffer, weights: ArrayBuffer}} ModelFiles
 */

/**
 * What runs a model with one input; see `Graph.run`.
 * @typedef {object} Runnable
 * @property {(values: Float32Array, shape: number[], names?: string[]) => Promise<Float32Array[]>} run
 */

/** A model with one input, on the present backend. */
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
   * The named outputs for one input.
   * @param {Float32Array} values
   * @param {number[]} shape of `values`
   * @param {string[]} [names] of the outputs; all, in the model's order, if not given
   * @returns {Promise<Float32Array[]>}
   * @throws {ModelError} an output is not a number
   */
  async run(values, shape, names = this.#model.outputNodes) {
    const input = tensor(values, shape, 'float32');
    /** @type {import('@tensorflow/tfjs-core').Tensor[]} */
    let outputs = [];
    try {
      outputs = [this.#model.execute(input, names)].flat();
      const arrays = await Promise.all(outputs.map((output) => output.data()));
      if (!arrays.every((array) => array.every(Number.isFinite))) {
        throw new ModelError(texts.model.notANumber);
      }
      return /** @type {Float32Array[]} */ (arrays);
    } finally {
      dispose([input, ...outputs]);
    }
  }
}
