/** The clock of the tracker; twin of `inference/tracking/pace.py`. */

/**
 * Maximum time from one frame to the next. Tracks and verdicts expire after fractions of a second; at
 * lower frame rates each frame would end them all.
 */
const MAX_STEP_MS = 200;

/** A source with frames this far apart is slow: a frame is all the evidence of its interval. */
const SLOW_INTERVAL_MS = 400;

/** A longer interval is a gap, at which tracks end, unless frames are usually that far apart. */
const MAX_GAP_MS = 3000;
const GAP_FACTOR = 3; // usual intervals that make a gap

/** Turns the timestamps of frames into the tracker’s time. Pure: callers pass timestamps. */
export class Pace {
  /** The tracker’s time at the latest frame. */
  nowMs = 0;
  /** Whether each frame is classified on its own: the source is slow, and not just for a moment. */
  slow = false;
  #frameMs = NaN;
  #intervalMs = 0;

  /**
   * Note the next frame.
   * @param {number} nowMs of any clock that does not go back
   */
  tick(nowMs) {
    const first = Number.isNaN(this.#frameMs);
    const intervalMs = first ? 0 : nowMs - this.#frameMs;
    this.slow = Math.min(intervalMs, this.#intervalMs) >= SLOW_INTERVAL_MS;
    const gap = intervalMs > Math.max(MAX_GAP_MS, GAP_FACTOR * this.#intervalMs);
    this.#intervalMs = intervalMs;
    this.#frameMs = nowMs;
    this.nowMs += gap ? intervalMs : Math.min(intervalMs, MAX_STEP_MS);
  }
}
