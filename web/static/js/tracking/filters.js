/** Smoothing over time. Nothing here reads a clock: what comes when is told. */

/** @import { Box } from '../vision/geometry.js' */

/**
 * How hard a one-euro filter smooths.
 * @typedef {object} OneEuroOptions
 * @property {number} minCutoff Hz, above 0: cut-off at rest; lower is calmer and later
 * @property {number} beta Hz per unit a second, at least 0: what speed adds to the cut-off; higher
 *   lags less in motion
 * @property {number} speedCutoff Hz, above 0: cut-off for the speed itself
 */

/**
 * The one-euro filter (Casiez, Roussel and Vogel, CHI 2012): a low-pass whose cut-off rises with
 * speed, so that it is calm at rest and prompt in motion.
 */
export class OneEuro {
  /** How fast the value changes, smoothed, a second. */
  speed = 0;
  #options;
  #value = NaN;
  #last = NaN; // before smoothing

  /** @param {OneEuroOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {number} value measured now
   * @param {number} elapsed seconds since the last one, above 0
   * @param {number} unit above 0; speed is judged in units a second
   * @returns {number} smoothed; the first value as it is
   */
  update(value, elapsed, unit) {
    if (Number.isNaN(this.#last)) {
      this.#value = value;
    } else {
      const { minCutoff, beta, speedCutoff } = this.#options;
      const speed = (value - this.#last) / elapsed;
      this.speed += weight(speedCutoff, elapsed) * (speed - this.speed);
      const cutoff = minCutoff + (beta * Math.abs(this.speed)) / unit;
      this.#value += weight(cutoff, elapsed) * (value - this.#value);
    }
    this.#last = value;
    return this.#value;
  }
}

/**
 * What a new value weighs in a first-order low-pass.
 * @param {number} cutoff Hz
 * @param {number} elapsed seconds
 * @returns {number} 0 to 1
 */
function weight(cutoff, elapsed) {
  const turn = 2 * Math.PI * cutoff * elapsed;
  return turn / (turn + 1);
}

/** Smooths a box: its centre and its sides, at a pace that suits its size. */
export class BoxFilter {
  /**
   * The latest, smoothed.
   * @type {Box}
   */
  box = { left: 0, top: 0, right: 0, bottom: 0 };
  #filters;
  #at = NaN;

  /** @param {OneEuroOptions} options its unit is the longer side of the box */
  constructor(options) {
    // x and y of the centre, width, height
    this.#filters = Array.from({ length: 4 }, () => new OneEuro(options));
  }

  /**
   * @param {Box} box seen now
   * @param {number} now in milliseconds
   */
  update(box, now) {
    const elapsed = Number.isNaN(this.#at) ? 1 : Math.max(now - this.#at, 1) / 1000;
    const values = toCentre(box);
    this.#at = now;
    const unit = Math.max(values[2], values[3], 1);
    this.box = toBox(this.#filters.map((f, i) => f.update(values[i], elapsed, unit)));
  }
}

/**
 * @param {Box} box
 * @returns {number[]} x and y of the centre, width, height
 */
function toCentre({ left, top, right, bottom }) {
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}

/**
 * @param {number[]} values x and y of the centre, width, height
 * @returns {Box}
 */
function toBox([x, y, width, height]) {
  return {
    left: x - width / 2,
    top: y - height / 2,
    right: x + width / 2,
    bottom: y + height / 2,
  };
}

/**
 * @typedef {object} SmoothingOptions
 * @property {number} smoothing time constant, milliseconds, above 0
 * @property {number} longest milliseconds that one answer stands for at most, so that the first
 *   after a gap does not outweigh all before
 * @property {number} floor probabilities below this count as this, so that no single answer is
 *   beyond doubt
 */

/**
 * Smooths the probabilities of exclusive labels: an exponential average of their logarithms, in
 * which evidence adds up, weighed by time and so the same at any rate.
 */
export class ProbabilityFilter {
  #options;
  /** @type {number[] | undefined} */
  #logs;
  #at = 0;

  /** @param {SmoothingOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {number[]} probabilities of every label, answered now
   * @param {number} now in milliseconds
   * @returns {number[]} smoothed; they sum to 1
   */
  update(probabilities, now) {
    const { smoothing, longest, floor } = this.#options;
    const logs = probabilities.map((probability) => Math.log(Math.max(probability, floor)));
    const elapsed = Math.min(Math.max(now - this.#at, 0), longest);
    const kept = Math.exp(-elapsed / smoothing);
    this.#logs = this.#logs?.map((old, i) => kept * old + (1 - kept) * logs[i]) ?? logs;
    this.#at = now;
    return softmax(this.#logs);
  }

  /** Forget what was answered. */
  reset() {
    this.#logs = undefined;
  }
}

/** @param {number[]} logs */
function softmax(logs) {
  const odds = logs.map(Math.exp);
  const sum = odds.reduce((a, b) => a + b);
  return odds.map((one) => one / sum);
}
