/**
 * The verdict on one face over time: it changes only when the evidence persists. Twin of
 * `inference/tracking/verdict.py`.
 */

import { ProbabilityFilter } from './filters.js';
import { TOO_SMALL, UNSURE } from '../labels.js';

/** @import { SmoothingOptions } from './filters.js' */

/**
 * When a verdict changes, and when it is stable.
 * @typedef {object} VerdictRule
 * @property {number} margin hysteresis: the probability by which a label must fall below the
 *   threshold, or behind another label, before it changes
 * @property {number} debounceMs how long the evidence must favour another label before the verdict
 *   changes
 * @property {number} unsureDebounceMs the same for `unsure`; longer, so that brief blur is ignored
 * @property {number} stableAfterMs how long a verdict must have been unchanged to be stable
 * @property {number} reclassifyAfterMs how long a stable face may go without being classified
 */

/** @typedef {SmoothingOptions & VerdictRule} VerdictOptions */

/** The label of one face, from its classifications so far. */
export class StableVerdict {
  /** One of the labels, `unsure` or `too_small`. */
  label = UNSURE;
  /**
   * Smoothed probability of every label; empty before the first result and while too small.
   * @type {Record<string, number>}
   */
  probabilities = {};
  #labels;
  #unsureBelow;
  #options;
  #filter;
  #labelSinceMs = 0;
  #candidate = UNSURE; // the label that the evidence favours
  #candidateSinceMs = 0;
  #classifiedMs = -Infinity;
  #agreed = false; // whether the latest result had the label

  /**
   * @param {string[]} labels
   * @param {number} unsureBelow the threshold; a label with a lower probability is `unsure`
   * @param {VerdictOptions} options
   */
  constructor(labels, unsureBelow, options) {
    this.#labels = labels;
    this.#unsureBelow = unsureBelow;
    this.#options = options;
    this.#filter = new ProbabilityFilter(options);
  }

  /** Smoothed probability of `label`; of the top class when unsure; 0 before the first result. */
  get probability() {
    if (this.label === TOO_SMALL) return 0;
    return this.probabilities[this.label] ?? Math.max(0, ...Object.values(this.probabilities));
  }

  /**
   * Process a result of the classifier.
   * @param {Record<string, number>} probabilities by label; empty if the face is too small
   * @param {number} nowMs on any clock that does not go back
   * @param {boolean} [slow] whether results are so far apart that each stands for itself
   */
  update(probabilities, nowMs, slow = false) {
    const small = Object.keys(probabilities).length === 0;
    if (slow) this.#filter.reset();
    if (!small) this.#smooth(probabilities, nowMs);
    this.#debounce(small ? TOO_SMALL : this.#choose(), nowMs, slow);
    if (small && this.label === TOO_SMALL) {
      this.#filter.reset();
      this.probabilities = {};
    }
    this.#agreed = topLabel(probabilities) === this.label;
    this.#classifiedMs = nowMs;
  }

  /**
   * Whether the classifier may skip this face for now: the probability is high (at least halfway
   * from the threshold to 1), the verdict has been unchanged for some time, and the latest result is
   * recent and agrees. A result that disagrees ends the stability, so that a change is classified
   * without delay.
   * @param {number} nowMs
   */
  stable(nowMs) {
    const { stableAfterMs, reclassifyAfterMs } = this.#options;
    return (
      this.#agreed &&
      this.probability >= (1 + this.#unsureBelow) / 2 &&
      nowMs - this.#labelSinceMs >= stableAfterMs &&
      nowMs - this.#classifiedMs < reclassifyAfterMs
    );
  }

  /**
   * Adopt a candidate once it has persisted, or at once if results are far apart.
   * @param {string} candidate
   * @param {number} nowMs
   * @param {boolean} slow
   */
  #debounce(candidate, nowMs, slow) {
    const { debounceMs, unsureDebounceMs } = this.#options;
    if (candidate !== this.#candidate) this.#candidateSinceMs = nowMs;
    this.#candidate = candidate;
    const neededMs = candidate === UNSURE ? unsureDebounceMs : debounceMs;
    const persisted = slow || nowMs - this.#candidateSinceMs >= neededMs;
    if (candidate === this.label || !persisted) return;
    this.label = candidate;
    this.#labelSinceMs = nowMs;
  }

  /**
   * @param {Record<string, number>} probabilities
   * @param {number} nowMs
   */
  #smooth(probabilities, nowMs) {
    const values = this.#filter.update(this.#labels.map((label) => probabilities[label]), nowMs);
    this.probabilities = Object.fromEntries(this.#labels.map((label, i) => [label, values[i]]));
  }

  /** The label that the smoothed probabilities favour, with hysteresis. */
  #choose() {
    const best = topLabel(this.probabilities);
    const { [this.label]: current = 0, [best]: highest } = this.probabilities;
    const { margin } = this.#options;
    if (current >= this.#unsureBelow - margin && highest - current < margin) return this.label;
    return highest >= this.#unsureBelow ? best : UNSURE;
  }
}

/**
 * @param {Record<string, number>} probabilities
 * @returns {string} the label with the highest probability; empty without any
 */
function topLabel(probabilities) {
  const [[label] = ['']] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return label;
}
