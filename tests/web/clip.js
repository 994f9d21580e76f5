/**
 * Made clips: what the detector and the classifier report of faces over time, with the faults that
 * real ones show. No chance is involved: the same clip comes out every time.
 */

/** @import { Box } from '../../web/static/js/vision/geometry.js' */

export const LABELS = ['with_mask', 'without_mask', 'incorrect_mask'];
export const UNSURE_BELOW = 0.7;
/** Of the detector's settings, what the tracker needs. */
export const DETECTOR = Object.freeze({ iou_threshold: 0.3, containment_threshold: 0.7 });

/**
 * Numbers that look random, the same for the same seed (mulberry32).
 * @param {number} seed
 * @returns {() => number} each 0 to 1
 */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * About normal: mean 0, deviation 1.
 * @param {() => number} random
 */
export function normal(random) {
  return Array.from({ length: 12 }, random).reduce((a, b) => a + b) - 6;
}

/**
 * @param {number} x of the centre, in pixels
 * @param {number} y
 * @param {number} side
 * @returns {Box}
 */
export function boxAt(x, y, side) {
  return { left: x - side / 2, top: y - side / 2, right: x + side / 2, bottom: y + side / 2 };
}

/**
 * A classifier's answer.
 * @param {string} label the top class
 * @param {number} [probability] its
 * @returns {Record<string, number>} the others share the rest
 */
export function answer(label, probability = 0.97) {
  const rest = (1 - probability) / (LABELS.length - 1);
  return Object.fromEntries(LABELS.map((one) => [one, one === label ? probability : rest]));
}

/**
 * An answer whose odds are shaken.
 * @param {string} label
 * @param {number} probability
 * @param {number} shake in natural units of the odds' logarithm
 */
export function shakenAnswer(label, probability, shake) {
  const odds = (probability / (1 - probability)) * Math.exp(shake);
  return answer(label, odds / (1 + odds));
}

/**
 * Slow and fast noise together, as a classifier shows on a still face: light, breath, video codec.
 * @param {() => number} random
 * @param {number} rate updates a second
 * @returns {() => number} of deviation 1
 */
export function drift(random, rate) {
  let slow = 0;
  const kept = Math.exp(-2 / rate); // half a second's memory
  return () => {
    slow = kept * slow + Math.sqrt(1 - kept * kept) * normal(random);
    return Math.SQRT1_2 * (slow + normal(random));
  };
}

/**
 * Every update of a clip: its time and what is there.
 * @param {number} rate updates a second
 * @param {number} seconds
 * @returns {Generator<number>} times in milliseconds, jittered as a camera's are
 */
export function* times(rate, seconds) {
  const random = chance(rate);
  for (let i = 0; i < rate * seconds; i += 1) {
    yield 1000 + ((i + 0.3 * (random() - 0.5)) * 1000) / rate;
  }
}
