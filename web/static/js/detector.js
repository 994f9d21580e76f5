/** From a picture to verdicts; twin of `inference/detector.py`. */

import { BlazeFace } from './faces.js';
import { longerSide } from './geometry.js';
import { MaskClassifier, TOO_SMALL, crop, decide } from './masks.js';

/** @import { Box, Frame } from './geometry.js' */
/** @import { Contract } from './contract.js' */
/** @import { Face } from './faces.js' */
/** @import { GraphFiles } from './graph.js' */

/**
 * What is said of one face.
 * @typedef {object} Verdict
 * @property {string} label one of the contract's labels, `unsure` or `too_small`
 * @property {number} probability of the likeliest label, 0 to 1; 0 when too small
 * @property {Record<string, number>} probabilities of every label; empty when too small
 * @property {Box} box where the face is, in pixels of the picture; it may reach beyond
 * @property {number} score how sure the finder is that it is a face, 0 to 1
 */

/** Finds the faces of a picture and judges each. One picture at a time. */
export class MaskDetector {
  #contract;
  #finder;
  #classifier;

  /**
   * @param {Contract} contract
   * @param {Pick<BlazeFace, 'find' | 'settings'>} finder
   * @param {MaskClassifier} classifier
   */
  constructor(contract, finder, classifier) {
    this.#contract = contract;
    this.#finder = finder;
    this.#classifier = classifier;
  }

  /**
   * @param {Contract} contract
   * @param {{blazeface: GraphFiles, classifier: GraphFiles}} files already checked
   * @throws {ModelError} a model answers wrongly on this device
   */
  static async load(contract, files) {
    const finder = await BlazeFace.load(contract.finders.blazeface, files.blazeface);
    const classifier = await MaskClassifier.load(contract, files.classifier);
    return new MaskDetector(contract, finder, classifier);
  }

  /**
   * A verdict on every face of a picture, the surest face first.
   * @param {Frame} image
   * @returns {Promise<Verdict[]>}
   * @throws {ModelError} the model answers with something that is not a number
   */
  async detect(image) {
    return this.judge(image, await this.find(image));
  }

  /**
   * The faces alone.
   * @param {Frame} image
   * @returns {Promise<Face[]>}
   */
  find(image) {
    return this.#finder.find(image);
  }

  /**
   * A verdict on each of these faces, in their order.
   * @param {Frame} image
   * @param {Face[]} faces
   * @returns {Promise<Verdict[]>}
   */
  async judge(image, faces) {
    const large = faces.filter((face) => this.#largeEnough(face));
    const probabilities = await this.#classify(image, large);
    return faces.map((face) => this.#verdict(face, probabilities[large.indexOf(face)]));
  }

  /** @param {Face} face */
  #largeEnough(face) {
    return longerSide(face.box) >= this.#contract.smallest_face;
  }

  /**
   * @param {Frame} image
   * @param {Face[]} faces
   */
  #classify(image, faces) {
    const size = this.#contract.input_size;
    const scale = this.#finder.settings.crop_scale;
    const each = size * size * 3;
    const crops = new Float32Array(faces.length * each);
    faces.forEach((face, i) => {
      crop(image, face.box, scale, size, crops.subarray(i * each, (i + 1) * each));
    });
    return this.#classifier.classify(crops);
  }

  /**
   * @param {Face} face
   * @param {Float32Array} [probabilities] none if it is too small
   * @returns {Verdict}
   */
  #verdict({ box, score }, probabilities) {
    if (!probabilities) {
      return { label: TOO_SMALL, probability: 0, probabilities: {}, box, score };
    }
    const { labels, unsure_below: unsureBelow } = this.#contract;
    const named = Object.fromEntries(labels.map((label, i) => [label, probabilities[i]]));
    return { ...decide(probabilities, labels, unsureBelow), probabilities: named, box, score };
  }
}
