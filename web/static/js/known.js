/** The faces that the finder has seen lately, each with its looks to follow it by. */

import { iou } from './geometry.js';
import { follow, lookOf } from './refine.js';

/** @import { Box } from './geometry.js' */
/** @import { Face } from './faces.js' */
/** @import { Grey, Look } from './refine.js' */

/**
 * @typedef {object} Known
 * @property {Box} box
 * @property {number} score of the finder
 * @property {Look} look as it was when found last
 * @property {number} likeness 1 when found, else as `follow` gives it
 * @property {boolean} whole whether the view of the whole frame shows it
 * @property {number} finds looks that found it
 * @property {number} misses looks in a row that did not find it
 * @property {number} judged when the classifier saw it last, in milliseconds
 * @property {number} at when the box was measured, in milliseconds
 * @property {Box} speed of its four edges, in pixels a millisecond
 */

/**
 * A look of the finder.
 * @typedef {object} Sight
 * @property {Box} view what it saw of the frame
 * @property {boolean} whole whether that is all of it
 * @property {(face: Face) => boolean} accepts whether to believe in a face that was not known
 * @property {Grey[]} levels of the frame
 * @property {number} now in milliseconds
 */

/** When a face is told of, and when it is given up. */
export const KNOWN = Object.freeze({
  /** Looks that must find a face which the view of the whole frame does not show. */
  finds: 2,
  /** Below this likeness a face may be lost: it has turned, or something is before it. */
  lost: 0.6,
  /** Looks in a row that may overlook a face which can still be followed. */
  misses: 4,
});

/** @type {(keyof Box)[]} */
const EDGES = ['left', 'top', 'right', 'bottom'];
const STILL = { left: 0, top: 0, right: 0, bottom: 0 };

export class KnownFaces {
  /** @type {Known[]} */
  #faces = [];
  #same;

  /** @param {number} same two boxes whose IoU is above this are one face */
  constructor(same) {
    this.#same = same;
  }

  /** @returns {Known[]} those to tell of */
  get faces() {
    return this.#faces.filter(({ whole, finds }) => whole || finds >= KNOWN.finds);
  }

  /** Whether one can no longer be followed. */
  get lost() {
    return this.#faces.some(({ likeness }) => likeness < KNOWN.lost);
  }

  /** Forget all. */
  clear() {
    this.#faces = [];
  }

  /**
   * Move each to where it is now.
   * @param {Grey[]} levels of the present frame
   * @param {number} now in milliseconds
   */
  follow(levels, now) {
    const there = this.#faces.map((face) => followed(face, levels, now));
    this.#faces = there.filter((face, i) => {
      return !there.slice(0, i).some(({ box }) => iou(box, face.box) > this.#same);
    });
  }

  /**
   * Take in what a look found. A face keeps the box of the view of the whole frame, if that shows
   * it: the finder's boxes differ a little from view to view, which would look like trembling.
   * @param {Face[]} found
   * @param {Sight} sight
   */
  see(found, sight) {
    const unmatched = new Set(this.#faces);
    const seen = found.flatMap((face) => {
      const old = this.#match(face, unmatched);
      if (!old) return sight.accepts(face) ? [fresh(face, sight)] : [];
      unmatched.delete(old);
      const finds = old.finds + 1;
      if (old.whole && !sight.whole && old.likeness >= KNOWN.lost) return [{ ...old, finds, misses: 0 }];
      const { speed, judged } = old;
      return [{ ...fresh(face, sight), speed, judged, finds }];
    });
    const missed = [...unmatched].map((face) => {
      return { ...face, misses: face.misses + (contains(sight.view, face.box) ? 1 : 0) };
    });
    const kept = missed.filter((f) => f.likeness >= KNOWN.lost && f.misses <= KNOWN.misses);
    this.#faces = [...seen, ...kept];
  }

  /**
   * @param {Face} face
   * @param {Set<Known>} among
   */
  #match({ box }, among) {
    const [best] = [...among]
      .map((face) => ({ face, overlap: iou(face.box, box) }))
      .filter(({ overlap }) => overlap > this.#same)
      .sort((a, b) => b.overlap - a.overlap);
    return best?.face;
  }
}

/**
 * @param {Face} face
 * @param {Sight} sight
 * @returns {Known}
 */
function fresh({ box, score }, { whole, levels, now }) {
  const seen = { box, score, look: lookOf(levels, box), likeness: 1, at: now, speed: STILL };
  return { ...seen, whole, finds: 1, misses: 0, judged: -Infinity };
}

/**
 * @param {Known} face
 * @param {Grey[]} levels
 * @param {number} now
 * @returns {Known}
 */
function followed(face, levels, now) {
  const elapsed = Math.max(1, now - face.at);
  const expected = [moved(face.box, face.speed, elapsed), face.box]; // people go on, or stop
  const { box, likeness } = follow(levels, face.look, expected);
  const speed = { ...STILL };
  for (const edge of EDGES) speed[edge] = (box[edge] - face.box[edge]) / elapsed;
  return { ...face, box, likeness, speed, at: now };
}

/**
 * @param {Box} box
 * @param {Box} speed
 * @param {number} elapsed
 */
function moved(box, speed, elapsed) {
  const there = { ...box };
  for (const edge of EDGES) there[edge] += speed[edge] * elapsed;
  return there;
}

/**
 * Whether the middle of a box lies in a view.
 * @param {Box} view
 * @param {Box} box
 */
function contains(view, box) {
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2;
  return x >= view.left && x < view.right && y >= view.top && y < view.bottom;
}
