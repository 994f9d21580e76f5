/** How many people were there, and how many of them wore a mask. */

import { isDefinite } from '../labels.js';

/** @import { DefiniteLabel } from '../labels.js' */
/** @import { Track } from './track.js' */

/**
 * Distinct faces. Those that never had a sure verdict are in `faces` alone.
 * @typedef {{faces: number, with_mask: number, without_mask: number, incorrect_mask: number}} Totals
 */

/**
 * One point of the chart: the stretch that begins at `at` (milliseconds), how often a face was
 * judged in it, and the share of that, 0 to 1, that was masked; null if nobody was judged.
 * @typedef {{at: number, share: number | null, judged: number}} Point
 */

/** All in milliseconds. */
export const TALLY = Object.freeze({
  least: 1000, // that a face must be in view to count
  forget: 5000, // after which an unseen face does not come back; more than the tracker keeps it
  bucket: 10_000, // of a point of the chart
  history: 600_000, // that the chart can look back
});

/**
 * Counts each face once, under the last sure verdict on it. Pure: no clock, no page. What it holds
 * does not grow with the time it runs.
 */
export class Tally {
  #totals = noFaces();
  /** @type {Map<number, {first: number, last: number, counted: boolean, label?: DefiniteLabel}>} by id */
  #faces = new Map();
  /** @type {{at: number, judged: number, masked: number}[]} the oldest first */
  #buckets = [];

  /**
   * @param {Pick<Track, 'id' | 'label'>[]} tracks in view
   * @param {number} now in milliseconds
   */
  update(tracks, now) {
    for (const [id, { last }] of this.#faces) {
      if (now - last > TALLY.forget) this.#faces.delete(id);
    }
    for (const track of tracks) this.#see(track, now);
    const judged = tracks.filter(({ label }) => isDefinite(label));
    if (judged.length > 0) this.#chart(judged, now);
  }

  /** @returns {Totals} since the beginning, or the last `reset` */
  get totals() {
    return { ...this.#totals };
  }

  /**
   * The chart, the oldest point first.
   * @param {number} now in milliseconds
   * @param {number} minutes to look back
   * @returns {Point[]} one for each stretch, the present one last
   */
  series(now, minutes) {
    const count = Math.ceil((minutes * 60_000) / TALLY.bucket);
    const first = start(now) - (count - 1) * TALLY.bucket;
    const known = new Map(this.#buckets.map((one) => [one.at, one]));
    return Array.from({ length: count }, (_, i) => {
      const at = first + i * TALLY.bucket;
      const { judged, masked } = known.get(at) ?? { judged: 0, masked: 0 };
      return { at, share: judged ? masked / judged : null, judged };
    });
  }

  /** Begin anew. */
  reset() {
    this.#totals = noFaces();
    this.#faces.clear();
    this.#buckets = [];
  }

  /**
   * @param {Pick<Track, 'id' | 'label'>} track
   * @param {number} now
   */
  #see({ id, label }, now) {
    const face = this.#faces.get(id) ?? { first: now, last: now, counted: false };
    this.#faces.set(id, face);
    face.last = now;
    this.#count(face, -1);
    if (isDefinite(label)) face.label = label;
    face.counted ||= now - face.first >= TALLY.least;
    this.#count(face, 1);
  }

  /**
   * Put a face under its verdict, or take it away from there.
   * @param {{counted: boolean, label?: DefiniteLabel}} face
   * @param {1 | -1} step
   */
  #count({ counted, label }, step) {
    if (!counted) return;
    this.#totals.faces += step;
    if (label) this.#totals[label] += step;
  }

  /**
   * @param {{label: string}[]} judged at least one
   * @param {number} now
   */
  #chart(judged, now) {
    const at = start(now);
    if (this.#buckets.at(-1)?.at !== at) {
      this.#buckets = this.#buckets.filter((old) => now - old.at <= TALLY.history);
      this.#buckets.push({ at, judged: 0, masked: 0 });
    }
    const bucket = this.#buckets[this.#buckets.length - 1];
    bucket.judged += judged.length;
    bucket.masked += judged.filter(({ label }) => label === 'with_mask').length;
  }
}

/** @param {number} now */
function start(now) {
  return Math.floor(now / TALLY.bucket) * TALLY.bucket;
}

/** @returns {Totals} */
function noFaces() {
  return { faces: 0, with_mask: 0, without_mask: 0, incorrect_mask: 0 };
}
