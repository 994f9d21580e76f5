/**
 * Detects faces with CenterFace; twin of `inference/vision/centerface.py`.
 *
 * Xu et al. 2019, "CenterFace: Joint Face Detection and Alignment Using Face as Point".
 */

import { CenterFaceNet, HEADS } from './centerface-net.js';
import { ModelError } from '../errors.js';
import { suppress } from './detections.js';
import { scaled } from './geometry.js';
import { resize } from './resize.js';
import { texts } from '../texts/texts.js';

/** @import { Detection } from './detections.js' */
/** @import { Frame } from './geometry.js' */
/** @import { DetectorSettings } from '../contract.js' */
/** @import { ModelFiles } from '../contract.js' */

const STRIDE = 4; // pixels of the input for each cell of the outputs
const MULTIPLE = 32; // the net halves its input five times

/** Mean of each output channel for the picture of `check`, as ONNX Runtime computes it. */
export const KNOWN_MEANS = Object.freeze([
  -6.4315, 1.8708, 1.7487, -0.0473, 0.0042, 0.3774, 0.3931, 0.4044, 0.7171, 0.5486, 0.53, 0.6938,
  0.3677, 0.714, 0.5979,
]);
const KNOWN_SIDE = 64;
const TOLERANCE = 0.01;

/** The face detector. One picture at a time. */
export class CenterFace {
  #net;

  /**
   * @param {DetectorSettings} settings
   * @param {Pick<CenterFaceNet, 'run'>} net
   */
  constructor(settings, net) {
    this.settings = settings;
    this.#net = net;
  }

  /**
   * Build the net and check what it computes, which also prepares its filters.
   * @param {DetectorSettings} settings
   * @param {ModelFiles} files already checked
   * @throws {ModelError} its outputs differ from the reference on this device
   */
  static async load(settings, files) {
    const net = CenterFaceNet.load(files);
    await check(net);
    return new CenterFace(settings, net);
  }

  /**
   * Detect the faces of a photo.
   *
   * Small photos are enlarged, which shows more small faces. A face that fills the photo, above all
   * one with a mask, is detected better when reduced, so there is a second pass.
   * @param {Frame} image
   * @returns {Promise<Detection[]>} best score first
   * @throws {ModelError} an output of the net is not finite
   */
  async detect(image) {
    const {
      score_threshold: threshold, enlargement,
      longest_side: most, small_side: small, large_face: large,
    } = this.settings;
    const longest = Math.max(image.width, image.height);
    const side = Math.min(Math.max(Math.round(longest * enlargement), small), most);
    const candidates = await this.#run(image, side, threshold);
    if (side > 1.5 * small) {
      // about the same size would show nothing new
      const second = await this.#run(image, small, threshold);
      candidates.push(...second.filter(({ box }) => box.bottom - box.top > large * longest));
    }
    return suppress(candidates, this.settings);
  }

  /**
   * Detect faces in a single pass, as for a frame of a video.
   * @param {Frame} image
   * @param {number} side the longer side of the picture is resized to so many pixels
   * @param {number} scoreThreshold
   * @returns {Promise<Detection[]>} best score first
   * @throws {ModelError} an output of the net is not finite
   */
  async detectOnce(image, side, scoreThreshold) {
    return suppress(await this.#run(image, side, scoreThreshold), this.settings);
  }

  /**
   * Candidates, several for each face, in pixels of the picture.
   * @param {Frame} image
   * @param {number} side
   * @param {number} scoreThreshold
   */
  async #run(image, side, scoreThreshold) {
    const { pixels, width, height, scale } = letterbox(image, side);
    const heads = await this.#net.run(pixels, height, width);
    const found = decode(heads, width / STRIDE, scoreThreshold);
    return found.map(({ box, score }) => ({ box: scaled(box, 1 / scale), score }));
  }
}

/**
 * Run the net on a known picture.
 * @param {Pick<CenterFaceNet, 'run'>} net
 * @throws {ModelError} its outputs differ from the reference on this device
 */
export async function check(net) {
  const heads = await net.run(knownPicture(), KNOWN_SIDE, KNOWN_SIDE);
  const cells = heads.length / HEADS;
  const errors = KNOWN_MEANS.map((expected, channel) => {
    let sum = 0;
    for (let i = channel; i < heads.length; i += HEADS) sum += heads[i];
    return Math.abs(sum / cells - expected);
  });
  const worst = Math.max(...errors);
  if (!(worst <= TOLERANCE)) throw new ModelError(texts.model.golden(worst, TOLERANCE));
}

/** The picture of `check`: the same formula is in `tests/golden.py`. */
function knownPicture() {
  return Float32Array.from({ length: KNOWN_SIDE * KNOWN_SIDE * 3 }, (_, i) => (i * 7919) % 251);
}

/**
 * Resize a picture and extend it, in black, to sides that the net can halve five times.
 * @param {Frame} image
 * @param {number} side the picture's longer side on the canvas, in pixels
 * @returns {{pixels: Float32Array, width: number, height: number, scale: number}} the canvas, shape
 *   (height, width, 3), RGB, 0 to 255; `scale` are its pixels for each pixel of the picture
 */
export function letterbox(image, side) {
  const scale = side / Math.max(image.width, image.height);
  const innerWidth = Math.max(1, Math.round(image.width * scale));
  const innerHeight = Math.max(1, Math.round(image.height * scale));
  const asItIs = innerWidth === image.width && innerHeight === image.height;
  const values = asItIs ? image.data : resize(image, innerWidth, innerHeight);
  const channels = asItIs ? 4 : 3;
  const width = Math.ceil(innerWidth / MULTIPLE) * MULTIPLE;
  const height = Math.ceil(innerHeight / MULTIPLE) * MULTIPLE;
  const pixels = new Float32Array(width * height * 3);
  for (let y = 0, from = 0; y < innerHeight; y += 1) {
    let to = y * width * 3;
    for (const end = to + innerWidth * 3; to < end; to += 3, from += channels) {
      pixels[to] = values[from];
      pixels[to + 1] = values[from + 1];
      pixels[to + 2] = values[from + 2];
    }
  }
  return { pixels, width, height, scale };
}

/**
 * Candidates in pixels of the canvas.
 * @param {Float32Array} heads shape (rows, columns, `HEADS`): heat logit; natural logarithms of
 *   height and width in cells; y and x of the centre in cells; then points, which are not read
 * @param {number} columns
 * @param {number} scoreThreshold
 * @returns {Detection[]}
 */
export function decode(heads, columns, scoreThreshold) {
  const found = [];
  for (let cell = 0; cell * HEADS < heads.length; cell += 1) {
    const score = 1 / (1 + Math.exp(-heads[cell * HEADS]));
    if (score < scoreThreshold) continue;
    const [, logHeight, logWidth, dy, dx] = heads.subarray(cell * HEADS, cell * HEADS + 5);
    const [width, height] = [Math.exp(logWidth) * STRIDE, Math.exp(logHeight) * STRIDE];
    const left = (dx + (cell % columns) + 0.5) * STRIDE - width / 2;
    const top = (dy + Math.floor(cell / columns) + 0.5) * STRIDE - height / 2;
    found.push({ box: { left, top, right: left + width, bottom: top + height }, score });
  }
  return found;
}
