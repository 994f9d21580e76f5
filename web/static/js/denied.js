/** Places where a closer look saw no face, so that none is looked at again and again. */

/** @import { Box } from './geometry.js' */

/** @typedef {{box: Box, score: number, denials: number, at: number}} Place `denials` in a row */

/** When a place is looked at again. */
export const DENIED = Object.freeze({
  /** Milliseconds after the first denial; twice as long after the second … */
  wait: 500,
  /** … up to so many times as long. */
  longest: 3,
  /** What is seen with a score higher by this may be somebody who came: it is looked at now. */
  surer: 0.15,
});

export class Denied {
  /** @type {Place[]} */
  #places = [];
  #isSame;

  /** @param {(a: Box, b: Box) => boolean} isSame whether two boxes may be of one thing */
  constructor(isSame) {
    this.#isSame = isSame;
  }

  /** @param {Place} place */
  add(place) {
    this.#places.push(place);
  }

  /**
   * The last denial near a box that counts.
   * @param {Box} box
   * @param {number} now in milliseconds
   * @returns {Place | undefined}
   */
  near(box, now) {
    this.#places = this.#places.filter((place) => now - place.at < 2 * waitOf(place));
    return this.#places.findLast((place) => this.#isSame(place.box, box));
  }

  /** Forget all. */
  clear() {
    this.#places = [];
  }
}

/**
 * Whether it is too early to look closer at something again.
 * @param {Place} before
 * @param {number} score of what is seen there now
 * @param {number} now in milliseconds
 */
export function isTooEarly(before, score, now) {
  return now - before.at < waitOf(before) && score < before.score + DENIED.surer;
}

/** @param {Place} place */
function waitOf({ denials }) {
  return DENIED.wait * Math.min(denials, DENIED.longest);
}
