/**
 * Counts people, and how many of them wore a mask. Twin of `inference/tracking/tally.py`, which
 * returns totals instead of changes.
 */

import { UNSURE, isDefinite } from '../labels.js';

/** @import { DefiniteLabel } from '../labels.js' */
/** @import { Track } from './track.js' */

/** @typedef {DefiniteLabel | 'unsure'} CountedLabel `unsure` is without a definite label so far */

/**
 * A change of the number of people, or of those under a label, by `step`. `atMs` is when the person
 * was first counted, also if their label changes later; Unix time in milliseconds.
 * @typedef {{atMs: number, name: 'people' | CountedLabel, step: 1 | -1}} TallyChange
 */

/**
 * A face in view; `countedAtMs` is Unix time, and undefined until it counts.
 * @typedef {{firstMs: number, lastMs: number, countedAtMs?: number, label: CountedLabel}} CountedFace
 */

export const TALLY = Object.freeze({
  minVisibleMs: 1000, // to count; a frame stands for the time since the one before
  maxGapMs: 5000, // how long a track may be missing; longer than the tracker keeps it
});

/**
 * Counts each face once, under its latest definite label. Pure: no clock, no page; memory is
 * bounded.
 */
export class Tally {
  /** @type {Map<number, CountedFace>} by track id */
  #faces = new Map();
  /** @type {number | undefined} */
  #updatedMs;
  #intervalMs = 0;

  /**
   * Process the tracks of a frame.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} nowMs on any clock that does not go back
   * @param {number} atMs the same moment, for the changes; Unix time in milliseconds
   * @returns {TallyChange[]}
   */
  update(tracks, nowMs, atMs) {
    const intervalMs = nowMs - (this.#updatedMs ?? nowMs);
    const sinceMs = nowMs - Math.min(intervalMs, this.#intervalMs); // a gap counts for nothing
    this.#updatedMs = nowMs;
    this.#intervalMs = intervalMs;
    const changes = tracks.flatMap((track) => {
      const face = this.#faceOf(track, sinceMs, nowMs);
      return updateFace(face, track.label, nowMs, atMs);
    });
    for (const [id, { lastMs }] of this.#faces) {
      if (nowMs - lastMs > TALLY.maxGapMs) this.#faces.delete(id);
    }
    return changes;
  }

  /**
   * When a face that is in view was counted, as Unix time.
   * @param {number} id of its track
   * @returns {number | undefined} undefined if it was not
   */
  countedAtMs(id) {
    return this.#faces.get(id)?.countedAtMs;
  }

  /**
   * @param {Pick<Track, 'id'>} track
   * @param {number} sinceMs since when the frame stands for what it shows
   * @param {number} nowMs
   * @returns {CountedFace}
   */
  #faceOf({ id }, sinceMs, nowMs) {
    const face = this.#faces.get(id) ?? { firstMs: sinceMs, lastMs: nowMs, label: UNSURE };
    this.#faces.set(id, face);
    face.lastMs = nowMs;
    return face;
  }
}

/**
 * @param {CountedFace} face
 * @param {string} label in this frame
 * @param {number} nowMs
 * @param {number} atMs Unix time
 * @returns {TallyChange[]}
 */
function updateFace(face, label, nowMs, atMs) {
  const { label: before, firstMs, countedAtMs } = face;
  if (isDefinite(label)) face.label = label;
  if (countedAtMs === undefined) {
    if (nowMs - firstMs < TALLY.minVisibleMs) return [];
    face.countedAtMs = atMs;
    return [{ atMs, name: 'people', step: 1 }, { atMs, name: face.label, step: 1 }];
  }
  if (face.label === before) return [];
  return [
    { atMs: countedAtMs, name: before, step: -1 },
    { atMs: countedAtMs, name: face.label, step: 1 },
  ];
}
