/**
 * Smoothing over time; twin of `inference/tracking/filters.py`. Pure: callers pass timestamps;
 * nothing reads the clock.
 */

/** @import { Box } from '../vision/geometry.js' */

/**
 * The strength of a one-euro filter.
 * @typedef {object} OneEuroOptions
 * @property {number} minCutoff Hz, above 0: cutoff at rest; lower is smoother and lags more
 * @property {number} beta Hz per unit per second, at least 0: what speed adds to the cutoff; higher
 *   lags less
 * @property {number} speedCutoff Hz, above 0: cutoff for the speed itself
 */

/**
 * The one-euro filter (Casiez, Roussel and Vogel, CHI 2012): a low-pass filter whose cutoff rises
 * with speed: smooth at rest, responsive in motion.
 */
export class OneEuro {
  /** Smoothed change of the value per second. */
  speed = 0;
  #options;
  #value = NaN;
  #last = NaN; // before smoothing

  /** @param {OneEuroOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {number} value
   * @param {number} elapsedS seconds since the previous value, above 0
   * @param {number} unit above 0; speed is measured in units per second
   * @returns {number} smoothed; the first value is returned unchanged
   */
  update(value, elapsedS, unit) {
    if (Number.isNaN(this.#last)) {
      this.#value = value;
    } else {
      const { minCutoff, beta, speedCutoff } = this.#options;
      const speed = (value - this.#last) / elapsedS;
      this.speed += weight(speedCutoff, elapsedS) * (speed - this.speed);
      const cutoff = minCutoff + (beta * Math.abs(this.speed)) / unit;
      this.#value += weight(cutoff, elapsedS) * (value - this.#value);
    }
    this.#last = value;
    return this.#value;
  }
}

/**
 * The weight of a new value in a first-order low-pass filter.
 * @param {number} cutoffHz
 * @param {number} elapsedS seconds
 * @returns {number} 0 to 1
 */
function weight(cutoffHz, elapsedS) {
  const turn = 2 * Math.PI * cutoffHz * elapsedS;
  return turn / (turn + 1);
}

/** Smooths a box: its centre and its sides, relative to its size. */
export class BoxFilter {
  /**
   * The latest smoothed box.
   * @type {Box}
   */
  box = { left: 0, top: 0, right: 0, bottom: 0 };
  #filters;
  #updatedMs = NaN;

  /** @param {OneEuroOptions} options its unit is the longer side of the box */
  constructor(options) {
    // x and y of the centre, width, height
    this.#filters = Array.from({ length: 4 }, () => new OneEuro(options));
  }

  /**
   * Add a box.
   * @param {Box} box
   * @param {number} nowMs
   */
  update(box, nowMs) {
    const first = Number.isNaN(this.#updatedMs);
    const elapsedS = first ? 1 : Math.max(nowMs - this.#updatedMs, 1) / 1000;
    const values = toCentre(box);
    this.#updatedMs = nowMs;
    const unit = Math.max(values[2], values[3], 1);
    this.box = toBox(this.#filters.map((f, i) => f.update(values[i], elapsedS, unit)));
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
 * @property {number} timeConstantMs above 0
 * @property {number} maxStepMs maximum time that one result counts for, so that the first after a
 *   gap does not outweigh all before it
 * @property {number} minProbability lower probabilities count as this, so that no single result is
 *   decisive
 */

/**
 * Smooths the probabilities of exclusive labels: an exponential moving average of their logarithms,
 * in which evidence adds up; weighted by time, so that it does not depend on the frame rate.
 */
export class ProbabilityFilter {
  #options;
  /** @type {number[] | undefined} */
  #logs;
  #updatedMs = 0;

  /** @param {SmoothingOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Add a result.
   * @param {number[]} probabilities of every label
   * @param {number} nowMs
   * @returns {number[]} smoothed; they sum to 1
   */
  update(probabilities, nowMs) {
    const { timeConstantMs, maxStepMs, minProbability } = this.#options;
    const logs = probabilities.map((one) => Math.log(Math.max(one, minProbability)));
    const elapsedMs = Math.min(Math.max(nowMs - this.#updatedMs, 0), maxStepMs);
    const kept = Math.exp(-elapsedMs / timeConstantMs);
    this.#logs = this.#logs?.map((old, i) => kept * old + (1 - kept) * logs[i]) ?? logs;
    this.#updatedMs = nowMs;
    return softmax(this.#logs);
  }

  /** Forget all results. */
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
