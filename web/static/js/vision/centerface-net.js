/**
 * CenterFace's net, built of TensorFlow.js operations.
 *
 * `scripts/convert_centerface.py` describes the two files and makes them: the layers in the order
 * to run them, and their 8-bit weights with one scale for each output channel.
 */

import {
  add, concat, dispose, fused, reshape, tensor1d, tensor4d, tidy, transpose,
} from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** @import { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core' */
/** @import { ModelFiles } from '../contract.js' */

/**
 * One layer of `centerface.json`; `add` has only inputs and output.
 * @typedef {object} Description
 * @property {'conv' | 'depthwise' | 'transposed' | 'add'} op
 * @property {string[]} inputs
 * @property {string} output
 * @property {[number, number, number, number]} shape of the filter
 * @property {number} stride
 * @property {number} pad pixels on every side
 * @property {boolean} relu
 */

/** @typedef {{filter: Tensor4D, bias: Tensor1D}} Filter */

/**
 * A layer that can be run; `last` are the inputs that no later layer uses.
 * @typedef {Description & {filters: Filter[], last: string[]}} Layer
 */

/** Channels of the output: heat logit, log sizes (2), offsets (2), points (10). */
export const HEADS = 15;

/** The net on the current backend. */
export class CenterFaceNet {
  #layers;

  /** @param {Layer[]} layers */
  constructor(layers) {
    this.#layers = layers;
  }

  /**
   * Build the net from the content of its files, which is already checked.
   * @param {ModelFiles} files
   */
  static load({ topology, weights }) {
    /** @type {Description[]} */
    const described = JSON.parse(new TextDecoder().decode(topology));
    const reader = new ParameterReader(weights);
    const layers = described.map((layer, i) => {
      const later = described.slice(i + 1).flatMap(({ inputs }) => inputs);
      const last = layer.inputs.filter((name) => !later.includes(name));
      return { ...layer, last, filters: layer.op === 'add' ? [] : reader.read(layer) };
    });
    return new CenterFaceNet(layers);
  }

  /**
   * Run the net.
   * @param {Float32Array} pixels shape (height, width, 3), RGB, 0 to 255
   * @param {number} height a multiple of 32
   * @param {number} width a multiple of 32
   * @returns {Promise<Float32Array>} shape (height / 4, width / 4, `HEADS`)
   * @throws {ModelError} an output is not finite
   */
  async run(pixels, height, width) {
    const input = tensor4d(pixels, [1, height, width, 3], 'float32');
    const heads = this.#execute(input);
    try {
      const values = /** @type {Float32Array} */ (await heads.data());
      if (!values.every(Number.isFinite)) throw new ModelError(texts.model.notANumber);
      return values;
    } finally {
      heads.dispose();
    }
  }

  /**
   * Run the layers, and free each output after its last use.
   * @param {Tensor4D} input freed
   * @returns {Tensor4D}
   */
  #execute(input) {
    /** @type {Map<string, Tensor4D>} */
    const outputs = new Map([[this.#layers[0].inputs[0], input]]);
    try {
      for (const layer of this.#layers) {
        const inputs = layer.inputs.map((name) => /** @type {Tensor4D} */ (outputs.get(name)));
        outputs.set(layer.output, apply(layer, inputs));
        for (const name of layer.last) {
          outputs.get(name)?.dispose();
          outputs.delete(name);
        }
      }
    } catch (error) {
      dispose([...outputs.values()]);
      throw error;
    }
    return /** @type {Tensor4D} */ (outputs.get('heads'));
  }
}

/**
 * @param {Layer} layer
 * @param {Tensor4D[]} inputs
 * @returns {Tensor4D}
 */
function apply({ op, filters, stride, pad, relu }, [x, other]) {
  if (op === 'add') return add(x, other);
  if (op === 'transposed') return tidy(() => enlarge(x, filters, relu));
  const convolve = op === 'conv' ? fused.conv2d : fused.depthwiseConv2d;
  const [{ filter, bias }] = filters;
  return convolve({ x, filter, bias, strides: stride, pad, activation: activation(relu) });
}

/**
 * A transposed convolution whose windows don't overlap: a 1 × 1 convolution for each row of the
 * window, whose channels are the row's pixels. tfjs's own kernel takes twelve times as long.
 * @param {Tensor4D} x
 * @param {Filter[]} filters one for each row of the window
 * @param {boolean} relu
 * @returns {Tensor4D}
 */
function enlarge(x, filters, relu) {
  const [, height, width] = x.shape;
  const lines = filters.map(({ filter, bias }) => {
    const row = fused.conv2d({ x, filter, bias, strides: 1, pad: 0, activation: activation(relu) });
    return reshape(row, [height, -1]);
  });
  const channels = filters[0].bias.size / filters.length; // windows are square
  return reshape(concat(lines, 1), [1, height * filters.length, width * filters.length, channels]);
}

/** @param {boolean} relu */
function activation(relu) {
  return relu ? 'relu' : 'linear';
}

/** Reads the parameters of one layer after the other. */
class ParameterReader {
  #bytes;
  #at = 0;

  /** @param {ArrayBuffer} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /**
   * The weights that the codes of a layer stand for, and its biases.
   * @param {Description} layer
   * @returns {Filter[]} several of a transposed convolution, see `enlarge`
   */
  read({ op, shape }) {
    const codes = new Int8Array(this.#take(shape.reduce((product, side) => product * side)));
    const channels = shape[op === 'conv' ? 3 : 2];
    const scales = new Float32Array(this.#take(4 * channels));
    const biases = new Float32Array(this.#take(4 * channels));
    const run = op === 'transposed' ? shape[3] : 1; // codes in a row that share a scale
    const weights = new Float32Array(codes.length);
    for (let i = 0; i < codes.length; i += 1) {
      weights[i] = codes[i] * scales[Math.floor(i / run) % channels];
    }
    if (op === 'transposed') return byRows(weights, shape, biases);
    return [{ filter: tensor4d(weights, shape), bias: tensor1d(biases) }];
  }

  /** @param {number} length in bytes */
  #take(length) {
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }
}

/**
 * The filters that `enlarge` takes.
 * @param {Float32Array} weights
 * @param {number[]} shape height, width, output channels, input channels
 * @param {Float32Array} biases
 * @returns {Filter[]}
 */
function byRows(weights, [height, width, outputs, inputs], biases) {
  const columns = width * outputs;
  const bias = Float32Array.from({ length: columns }, (_, i) => biases[i % outputs]);
  return Array.from({ length: height }, (_, row) => {
    const part = weights.subarray(row * columns * inputs, (row + 1) * columns * inputs);
    const filter = tidy(() => transpose(tensor4d(part, [1, 1, columns, inputs]), [0, 1, 3, 2]));
    return { filter, bias: tensor1d(bias) };
  });
}
