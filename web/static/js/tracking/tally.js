/**
 * Counts people, and how many of them wore a mask. The totals are the twin of
 * `inference/tracking/tally.py`.
 */

import { DEFINITE_LABELS, isDefinite } from '../labels.js';

/** @import { DefiniteLabel } from '../labels.js' */
/** @import { Track } from './track.js' */

/**
 * Number of distinct faces: in total, and by definite label.
 * @typedef {{faces: number, with_mask: number, without_mask: number, incorrect_mask: number}} Totals
 */

/**
 * One point of the chart: the interval that begins at `atMs`, the number of definite labels in it,
 * and the share of these, 0 to 1, that were masked; null without any.
 * @typedef {{atMs: number, share: number | null, classified: number}} Point
 */

/** @typedef {{firstMs: number, lastMs: number, counted: boolean, label?: DefiniteLabel}} CountedFace */

export const TALLY = Object.freeze({
  minVisibleMs: 1000, // to count; a frame stands for the time since the one before
  maxGapMs: 5000, // how long a track may be missing; longer than the tracker keeps it
  bucketMs: 10_000, // interval of one point of the chart
  historyMs: 600_000, // longest chart
});

/**
 * Counts each face once, under its latest definite label. Pure: no clock, no page; memory is
 * bounded.
 */
export class Tally {
  #totals = noFaces();
  /** @type {Map<number, CountedFace>} by track id */
  #faces = new Map();
  /** @type {{atMs: number, classified: number, masked: number}[]} oldest first */
  #buckets = [];
  /** @type {number | undefined} */
  #updatedMs;
  #intervalMs = 0;

  /**
   * Process the tracks of a frame.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} nowMs
   */
  update(tracks, nowMs) {
    const intervalMs = nowMs - (this.#updatedMs ?? nowMs);
    const sinceMs = nowMs - Math.min(intervalMs, this.#intervalMs); // a gap counts for nothing
    this.#updatedMs = nowMs;
    this.#intervalMs = intervalMs;
    for (const track of tracks) this.#updateFace(track, sinceMs, nowMs);
    for (const [id, { lastMs }] of this.#faces) {
      if (nowMs - lastMs > TALLY.maxGapMs) this.#faces.delete(id);
    }
    const classified = tracks.filter(({ label }) => isDefinite(label));
    if (classified.length > 0) this.#chart(classified, nowMs);
  }

  /** @returns {Totals} since the start or the last `reset` */
  get totals() {
    return { ...this.#totals };
  }

  /**
   * The chart of the last minutes.
   * @param {number} nowMs
   * @param {number} minutes
   * @returns {Point[]} one per interval, the current one last
   */
  series(nowMs, minutes) {
    const count = Math.ceil((minutes * 60_000) / TALLY.bucketMs);
    const firstMs = bucketStart(nowMs) - (count - 1) * TALLY.bucketMs;
    const known = new Map(this.#buckets.map((one) => [one.atMs, one]));
    return Array.from({ length: count }, (_, i) => {
      const atMs = firstMs + i * TALLY.bucketMs;
      const { classified, masked } = known.get(atMs) ?? { classified: 0, masked: 0 };
      return { atMs, share: classified ? masked / classified : null, classified };
    });
  }

  /** Start counting from zero. */
  reset() {
    this.#totals = noFaces();
    this.#faces.clear();
    this.#buckets = [];
  }

  /**
   * @param {Pick<Track, 'id' | 'label'>} track
   * @param {number} sinceMs since when the frame stands for what it shows
   * @param {number} nowMs
   */
  #updateFace({ id, label }, sinceMs, nowMs) {
    /** @type {CountedFace} */
    const face = this.#faces.get(id) ?? { firstMs: sinceMs, lastMs: nowMs, counted: false };
    this.#faces.set(id, face);
    face.lastMs = nowMs;
    this.#count(face, -1);
    if (isDefinite(label)) face.label = label;
    face.counted ||= nowMs - face.firstMs >= TALLY.minVisibleMs;
    this.#count(face, 1);
  }

  /**
   * Add a face to the totals, or remove it.
   * @param {CountedFace} face
   * @param {1 | -1} step
   */
  #count({ counted, label }, step) {
    if (!counted) return;
    this.#totals.faces += step;
    if (label) this.#totals[label] += step;
  }

  /**
   * @param {{label: string}[]} classified at least one
   * @param {number} nowMs
   */
  #chart(classified, nowMs) {
    const atMs = bucketStart(nowMs);
    if (this.#buckets.at(-1)?.atMs !== atMs) {
      this.#buckets = this.#buckets.filter((old) => nowMs - old.atMs <= TALLY.historyMs);
      this.#buckets.push({ atMs, classified: 0, masked: 0 });
    }
    const bucket = this.#buckets[this.#buckets.length - 1];
    bucket.classified += classified.length;
    bucket.masked += classified.filter(({ label }) => label === 'with_mask').length;
  }
}

/** @param {number} nowMs */
function bucketStart(nowMs) {
  return Math.floor(nowMs / TALLY.bucketMs) * TALLY.bucketMs;
}

/** @returns {Totals} */
function noFaces() {
  const names = ['faces', ...DEFINITE_LABELS];
  return /** @type {Totals} */ (Object.fromEntries(names.map((name) => [name, 0])));
}
