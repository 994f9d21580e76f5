/** Finding faces with BlazeFace; twin of `inference/faces.py`. */

import { sample } from './geometry.js';
import { Graph } from './graph.js';
import { merge } from './merging.js';

/** @import { Box, Frame } from './geometry.js' */
/** @import { FinderSettings } from './contract.js' */
/** @import { GraphFiles, Runnable } from './graph.js' */

/**
 * A face as a finder gives it: `score` is how sure the finder is, 0 to 1; `points` are right eye,
 * left eye (the person's), nose and mouth, each x and y in pixels of the picture.
 * @typedef {{box: Box, score: number, points: number[][]}} Face
 */

const VALUES = 16; // an anchor
const POINTS = 4; // of its six points; the ears are left out
const ANCHORS = 896;
const FIRST_GRID = 512; // anchors of the 16 × 16 grid, the rest are of 8 × 8
const OUTPUTS = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3']; // logits twice, values twice

/**
 * Centres of BlazeFace's 896 anchors.
 *
 * Two a cell on a grid of 16 × 16, then six a cell on 8 × 8 (Bazarevsky et al. 2019, "BlazeFace:
 * Sub-millisecond Neural Face Detection on Mobile GPUs", section 3.2). All have unit size.
 * @returns {Float32Array} shape (896, 2), x and y in 0 to 1
 */
export function anchors() {
  const centres = [];
  for (const [cells, each] of [[16, 2], [8, 6]]) {
    for (let i = 0; i < cells * cells * each; i += 1) {
      const cell = Math.floor(i / each);
      centres.push(((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells);
    }
  }
  return Float32Array.from(centres);
}

/** BlazeFace, back model: for webcams and streams, where faces are large. */
export class BlazeFace {
  #graph;
  #anchors = anchors();
  #inner = new Float32Array(0);

  /**
   * @param {FinderSettings} settings
   * @param {Runnable} graph
   */
  constructor(settings, graph) {
    this.settings = settings;
    this.#graph = graph;
  }

  /**
   * @param {FinderSettings} settings
   * @param {GraphFiles} files already checked
   */
  static async load(settings, files) {
    return new BlazeFace(settings, await Graph.load(files));
  }

  /**
   * The faces of a picture, the surest first.
   * @param {Frame} image
   * @returns {Promise<Face[]>}
   * @throws {ModelError} the model answers with something that is not a number
   */
  find(image) {
    const frame = this.frame(image);
    return this.#see(this.#input(image), frame);
  }

  /**
   * The same, of a square part of a picture.
   * @param {Frame} image
   * @param {Box} view the part, in pixels
   * @returns {Promise<Face[]>} in pixels of the whole picture
   * @throws {ModelError} the model answers with something that is not a number
   */
  findIn(image, view) {
    const size = this.settings.input_size;
    return this.#see(this.#inMiddle(sample(image, view, size, size), 3, size, size), view);
  }

  /**
   * The same, for a picture, or a square part of it, that is already reduced to the net's scale.
   * @param {Frame} shown at most `input_size` wide and high; it fills the middle of `frame`
   * @param {Box} frame the square of the whole picture that the net is to see
   * @returns {Promise<Face[]>} in pixels of the whole picture
   * @throws {ModelError} the model answers with something that is not a number
   */
  findReduced(shown, frame) {
    return this.#see(this.#inMiddle(shown.data, 4, shown.width, shown.height), frame);
  }

  /**
   * @param {Float32Array} input
   * @param {Box} frame
   */
  async #see(input, frame) {
    const size = this.settings.input_size;
    const [logits16, logits8, raw16, raw8] = await this.#graph.run(input, [1, size, size, 3], OUTPUTS);
    const logits = new Float32Array(ANCHORS);
    logits.set(logits16);
    logits.set(logits8, FIRST_GRID);
    const raw = new Float32Array(ANCHORS * VALUES);
    raw.set(raw16);
    raw.set(raw8, FIRST_GRID * VALUES);
    return this.decode(raw, logits, (frame.right - frame.left) / size, frame);
  }

  /**
   * The square, centred on the picture, that the net sees.
   * @param {{width: number, height: number}} image
   * @returns {Box}
   */
  frame({ width, height }) {
    const half = Math.max(height, width) * (0.5 + this.settings.padding);
    return {
      left: width / 2 - half,
      top: height / 2 - half,
      right: width / 2 + half,
      bottom: height / 2 + half,
    };
  }

  /**
   * How many pixels of the net's input lie on one pixel of a picture.
   * @param {{width: number, height: number}} image
   */
  scale(image) {
    const { left, right } = this.frame(image);
    return this.settings.input_size / (right - left);
  }

  /** @param {Frame} image */
  #input(image) {
    const scale = this.scale(image);
    const width = Math.max(1, roundHalfToEven(image.width * scale));
    const height = Math.max(1, roundHalfToEven(image.height * scale));
    if (this.#inner.length !== width * height * 3) {
      this.#inner = new Float32Array(width * height * 3); // kept from frame to frame
    }
    const box = { left: 0, top: 0, right: image.width, bottom: image.height };
    return this.#inMiddle(sample(image, box, width, height, this.#inner), 3, width, height);
  }

  /**
   * The net's input, range -1 to 1; what lies beyond the picture is 0, a middle grey.
   * @param {ArrayLike<number>} pixels RGB or RGBA, 0 to 255
   * @param {3 | 4} channels
   * @param {number} width
   * @param {number} height
   * @returns {Float32Array} shape (size, size, 3), RGB
   */
  #inMiddle(pixels, channels, width, height) {
    const size = this.settings.input_size;
    const left = Math.floor((size - width) / 2);
    const top = Math.floor((size - height) / 2);
    const input = new Float32Array(size * size * 3);
    for (let y = 0, from = 0; y < height; y += 1) {
      let to = ((top + y) * size + left) * 3;
      for (const end = to + width * 3; to < end; to += 3, from += channels) {
        input[to] = pixels[from] / 127.5 - 1;
        input[to + 1] = pixels[from + 1] / 127.5 - 1;
        input[to + 2] = pixels[from + 2] / 127.5 - 1;
      }
    }
    return input;
  }

  /**
   * Faces from the net's outputs.
   * @param {Float32Array} raw shape (896, 16): centre x and y, width, height, then x and y of six
   *   points, in pixels of the net's input, relative to the anchor
   * @param {Float32Array} logits shape (896,)
   * @param {number} scale pixels of the picture to one of the input
   * @param {Box} frame the square of the picture that the input shows
   * @returns {Face[]} the surest first
   */
  decode(raw, logits, scale, frame) {
    const faces = [];
    for (let i = 0; i < ANCHORS; i += 1) {
      const score = 1 / (1 + Math.exp(-logits[i]));
      if (score < this.settings.score_threshold) continue;
      const values = raw.subarray(i * VALUES, (i + 1) * VALUES);
      faces.push({ ...this.#place(values, i, scale, frame), score });
    }
    return merge(faces, this.settings.iou_threshold);
  }

  /**
   * @param {Float32Array} values of one anchor
   * @param {number} i its number
   * @param {number} scale
   * @param {Box} frame
   */
  #place(values, i, scale, frame) {
    const size = this.settings.input_size;
    /** @type {(value: number, axis: number) => number} of the net to of the picture; x is axis 0 */
    const at = (value, axis) =>
      (value + this.#anchors[i * 2 + axis] * size) * scale + (axis === 0 ? frame.left : frame.top);
    const [x, y, width, height] = values;
    const points = Array.from({ length: POINTS }, (_, point) => [
      at(values[4 + point * 2], 0),
      at(values[5 + point * 2], 1),
    ]);
    const box = {
      left: at(x - width / 2, 0),
      top: at(y - height / 2, 1),
      right: at(x + width / 2, 0),
      bottom: at(y + height / 2, 1),
    };
    return { box, points };
  }
}

/**
 * As Python rounds, so that both make the same size of every picture.
 * @param {number} value
 */
function roundHalfToEven(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
