/** The steady verdict on one face: it changes only when the evidence persists. */

import { ProbabilityFilter } from './filters.js';
import { TOO_SMALL, UNSURE } from '../labels.js';

/** @import { SmoothingOptions } from './filters.js' */

/**
 * @typedef {object} VerdictRule
 * @property {number} margin share by which a label must fall below what it took to be told, or
 *   behind another, before it is given up (hysteresis)
 * @property {number} hold milliseconds that another label must stay before it is told
 * @property {number} doubt milliseconds that `unsure` must, longer: a moment's blur is no news
 * @property {number} settleAfter milliseconds that a verdict must have been told to be settled
 * @property {number} recheck milliseconds after which a settled face is to be classified again
 */

/** @typedef {SmoothingOptions & VerdictRule} VerdictOptions */

export class SteadyVerdict {
  /** One of the labels, `unsure` or `too_small`. */
  label = UNSURE;
  /**
   * Of every label, smoothed; empty until the first answer, and once a face is too small.
   * @type {Record<string, number>}
   */
  probabilities = {};
  #labels;
  #unsureBelow;
  #options;
  #filter;
  #told = 0; // when the label was told first
  #candidate = UNSURE; // what the evidence speaks for
  #since = 0; // when it began to
  #answered = -Infinity; // when the classifier answered last
  #agreed = false; // whether that answer was the label

  /**
   * @param {string[]} labels
   * @param {number} unsureBelow a probability below this is not told as a verdict
   * @param {VerdictOptions} options
   */
  constructor(labels, unsureBelow, options) {
    this.#labels = labels;
    this.#unsureBelow = unsureBelow;
    this.#options = options;
    this.#filter = new ProbabilityFilter(options);
  }

  /** Of the label, smoothed; of the likeliest if unsure; 0 where none is known. */
  get probability() {
    if (this.label === TOO_SMALL) return 0;
    return this.probabilities[this.label] ?? Math.max(0, ...Object.values(this.probabilities));
  }

  /**
   * Take an answer in.
   * @param {Record<string, number>} answer of the classifier; empty if the face is too small
   * @param {number} now in milliseconds
   */
  see(answer, now) {
    const small = Object.keys(answer).length === 0;
    if (!small) this.#smooth(answer, now);
    this.#weigh(small ? TOO_SMALL : this.#choose(), now);
    if (small && this.label === TOO_SMALL) this.#forget();
    this.#agreed = likeliest(answer) === this.label;
    this.#answered = now;
  }

  /**
   * Whether the classifier may leave this face out: its verdict is sure (halfway from the threshold
   * to certainty), has been told for some time, and the last answer, which is young, agrees. One
   * that disagrees ends it, so that a change is looked into at once.
   * @param {number} now in milliseconds
   */
  settled(now) {
    const { settleAfter, recheck } = this.#options;
    return (
      this.#agreed &&
      this.probability >= (1 + this.#unsureBelow) / 2 &&
      now - this.#told >= settleAfter &&
      now - this.#answered < recheck
    );
  }

  /**
   * Tell a candidate once it stayed.
   * @param {string} candidate
   * @param {number} now
   */
  #weigh(candidate, now) {
    const { hold, doubt } = this.#options;
    if (candidate !== this.#candidate) this.#since = now;
    this.#candidate = candidate;
    const least = candidate === UNSURE ? doubt : hold;
    if (candidate === this.label || now - this.#since < least) return;
    this.label = candidate;
    this.#told = now;
  }

  #forget() {
    this.#filter.reset();
    this.probabilities = {};
  }

  /**
   * @param {Record<string, number>} answer
   * @param {number} now
   */
  #smooth(answer, now) {
    const values = this.#filter.update(this.#labels.map((label) => answer[label]), now);
    this.probabilities = Object.fromEntries(this.#labels.map((label, i) => [label, values[i]]));
  }

  /** What the smoothed probabilities speak for, given what was told before. */
  #choose() {
    const best = likeliest(this.probabilities);
    const { [this.label]: held = 0, [best]: highest } = this.probabilities;
    const { margin } = this.#options;
    if (held >= this.#unsureBelow - margin && highest - held < margin) return this.label;
    return highest >= this.#unsureBelow ? best : UNSURE;
  }
}

/**
 * @param {Record<string, number>} probabilities
 * @returns {string} the likeliest label; empty if there is none
 */
function likeliest(probabilities) {
  const [[label] = ['']] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return label;
}
