/** One face of the tracker; twin of `inference/tracking/track.py`. */

import { BoxFilter } from './filters.js';

/** @import { Appearance } from './appearance.js' */
/** @import { OneEuroOptions } from './filters.js' */
/** @import { Box } from '../vision/geometry.js' */
/** @import { Template } from './template.js' */
/** @import { StableVerdict } from './verdict.js' */

/**
 * A face that is reported.
 * @typedef {object} Track
 * @property {number} id from 1; never used for another face
 * @property {Box} box smoothed, in pixels of the frame
 * @property {number} score the detector's latest confidence that it is a face, 0 to 1
 * @property {string} label stable: one of the contract's labels, `unsure` or `too_small`
 * @property {number} probability smoothed probability of `label`; of the top class when unsure; 0
 *   before the first result
 * @property {Record<string, number>} probabilities smoothed probability of every label; empty before
 *   the first result
 * @property {boolean} stable whether the classifier may skip the face for now: see `StableVerdict`
 */

/** A tracked face: its position, its template, its appearance and its verdict. */
export class TrackedFace {
  /** @type {Box} */
  box = { left: 0, top: 0, right: 0, bottom: 0 };
  velocity = { x: 0, y: 0 }; // of the centre, in pixels per millisecond
  /** @type {Template} */
  template = new Float64Array();
  similarity = 1;
  score = 0;
  hits = 0;
  confirmed = false; // whether it has hits enough and its id is final
  misses = 0;
  seenMs = -Infinity; // when it was last followed or detected
  detectedMs = -Infinity; // when it was last detected
  detected = this.box; // where
  classifiedMs = -Infinity;
  /** @type {Appearance | undefined} smoothed; of detections without another close by */
  appearance = undefined;

  /**
   * @param {number} id
   * @param {StableVerdict} verdict
   * @param {OneEuroOptions} smoothing
   * @param {number} firstMs when it was first detected
   */
  constructor(id, verdict, smoothing, firstMs) {
    this.id = id;
    this.firstMs = firstMs;
    this.verdict = verdict;
    this.smooth = new BoxFilter(smoothing);
  }

  /**
   * The box if the face goes on as it did.
   * @param {number} nowMs
   * @param {number} maxMs how long it does at most
   */
  predict(nowMs, maxMs) {
    const elapsed = Math.min(nowMs - this.seenMs, maxMs);
    return moved(this.box, this.velocity.x * elapsed, this.velocity.y * elapsed);
  }

  /**
   * @param {Box} box
   * @param {number} nowMs
   */
  move(box, nowMs) {
    const elapsed = nowMs - this.seenMs;
    if (elapsed > 0 && elapsed < Infinity) {
      this.velocity = {
        x: (box.left + box.right - this.box.left - this.box.right) / 2 / elapsed,
        y: (box.top + box.bottom - this.box.top - this.box.bottom) / 2 / elapsed,
      };
    }
    this.box = box;
    this.seenMs = nowMs;
    this.smooth.update(box, nowMs);
  }

  /**
   * Note a detection, and smooth the appearance.
   * @param {{box: Box, appearance?: Appearance}} found
   * @param {number} kept weight of the appearance so far, 0 to 1
   * @param {number} nowMs
   */
  see({ box, appearance }, kept, nowMs) {
    this.detected = box;
    this.detectedMs = nowMs;
    if (!appearance) return;
    const known = this.appearance ?? appearance;
    this.appearance = known.map((value, i) => kept * value + (1 - kept) * appearance[i]);
  }

  /**
   * Exchange with another face all that belongs to the person, rather than to the place.
   * @param {TrackedFace} other
   */
  exchangeIdentity(other) {
    const { id, verdict, appearance, detected, detectedMs } = this;
    this.id = other.id;
    this.verdict = other.verdict;
    this.appearance = other.appearance;
    this.detected = other.detected;
    this.detectedMs = other.detectedMs;
    Object.assign(other, { id, verdict, appearance, detected, detectedMs });
  }

  /**
   * @param {number} nowMs
   * @returns {Track}
   */
  report(nowMs) {
    const { id, score, smooth, verdict } = this;
    const { label, probability, probabilities } = verdict;
    const stable = verdict.stable(nowMs);
    return { id, box: smooth.box, score, label, probability, probabilities, stable };
  }
}

/**
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 * @returns {Box}
 */
function moved({ left, top, right, bottom }, dx, dy) {
  return { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
}
