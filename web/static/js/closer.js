/**
 * Closer looks: what may be a face at first sight is looked at again, larger; twin of
 * `inference/closer.py`.
 */

import { iou, longerSide, squareAround } from './geometry.js';
import { within } from './views.js';

/** @import { BlazeFace, Face } from './faces.js' */
/** @import { Box, Frame } from './geometry.js' */
/** @import { FinderSettings } from './contract.js' */

/** Score at first sight from which something may be a face; half of what has it is none. */
const POSSIBLE = 0.3;

/** Mean score of the first look and the best closer one from which it is a face. */
const SURE = 0.575;

/** Sides of the face that closer looks show; some faces show in one alone. */
export const SIDES = Object.freeze([4, 3]);

/** So many at least: else a closer look shows less than the first. */
const LEAST = 2;

/**
 * How a finder is set for first sights.
 * @param {FinderSettings} settings as the contract has them
 * @returns {FinderSettings}
 */
export function possible(settings) {
  return { ...settings, score_threshold: POSSIBLE };
}

/**
 * What a closer look shows: the face with what is round it.
 * @param {Box} box
 * @param {{width: number, height: number}} picture
 * @param {number} sides of the face
 * @returns {Box | undefined} a square within the picture; none for a face that fills much of it,
 *   which the first look shows as well
 */
export function closerView(box, picture, sides) {
  const view = within(squareAround(box, sides), picture);
  return view.right - view.left < LEAST * longerSide(box) ? undefined : view;
}

/** For photos: what BlazeFace sees is a face if a closer look says so too. */
export class SureFinder {
  #finder;

  /** @param {BlazeFace} finder set as `possible` says */
  constructor(finder) {
    this.#finder = finder;
    this.settings = finder.settings;
  }

  /**
   * The faces of a picture, the surest first; `score` is the mean of the first look
   * and the best closer one.
   * @param {Frame} image
   * @returns {Promise<Face[]>}
   * @throws {ModelError} the model answers with something that is not a number
   */
  async find(image) {
    const faces = [];
    for (const face of await this.#finder.find(image)) {
      faces.push({ ...face, score: (face.score + (await this.#lookCloser(image, face))) / 2 });
    }
    return faces.filter(({ score }) => score >= SURE).sort((a, b) => b.score - a.score);
  }

  /**
   * @param {Frame} image
   * @param {Face} face as the first look saw it
   * @returns {Promise<number>} the best score of a face at the same place; 0 if there is none
   */
  async #lookCloser(image, { box, score: first }) {
    let best = 0;
    for (const sides of SIDES) {
      const view = closerView(box, image, sides);
      const found = view ? await this.#finder.findIn(image, view) : [{ box, score: first }];
      const same = found.filter((face) => iou(face.box, box) > this.settings.iou_threshold);
      best = Math.max(best, ...same.map(({ score }) => score));
    }
    return best;
  }
}
