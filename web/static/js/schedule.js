/** When the finder looks at the live picture, and at what. */

/** @import { Grey } from './refine.js' */

/**
 * The whole frame, the first or the second half of it, a doubtful face, or nothing.
 * @typedef {'whole' | 'first' | 'second' | 'closer' | undefined} Look
 */

/**
 * @typedef {object} ScheduleOptions
 * @property {number} every milliseconds from the start of a look to the next
 * @property {number} share a look takes at most one part in so many of the time, so that slow
 *   devices look less often
 * @property {number} bearable milliseconds that a look may take for halves to be looked at: these
 *   show faces too small for the whole frame, but cost as much
 * @property {number} cut mean change of the picture, in grey values, that tells of another scene
 * @property {number} stir the same where nobody is known, that tells of somebody coming
 */

/** @type {Readonly<ScheduleOptions>} */
const SCHEDULE = Object.freeze({ every: 120, share: 3, bearable: 60, cut: 25, stir: 1.5 });

const TURNS = /** @type {const} */ (['whole', 'first', 'whole', 'second']);

/**
 * A look is due when one has not been for a while; every second one is at a half. It does not wait
 * where the picture changed, a face can no longer be followed, or one is in doubt.
 */
export class Schedule {
  #options;
  #turn = 0;
  #lookedAt = -Infinity;
  #took = 0;
  /** @type {Grey | undefined} */
  #scene;

  /** @param {Partial<ScheduleOptions>} [options] */
  constructor(options = SCHEDULE) {
    this.#options = { ...SCHEDULE, ...options };
  }

  /**
   * What to look at now.
   * @param {Grey} scene the present frame, small
   * @param {{known: number, lost: boolean, doubtful: boolean}} faces how many are followed, whether
   *   one of them got lost, and whether there is one that may be none
   * @param {number} now in milliseconds
   * @returns {Look}
   */
  next(scene, { known, lost, doubtful }, now) {
    const { every, share, bearable, cut, stir } = this.#options;
    if (doubtful && !lost && (known === 0 || this.#rested(now))) {
      this.#lookedAt = now;
      return 'closer';
    }
    if (lost || this.#changed(scene, known > 0 ? cut : stir)) this.#turn = 0;
    else if (now - this.#lookedAt < Math.max(every, share * this.#took)) return undefined;
    const look = this.#took > bearable ? 'whole' : TURNS[this.#turn % TURNS.length];
    this.#turn += 1;
    this.#lookedAt = now;
    this.#scene = scene;
    return look;
  }

  /**
   * Whether a look more would leave a slow device time for the known faces.
   * @param {number} now
   */
  #rested(now) {
    const { share, bearable } = this.#options;
    return this.#took <= bearable || now - this.#lookedAt >= share * this.#took;
  }

  /**
   * Tell how long the last look took.
   * @param {number} ms
   */
  took(ms) {
    this.#took = ms;
  }

  /** Begin anew, as with another camera. */
  reset() {
    this.#scene = undefined;
  }

  /**
   * @param {Grey} scene
   * @param {number} least mean change in grey values
   */
  #changed({ data, width }, least) {
    const before = this.#scene;
    if (before?.width !== width || before.data.length !== data.length) return true;
    let sum = 0;
    for (let i = 0; i < data.length; i += 1) sum += Math.abs(data[i] - before.data[i]);
    return sum > least * data.length;
  }
}
