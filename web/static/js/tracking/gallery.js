/** Faces that have left, for re-identification; twin of `inference/tracking/gallery.py`. */

import { appearanceDistance } from './appearance.js';
import { longerSide } from '../vision/geometry.js';

/** @import { Appearance } from './appearance.js' */
/** @import { TrackedFace } from './track.js' */

/**
 * When a face is one that has left before.
 * @typedef {object} GalleryOptions
 * @property {number} maxAbsenceMs how long a face is kept since its latest detection; shorter than
 *   `TALLY.maxGapMs`
 * @property {number} reach how far away it may come back, in longer sides of the face
 * @property {number} reachPerS what each second of absence adds to `reach`
 * @property {number} maxGrowth how many times as large, or as small, it may be
 * @property {number} maxDistance maximum `appearanceDistance` of the same person
 * @property {number} doubtDistance a face that is nearer than this may be the same person, partly
 *   hidden still
 * @property {number} maxDoubtMs how long such a face is not reported, until its appearance decides;
 *   then it is a new one
 * @property {number} minLead by how much a face in view must be more like one that has left than like
 *   its own track, to get the other identity: its track has jumped from one person to the other
 */

/** @type {Readonly<GalleryOptions>} */
export const GALLERY = Object.freeze({
  maxAbsenceMs: 4000,
  reach: 1,
  reachPerS: 1.5,
  maxGrowth: 2,
  maxDistance: 0.25,
  doubtDistance: 0.45,
  maxDoubtMs: 600,
  minLead: 0.1,
});

/**
 * The faces whose tracks have ended. When in doubt, a face is not re-identified. Pure: no clock.
 */
export class Gallery {
  #options;
  /** @type {TrackedFace[]} */
  #faces = [];

  /** @param {GalleryOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Keep faces whose tracks have ended; those of unknown appearance are not kept.
   * @param {TrackedFace[]} faces
   */
  add(faces) {
    this.#faces.push(...faces.filter(({ appearance }) => appearance));
  }

  /**
   * Forget the faces that left too long ago.
   * @param {number} nowMs
   */
  expire(nowMs) {
    const limit = nowMs - this.#options.maxAbsenceMs;
    this.#faces = this.#faces.filter(({ detectedMs }) => detectedMs >= limit);
  }

  /** Forget all faces. */
  clear() {
    this.#faces = [];
  }

  /**
   * Decide who a face in view is. A new face is confirmed once that is certain.
   * @param {TrackedFace} face
   * @param {Appearance | undefined} seen its appearance in the latest detection
   * @param {number} nowMs
   */
  identify(face, seen, nowMs) {
    if (face.confirmed && seen) this.#correct(face, seen, nowMs);
    face.confirmed ||= !seen || this.#recognize(face, seen, nowMs);
  }

  /**
   * Give a new face the identity of the one that has left and is most like it, if any.
   * @param {TrackedFace} face
   * @param {Appearance} seen
   * @param {number} nowMs
   * @returns {boolean} whether its identity is final; otherwise it takes another detection
   */
  #recognize(face, seen, nowMs) {
    const { doubtDistance, maxDistance, maxDoubtMs } = this.#options;
    const { distance, known } = this.#nearest(face, seen, nowMs);
    if (known && distance <= maxDistance) {
      face.exchangeIdentity(known);
      this.#faces = this.#faces.filter((one) => one !== known);
      return true;
    }
    return distance > doubtDistance || nowMs - face.firstMs >= maxDoubtMs;
  }

  /**
   * Exchange the identity of a face for that of one that has left, if its track has jumped.
   *
   * When two people cross, a track may go on with the one in front, so that the track of that one
   * ends. The identity that the face had until now is kept as the one that has left.
   * @param {TrackedFace} face
   * @param {Appearance} seen
   * @param {number} nowMs
   */
  #correct(face, seen, nowMs) {
    const { maxDistance, minLead } = this.#options;
    const { distance, known } = this.#nearest(face, seen, nowMs);
    if (!known || !face.appearance || distance > maxDistance) return;
    const lead = appearanceDistance(seen, face.appearance) - distance;
    if (lead >= minLead) face.exchangeIdentity(known);
  }

  /**
   * The kept face that is most like one in view, and their distance; infinite without any.
   * @param {TrackedFace} face
   * @param {Appearance} seen
   * @param {number} nowMs
   */
  #nearest(face, seen, nowMs) {
    /** @type {{distance: number, known: TrackedFace | undefined}} */
    let nearest = { distance: Infinity, known: undefined };
    for (const known of this.#faces) {
      if (!known.appearance || !this.#isInReach(face, known, nowMs)) continue;
      const distance = appearanceDistance(seen, known.appearance);
      if (distance < nearest.distance) nearest = { distance, known };
    }
    return nearest;
  }

  /**
   * @param {TrackedFace} face
   * @param {TrackedFace} known
   * @param {number} nowMs
   */
  #isInReach({ box: here }, { detected: there, detectedMs }, nowMs) {
    const { maxGrowth, reach, reachPerS } = this.#options;
    const [small, large] = [longerSide(here), longerSide(there)].sort((a, b) => a - b);
    if (large > maxGrowth * small) return false;
    const dx = (here.left + here.right - there.left - there.right) / 2;
    const dy = (here.top + here.bottom - there.top - there.bottom) / 2;
    const absentS = (nowMs - detectedMs) / 1000;
    return Math.hypot(dx, dy) <= (reach + reachPerS * absentS) * large;
  }
}
