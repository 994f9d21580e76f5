/**
 * Tracks faces: each keeps its id, a smooth box and a stable verdict from frame to frame; twin of
 * `inference/tracking/tracker.py`.
 */

import { isSameFace } from '../vision/detections.js';
import { followDetections, isAlone, match } from './association.js';
import { GALLERY, Gallery } from './gallery.js';
import { TrackedFace } from './track.js';
import { iou, longerSide } from '../vision/geometry.js';
import { follow } from './template.js';
import { StableVerdict } from './verdict.js';

/** @import { ColorImage } from './appearance.js' */
/** @import { Found } from './association.js' */
/** @import { GalleryOptions } from './gallery.js' */
/** @import { Detection } from '../vision/detections.js' */
/** @import { DetectorSettings } from '../contract.js' */
/** @import { Track } from './track.js' */
/** @import { OneEuroOptions } from './filters.js' */
/** @import { Box } from '../vision/geometry.js' */
/** @import { GrayImage } from './template.js' */
/** @import { VerdictOptions } from './verdict.js' */

/**
 * What one pass of the detector found.
 * @typedef {object} DetectorPass
 * @property {Detection[]} detections in pixels of the frame
 * @property {GrayImage[][]} frames the pyramids of the frame that was passed to the detector and of
 *   those since, the current one last
 * @property {number} minFacePx smaller faces, in pixels of the frame, are not counted as missed
 * @property {ColorImage} [colors] the `thumbnail` of the frame that was passed to the detector; without
 *   it, a face that has left is not re-identified
 */

/**
 * When faces are tracked and reported.
 * @typedef {object} TrackingOptions
 * @property {number} startScore minimum score of a detection that starts a track; a weaker one only
 *   continues it
 * @property {number} minHits detections required before a track is reported (suppresses flicker)
 * @property {number} maxMisses passes in a row that may miss a face before its track ends
 * @property {number} minSimilarity correlation with its template below which a face is lost: it has
 *   turned, or is hidden
 * @property {number} matchScale see `matchIou`
 * @property {number} matchIou minimum IoU of the squares around two boxes that may be one face. The
 *   squares have `matchScale` times the longer side. They let a small face jump by most of its own
 *   size, where the boxes alone would no longer overlap.
 * @property {number} maxCoastMs how long a lost face is reported without a new detection
 * @property {number} maxAgeMs how long a lost face is remembered, to get its id back where it was
 *   lost; later, and elsewhere, it does so by its appearance: see `GalleryOptions`
 * @property {number} crowdScale the appearance is not taken from a detection whose square meets
 *   another one's; squares have `crowdScale` times the longer side of the face
 * @property {number} appearanceKept weight of the appearance so far, against that of a new detection
 * @property {OneEuroOptions} box smoothing of boxes; its unit is the longer side of the face
 */

/** @typedef {TrackingOptions & GalleryOptions & VerdictOptions} TrackerOptions */

/** @type {Readonly<TrackerOptions>} */
export const TRACKER = Object.freeze({
  startScore: 0.5,
  minHits: 2,
  maxMisses: 3,
  minSimilarity: 0.6,
  matchScale: 2,
  matchIou: 0.4,
  maxCoastMs: 400,
  maxAgeMs: 1000,
  crowdScale: 1.5,
  appearanceKept: 0.7,
  ...GALLERY,
  box: Object.freeze({ minCutoff: 1, beta: 5, speedCutoff: 1 }),
  timeConstantMs: 250,
  maxStepMs: 150,
  minProbability: 0.005,
  margin: 0.15,
  debounceMs: 100,
  unsureDebounceMs: 500,
  stableAfterMs: 500,
  reclassifyAfterMs: 200,
});

/**
 * Follows faces by their templates and corrects them by detections.
 *
 * Pure: callers pass timestamps in milliseconds, of any clock that does not go back. For each frame
 * call `follow`, then `correct` if a pass of the detector has ended, then `due` and `classify`, then
 * `report`.
 */
export class Tracker {
  #labels;
  #unsureBelow;
  #detector;
  #options = TRACKER;
  #lastId = 0;
  /** @type {TrackedFace[]} in order of their ids */
  #faces = [];
  #gallery = new Gallery(TRACKER);
  #slow = false;

  /**
   * All parameters are the contract’s.
   * @param {string[]} labels
   * @param {number} unsureBelow
   * @param {Pick<DetectorSettings, 'iou_threshold' | 'containment_threshold'>} detector
   */
  constructor(labels, unsureBelow, detector) {
    this.#labels = labels;
    this.#unsureBelow = unsureBelow;
    this.#detector = detector;
  }

  /** How many faces are tracked, reported or not. */
  get size() {
    return this.#faces.length;
  }

  /**
   * Longer side of the smallest face that another detection would confirm or bring back.
   * @returns {number | undefined} in pixels
   */
  get smallestUnconfirmedPx() {
    const faces = this.#faces.filter((face) => !face.confirmed || this.#isLost(face));
    return faces.length > 0 ? Math.min(...faces.map(({ box }) => longerSide(box))) : undefined;
  }

  /**
   * Move every face to where it is in a new frame.
   * @param {GrayImage[]} levels the pyramid of the frame
   * @param {number} nowMs
   * @param {boolean} [slow] whether frames are so far apart (`Pace.slow`) that one detection and one
   *   result of the classifier are enough
   */
  follow(levels, nowMs, slow = false) {
    this.#slow = slow;
    const { maxCoastMs } = this.#options;
    for (const face of this.#faces) {
      const expected = [face.predict(nowMs, maxCoastMs), face.box];
      const { box, similarity } = follow(levels, face.template, expected);
      face.similarity = similarity;
      if (!this.#isLost(face)) face.move(box, nowMs);
    }
    this.#keep(this.#distinct().filter((face) => this.#isRemembered(face, nowMs)));
    this.#gallery.expire(nowMs);
  }

  /**
   * Apply the detections of a pass. A detection was made on an earlier frame: it is followed through
   * the frames since, and dropped if it is lost on the way.
   * @param {DetectorPass} result
   * @param {number} nowMs
   */
  correct(result, nowMs) {
    const { detections, frames, minFacePx } = result;
    const colors = this.#slow ? undefined : result.colors;
    const { appearanceKept, crowdScale, minHits, minSimilarity } = this.#options;
    const found = followDetections({ detections, frames, colors }, minSimilarity);
    const matches = this.#match(found, nowMs);
    const known = [...this.#faces];
    found.forEach((one, index) => {
      const { box, score, template } = one;
      const face = matches.get(index) ?? this.#start(one, known, nowMs);
      if (!face) return;
      face.move(box, nowMs);
      const hits = face.hits + (this.#slow ? minHits : 1);
      Object.assign(face, { template, score, similarity: 1, hits, misses: 0 });
      if (hits >= minHits) this.#gallery.identify(face, one.appearance, nowMs);
      face.see(one, isAlone(one, found, crowdScale) ? appearanceKept : 1, nowMs);
    });
    this.#faces.sort((a, b) => a.id - b.id);
    const matched = new Set(matches.values());
    this.#countMisses(known.filter((face) => !matched.has(face)), minFacePx);
  }

  /**
   * The faces to classify in this frame, those that have waited longest first.
   * @param {number} nowMs
   * @param {number} most faces at most, so that no frame takes long
   * @returns {{id: number, box: Box}[]} boxes are not smoothed
   */
  due(nowMs, most) {
    const faces = this.#faces.filter(
      ({ seenMs, verdict }) => seenMs === nowMs && !verdict.stable(nowMs),
    );
    const chosen = faces.sort((a, b) => a.classifiedMs - b.classifiedMs).slice(0, most);
    for (const face of chosen) face.classifiedMs = nowMs;
    return chosen.map(({ id, box }) => ({ id, box }));
  }

  /**
   * Apply the classifier's result for a face.
   * @param {number} id
   * @param {Record<string, number>} probabilities empty if it is too small
   * @param {number} nowMs
   */
  classify(id, probabilities, nowMs) {
    this.#faces.find((face) => face.id === id)?.verdict.update(probabilities, nowMs, this.#slow);
  }

  /**
   * The faces that are confirmed and in view.
   * @param {number} nowMs
   * @returns {Track[]} in order of their ids
   */
  report(nowMs) {
    const { maxCoastMs } = this.#options;
    return this.#faces
      .filter(({ confirmed, seenMs }) => confirmed && nowMs - seenMs <= maxCoastMs)
      .map((face) => face.report(nowMs));
  }

  /** Forget all faces, as when another camera is chosen. Ids are not reused. */
  reset() {
    this.#faces = [];
    this.#gallery.clear();
  }

  /**
   * A new face; undefined if the detection is weak, or part of a face that is known.
   * @param {Found} found
   * @param {TrackedFace[]} known
   * @param {number} nowMs
   */
  #start({ box, score }, known, nowMs) {
    if (score < this.#options.startScore) return undefined;
    if (known.some((face) => isSameFace(box, face.box, this.#detector))) return undefined;
    this.#lastId += 1;
    const verdict = new StableVerdict(this.#labels, this.#unsureBelow, this.#options);
    const face = new TrackedFace(this.#lastId, verdict, this.#options.box, nowMs);
    this.#faces.push(face);
    return face;
  }

  /**
   * @param {TrackedFace[]} missed
   * @param {number} minFacePx
   */
  #countMisses(missed, minFacePx) {
    const { minHits, maxMisses } = this.#options;
    for (const face of missed) if (longerSide(face.box) >= minFacePx) face.misses += 1;
    this.#keep(
      this.#faces.filter(({ hits, misses }) => misses <= (hits >= minHits ? maxMisses : 0)),
    );
  }

  /**
   * End the tracks of all other faces.
   * @param {TrackedFace[]} faces
   */
  #keep(faces) {
    this.#gallery.add(this.#faces.filter((face) => face.confirmed && !faces.includes(face)));
    this.#faces = faces;
  }

  /**
   * @param {TrackedFace} face
   * @param {number} nowMs
   */
  #isRemembered({ hits, seenMs }, nowMs) {
    const { minHits, maxAgeMs, maxCoastMs } = this.#options;
    return nowMs - seenMs <= (hits >= minHits ? maxAgeMs : maxCoastMs);
  }

  /**
   * The faces without those that overlap an older one; followed faces take priority over lost ones.
   */
  #distinct() {
    /** @type {TrackedFace[]} */
    const kept = [];
    const lost = this.#faces.filter((face) => this.#isLost(face));
    const { iou_threshold: limit } = this.#detector;
    for (const face of [...this.#faces.filter((one) => !lost.includes(one)), ...lost]) {
      if (kept.every(({ box }) => iou(face.box, box) <= limit)) kept.push(face);
    }
    return kept.sort((a, b) => a.id - b.id);
  }

  /** @param {TrackedFace} face */
  #isLost({ similarity }) {
    return similarity < this.#options.minSimilarity;
  }

  /**
   * The known faces by the index of their detections. A lost face may have stopped, so its last box
   * counts as much as the predicted one.
   * @param {Found[]} found
   * @param {number} nowMs
   * @returns {Map<number, TrackedFace>}
   */
  #match(found, nowMs) {
    const { matchScale, matchIou, maxCoastMs } = this.#options;
    const expected = this.#faces.flatMap((face) =>
      [face.predict(nowMs, maxCoastMs), face.box].map((box) => ({ face, box })),
    );
    return match(found, expected, matchScale, matchIou);
  }
}
