/** Decides when a detector pass starts; twin of `inference/tracking/schedule.py`. */

/** @import { GrayImage } from './template.js' */

/**
 * A small pass for near faces, or a large one that also shows distant faces.
 * @typedef {'near' | 'far'} Pass
 */

/**
 * How often passes start.
 * @typedef {object} ScheduleOptions
 * @property {number} nearIntervalMs
 * @property {number} farIntervalMs
 * @property {number} urgentIntervalMs the interval while a face is new or lost, or after the scene
 *   has changed
 * @property {number} maxLoad passes take at most this share of the time, so that slow devices start
 *   them less often
 * @property {number} maxFarLoad the same for far passes alone
 * @property {number} maxNearPasses near passes in a row after which a far one goes first, however
 *   much the picture moves
 * @property {number} sceneCut mean change of the frame, in grey values, that means another scene
 * @property {number} motion the same while there is no face: a person may have arrived
 * @property {number} minNearFace smallest face, in longer sides of the frame, that near passes
 *   detect reliably
 */

/** @type {Readonly<ScheduleOptions>} */
export const SCHEDULE = Object.freeze({
  nearIntervalMs: 200,
  farIntervalMs: 1000,
  urgentIntervalMs: 100,
  maxLoad: 0.6,
  maxFarLoad: 0.2,
  maxNearPasses: 5,
  sceneCut: 25,
  motion: 1.5,
  minNearFace: 0.08,
});

/** Pure: callers pass timestamps and durations. */
export class Schedule {
  #options = SCHEDULE;
  /** @type {Record<Pass, number>} */
  #startedMs = { near: -Infinity, far: -Infinity };
  /** @type {Record<Pass, number>} */
  #durationMs = { near: 0, far: 0 };
  #nearPasses = 0; // in a row
  /** @type {GrayImage | undefined} */
  #scene;

  /**
   * The pass to start now, if any.
   * @param {GrayImage} scene the present frame, small
   * @param {number} faces how many are tracked
   * @param {number | undefined} unconfirmed longer side of the smallest face that is new or lost, in
   *   longer sides of the frame; undefined if there is none
   * @param {number} nowMs
   * @param {boolean} [slow] whether frames are far apart, so that each gets a pass for faces of
   *   every size
   * @returns {Pass | undefined}
   */
  next(scene, faces, unconfirmed, nowMs, slow = false) {
    const { sceneCut, motion } = this.#options;
    const changed = this.#hasChanged(scene, faces ? sceneCut : motion);
    const far = slow && this.#isDue('far', 0, nowMs);
    const wanted = far ? 'far' : this.#wanted(changed, unconfirmed, nowMs);
    if (wanted) {
      this.#startedMs[wanted] = nowMs;
      this.#nearPasses = wanted === 'near' ? this.#nearPasses + 1 : 0;
      this.#scene = scene;
    }
    return wanted;
  }

  /**
   * Note how long a pass took.
   * @param {Pass} pass
   * @param {number} durationMs
   */
  ended(pass, durationMs) {
    this.#durationMs[pass] = durationMs;
  }

  /**
   * Longer side of the smallest face that a pass detects reliably.
   * @param {Pass} pass
   * @param {number} longestPx longer side of the frame
   * @returns {number} in pixels of the frame
   */
  minFacePx(pass, longestPx) {
    return pass === 'near' ? this.#options.minNearFace * longestPx : 0;
  }

  /** Begin again, as with another camera. */
  reset() {
    this.#startedMs = { near: -Infinity, far: -Infinity };
    this.#nearPasses = 0;
    this.#scene = undefined;
  }

  /**
   * @param {boolean} changed
   * @param {number | undefined} unconfirmed
   * @param {number} nowMs
   * @returns {Pass | undefined}
   */
  #wanted(changed, unconfirmed, nowMs) {
    const { maxNearPasses, urgentIntervalMs, farIntervalMs, nearIntervalMs } = this.#options;
    const urgent = this.#urgent(changed, unconfirmed);
    const farDue = this.#isDue('far', farIntervalMs, nowMs);
    if (farDue && this.#nearPasses >= maxNearPasses) return 'far';
    if (urgent && this.#isDue(urgent, urgentIntervalMs, nowMs)) return urgent;
    if (farDue) return 'far';
    return this.#isDue('near', nearIntervalMs, nowMs) ? 'near' : undefined;
  }

  /**
   * @param {boolean} changed
   * @param {number | undefined} unconfirmed
   * @returns {Pass | undefined}
   */
  #urgent(changed, unconfirmed) {
    if (changed) return 'near';
    if (unconfirmed === undefined) return undefined;
    return unconfirmed >= this.#options.minNearFace ? 'near' : 'far';
  }

  /**
   * @param {Pass} pass
   * @param {number} intervalMs
   * @param {number} nowMs
   */
  #isDue(pass, intervalMs, nowMs) {
    const { maxLoad, maxFarLoad } = this.#options;
    const last = this.#startedMs.far > this.#startedMs.near ? 'far' : 'near';
    if (nowMs - this.#startedMs[last] < this.#durationMs[last] / maxLoad) return false;
    const load = pass === 'near' ? maxLoad : maxFarLoad;
    return nowMs - this.#startedMs[pass] >= Math.max(intervalMs, this.#durationMs[pass] / load);
  }

  /**
   * @param {GrayImage} scene
   * @param {number} threshold mean change in grey values
   */
  #hasChanged({ data, width }, threshold) {
    const before = this.#scene;
    if (before?.width !== width || before.data.length !== data.length) return true;
    let sum = 0;
    for (let i = 0; i < data.length; i += 1) sum += Math.abs(data[i] - before.data[i]);
    return sum > threshold * data.length;
  }
}
