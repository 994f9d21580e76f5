/** The faces that the finder has seen lately, each with its looks to follow it by. */

import { Denied, isTooEarly } from './denied.js';
import { iou, longerSide } from './geometry.js';
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
 * @property {boolean} believed in, since a closer look at it saw a face as well
 * @property {number} sure the mean score of both looks that makes it believed in
 * @property {number} denials closer looks at its place that saw none
 * @property {number} faint looks in a row that saw it less than clearly
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
 * @property {Grey[]} levels of the frame
 * @property {number} now in milliseconds
 */

/** When a face is told of, and when it is given up. */
export const KNOWN = Object.freeze({
  /**
   * Mean score of the first and a closer look from which a face is believed in. On street photos
   * this finds 9 % more faces than 0.6 at the first look alone, at as many false ones (711 pictures
   * without a face among them).
   */
  sure: 0.6,
  /** The same for what only a half of the frame shows, small: so a cup seems a face at up to 0.58. */
  smallSure: 0.65,
  /** As a share of the half's side, what is small. */
  small: 0.2,
  /** Score that is clear enough for a face that is believed in. */
  clear: 0.5,
  /** Looks in a row that may see it less clearly; then a closer look must see it clearly. */
  faint: 4,
  /** By this factor a face may be larger or smaller than when it was seen last. */
  growth: 1.5,
  /** Milliseconds for which no new face may reach over one that was given up. */
  remembered: 500,
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
  /** @type {Known[]} */
  #gone = []; // given up lately
  #denied = new Denied((a, b) => this.#isSame(a, b));
  #same;

  /** @param {number} same two boxes whose IoU is above this are one face */
  constructor(same) {
    this.#same = same;
  }

  /** @returns {Known[]} those to tell of */
  get faces() {
    return this.#faces.filter(({ believed }) => believed);
  }

  /** Whether one must be looked for at once, since it can no longer be followed. */
  get lost() {
    return this.faces.some(({ likeness }) => likeness < KNOWN.lost);
  }

  /** @returns {Known | undefined} the likeliest of those that need a closer look */
  get doubtful() {
    const some = this.#faces.filter(({ believed, faint }) => !believed || faint > KNOWN.faint);
    return some.sort((a, b) => b.score - a.score)[0];
  }

  /** Forget all. */
  clear() {
    this.#faces = [];
    this.#gone = [];
    this.#denied.clear();
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
    this.#gone = this.#gone.filter(({ at }) => sight.now - at < KNOWN.remembered);
    const unmatched = new Set(this.#faces);
    const seen = found.flatMap((face) => {
      const old = this.#match(face, unmatched);
      if (!old) return this.#begin(face, sight);
      unmatched.delete(old);
      const faint = face.score < KNOWN.clear ? old.faint + 1 : 0;
      if (old.whole && !sight.whole && old.likeness >= KNOWN.lost) return [{ ...old, faint, misses: 0 }];
      const { speed, judged, believed, denials } = old;
      return [{ ...fresh(face, sight), speed, judged, believed, denials, faint }];
    });
    const missed = [...unmatched].map((face) => {
      return { ...face, misses: face.misses + (contains(sight.view, face.box) ? 1 : 0) };
    });
    const kept = missed.filter((f) => {
      return f.likeness >= KNOWN.lost && f.misses <= (f.believed ? KNOWN.misses : 0);
    });
    this.#gone.push(...missed.filter((face) => face.believed && !kept.includes(face)));
    this.#faces = [...seen, ...kept];
  }

  /**
   * Believe in a doubtful one, or give it up.
   * @param {Known} doubtful
   * @param {Pick<Face, 'box' | 'score'>[]} found by a closer look at it
   * @param {number} now in milliseconds
   */
  confirm(doubtful, found, now) {
    const { believed, sure, score: first } = doubtful;
    const same = found.filter(({ box }) => this.#isSame(doubtful.box, box));
    const enough = (/** @type {Pick<Face, 'score'>} */ { score }) => {
      return believed ? score >= KNOWN.clear : (first + score) / 2 >= sure;
    };
    if (same.some(enough)) {
      Object.assign(doubtful, { believed: true, faint: 0 });
    } else {
      this.#faces = this.#faces.filter((face) => face !== doubtful);
      this.#denied.add({ box: doubtful.box, score: first, denials: doubtful.denials + 1, at: now });
    }
  }

  /**
   * @param {Face} face that is none of the known ones
   * @param {Sight} sight
   * @returns {Known[]} none where it is not worth a closer look now
   */
  #begin(face, sight) {
    if (this.#covers(face)) return [];
    const before = this.#denied.near(face.box, sight.now);
    if (before && isTooEarly(before, face.score, sight.now)) return [];
    return [{ ...fresh(face, sight), denials: before?.denials ?? 0 }];
  }

  /**
   * Whether a new one reaches over one that is known or just was: in a blurred picture the finder
   * sees such faces.
   * @param {Face} face
   */
  #covers({ box }) {
    return [...this.#faces, ...this.#gone].some((known) => {
      return contains(box, known.box) && !this.#isSame(known.box, box); // one that is back may be told of
    });
  }

  /**
   * @param {Face} face
   * @param {Set<Known>} among
   */
  #match({ box }, among) {
    const [best] = [...among]
      .filter((known) => this.#isSame(known.box, box))
      .sort((a, b) => iou(b.box, box) - iou(a.box, box));
    return best;
  }

  /**
   * Whether two boxes are of one face.
   * @param {Box} a
   * @param {Box} b
   */
  #isSame(a, b) {
    return iou(a, b) > this.#same && alike(a, b);
  }
}

/**
 * Whether two boxes may be of one face by their sizes.
 * @param {Box} a
 * @param {Box} b
 */
function alike(a, b) {
  const [smaller, larger] = [longerSide(a), longerSide(b)].sort((x, y) => x - y);
  return larger <= KNOWN.growth * smaller;
}

/**
 * @param {Face} face
 * @param {Sight} sight
 * @returns {Known}
 */
function fresh({ box, score }, { view, whole, levels, now }) {
  const small = longerSide(box) < KNOWN.small * (view.right - view.left);
  const sure = small && !whole ? KNOWN.smallSure : KNOWN.sure;
  const seen = { box, score, look: lookOf(levels, box), likeness: 1, at: now, speed: STILL };
  return { ...seen, whole, sure, believed: false, denials: 0, faint: 0, misses: 0, judged: -Infinity };
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
