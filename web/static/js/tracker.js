/**
 * Follows faces from one picture to the next: each keeps its id, a calm box and a steady verdict.
 */

import { BoxFilter } from './filters.js';
import { iou, squareAround } from './geometry.js';
import { SteadyVerdict } from './verdict.js';

/** @import { Box } from './geometry.js' */
/** @import { OneEuroOptions } from './filters.js' */
/** @import { VerdictOptions } from './verdict.js' */

/**
 * What is told of a face.
 * @typedef {object} Track
 * @property {number} id from 1; never used for another face
 * @property {Box} box smoothed, in pixels of the picture
 * @property {number} score how sure the finder was last that it is a face, 0 to 1
 * @property {string} label steady: one of the contract's labels, `unsure` or `too_small`
 * @property {number} probability of the label, smoothed, 0 to 1; of the likeliest one if unsure; 0
 *   if none is known
 * @property {Record<string, number>} probabilities of every label, smoothed; empty if none is known
 * @property {boolean} settled the classifier may leave the face out for now: see `SteadyVerdict`
 */

/**
 * A face in a picture. Its probabilities are undefined where it was not classified this time, and
 * empty where it is too small.
 * @typedef {{box: Box, score: number, probabilities?: Record<string, number>}} Sighting
 */

/**
 * @typedef {object} FollowOptions
 * @property {number} reach see `overlap`
 * @property {number} overlap two boxes may be one face if the squares about them, with `reach` times
 *   their longer side, have at least this IoU. The squares let a small face jump by most of its
 *   own size, where the boxes alone would no longer meet.
 * @property {number} confirm sightings before a face is told of, so that a false one does not flash
 * @property {number} coast milliseconds that an unseen face is still told of
 * @property {number} keep milliseconds that an unseen face is remembered, to get its id back
 * @property {number} ahead milliseconds that motion is foreseen at most
 * @property {OneEuroOptions} box smoothing of boxes; its unit is the longer side of the face
 */

/** @typedef {FollowOptions & VerdictOptions} TrackerOptions */

/** @type {Readonly<TrackerOptions>} */
export const TRACKER = Object.freeze({
  reach: 2,
  overlap: 0.4,
  confirm: 2,
  coast: 400,
  keep: 1000,
  ahead: 300,
  box: Object.freeze({ minCutoff: 1, beta: 5, speedCutoff: 1 }),
  smoothing: 250,
  longest: 150,
  floor: 0.005,
  margin: 0.15,
  hold: 100,
  doubt: 500,
  settleAfter: 500,
  recheck: 200,
});

/** A face that was seen. */
class KnownFace {
  seen = 0; // when it was last, in milliseconds
  sightings = 0;
  score = 0;
  motion;
  verdict;

  /**
   * @param {number} id
   * @param {BoxFilter} motion
   * @param {SteadyVerdict} verdict
   */
  constructor(id, motion, verdict) {
    this.id = id;
    this.motion = motion;
    this.verdict = verdict;
  }

  /**
   * @param {Sighting} sighting
   * @param {number} now
   */
  see({ box, score, probabilities }, now) {
    this.motion.update(box, now);
    if (probabilities) this.verdict.see(probabilities, now);
    this.score = score;
    this.seen = now;
    this.sightings += 1;
  }

  /**
   * @param {number} now
   * @returns {Track}
   */
  track(now) {
    const { id, score, verdict, motion } = this;
    const { label, probability, probabilities } = verdict;
    const settled = verdict.settled(now);
    return { id, box: motion.box, score, label, probability, probabilities, settled };
  }
}

/**
 * Pure: no clock, no page. Times are milliseconds of any clock that does not go back.
 *
 * Faces are matched greedily, the best overlap with where a known face is expected first. For the
 * few faces of a webcam this gives what an optimal assignment would, except in crowds that jump by
 * more than half their distance between two pictures.
 */
export class Tracker {
  #labels;
  #unsureBelow;
  #options;
  #lastId = 0;
  /** @type {KnownFace[]} in order of their ids */
  #known = [];

  /**
   * @param {string[]} labels of the contract
   * @param {number} unsureBelow of the contract: a probability below this is not told as a verdict
   * @param {Partial<TrackerOptions>} [options]
   */
  constructor(labels, unsureBelow, options = TRACKER) {
    this.#labels = labels;
    this.#unsureBelow = unsureBelow;
    this.#options = { ...TRACKER, ...options };
  }

  /**
   * Take in the faces of a picture.
   * @param {Sighting[]} faces
   * @param {number} now in milliseconds
   * @returns {Track[]} in order of their ids
   */
  update(faces, now) {
    this.#known = this.#remembered(now);
    const matches = this.#match(faces, now);
    faces.forEach((face, i) => (matches.get(i) ?? this.#meet()).see(face, now));
    return this.#known.filter((known) => this.#told(known, now)).map((known) => known.track(now));
  }

  /**
   * Which of these faces the classifier should see: new ones, and those whose verdict is not
   * settled. Nothing changes by asking.
   * @param {{box: Box}[]} faces found in a picture that `update` has not taken in
   * @param {number} now in milliseconds
   * @returns {boolean[]} one a face
   */
  due(faces, now) {
    const matches = this.#match(faces, now);
    return faces.map((_, i) => !matches.get(i)?.verdict.settled(now));
  }

  /** Forget all faces, as when another camera is chosen. Ids go on. */
  reset() {
    this.#known = [];
  }

  #meet() {
    this.#lastId += 1;
    const known = new KnownFace(
      this.#lastId,
      new BoxFilter(this.#options.box),
      new SteadyVerdict(this.#labels, this.#unsureBelow, this.#options),
    );
    this.#known.push(known);
    return known;
  }

  /**
   * The known faces without those unseen for too long, which is sooner where they were not told of:
   * a false one should not wait for its confirmation.
   * @param {number} now
   */
  #remembered(now) {
    const { confirm, coast, keep } = this.#options;
    return this.#known.filter(({ sightings, seen }) => {
      return now - seen <= (sightings < confirm ? coast : keep);
    });
  }

  /**
   * @param {KnownFace} known
   * @param {number} now
   */
  #told({ sightings, seen }, now) {
    return sightings >= this.#options.confirm && now - seen <= this.#options.coast;
  }

  /**
   * @param {{box: Box}[]} faces
   * @param {number} now
   * @returns {Map<number, KnownFace>} by the index of the face
   */
  #match(faces, now) {
    const { ahead, reach, overlap: least } = this.#options;
    const expected = this.#remembered(now).map((known) => {
      return { known, square: squareAround(known.motion.predict(now, ahead), reach) };
    });
    const pairs = faces.flatMap(({ box }, index) => {
      const found = squareAround(box, reach);
      return expected.map(({ known, square }) => ({ index, known, overlap: iou(found, square) }));
    });
    const matches = new Map();
    const taken = new Set();
    for (const { index, known } of best(pairs, least)) {
      if (matches.has(index) || taken.has(known)) continue;
      matches.set(index, known);
      taken.add(known);
    }
    return matches;
  }
}

/**
 * The pairs that may be one face, the best first.
 * @template {{overlap: number}} T
 * @param {T[]} pairs
 * @param {number} least
 */
function best(pairs, least) {
  return pairs
    .filter(({ overlap }) => overlap >= least)
    .sort((a, b) => b.overlap - a.overlap);
}
