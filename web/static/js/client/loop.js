/** The frame loop of the live video: one frame in flight, each processed once. */

/**
 * Calls back when there is a new frame.
 * @typedef {object} FrameSource
 * @property {(callback: () => void, onError: (error: unknown) => void) => number} request
 * @property {(handle: number) => void} cancel
 */

/**
 * The new frames of a video, or of the screen in browsers without `requestVideoFrameCallback`.
 * @param {HTMLVideoElement} video
 * @returns {FrameSource}
 */
export function framesOf(video) {
  return 'requestVideoFrameCallback' in video
    ? {
        request: (callback) => video.requestVideoFrameCallback(callback),
        cancel: (handle) => video.cancelVideoFrameCallback(handle),
      }
    : { request: (callback) => requestAnimationFrame(callback), cancel: cancelAnimationFrame };
}

/**
 * Ticks for a hidden page, whose video has no `requestVideoFrameCallback`; its current frame stays
 * up to date.
 * @param {() => Promise<void>} wait
 * @returns {FrameSource}
 */
export function ticksOf(wait) {
  let latest = 0;
  return {
    request(callback, onError) {
      latest += 1;
      const handle = latest;
      wait().then(
        () => handle === latest && callback(),
        (error) => handle === latest && onError(error),
      );
      return handle;
    },
    cancel() {
      latest += 1;
    },
  };
}

/**
 * The current frame of a video, transferable. A VideoFrame shares the camera's memory; where the
 * browser cannot make one of this video, a bitmap is a copy.
 * @param {HTMLVideoElement} video that has a frame
 * @returns {Promise<VideoFrame | ImageBitmap>} the caller closes or transfers it
 */
export async function grab(video) {
  try {
    return new VideoFrame(video);
  } catch {
    return createImageBitmap(video);
  }
}

/** Recognizes frames that come again, as from a frozen camera whose video is read by a clock. */
export class NewFrames {
  /** @type {number | undefined} */
  #timestamp;

  /**
   * @param {VideoFrame | ImageBitmap} frame
   * @returns {boolean} whether it differs from the previous one, as far as that is known
   */
  accept(frame) {
    const timestamp = 'timestamp' in frame ? frame.timestamp : undefined;
    const isNew = timestamp === undefined || timestamp !== this.#timestamp;
    this.#timestamp = timestamp;
    return isNew;
  }
}

/** Runs a step for each new frame, but not before the previous step is done. */
export class FrameLoop {
  #source;
  #step;
  #onError;
  #running = false;
  #busy = false;
  #handle = 0;
  #starts = 0;

  /**
   * @param {FrameSource} source
   * @param {(isStale: () => boolean) => Promise<void>} step `isStale` returns whether the loop has
   *   stopped since the step began, even if it has started again
   * @param {(error: unknown) => void} onError called after an error has stopped the loop; errors of
   *   stale steps are ignored
   */
  constructor(source, step, onError) {
    this.#source = source;
    this.#step = step;
    this.#onError = onError;
  }

  /** Start, unless it runs. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#starts += 1;
    if (!this.#busy) this.#next(); // else the step in progress requests the next frame
  }

  /**
   * Take the frames from another source.
   * @param {FrameSource} source
   */
  change(source) {
    const running = this.#running;
    this.stop();
    this.#source = source;
    if (running) this.start();
  }

  /** Stop; a step in progress is finished. */
  stop() {
    this.#running = false;
    this.#source.cancel(this.#handle);
  }

  #next() {
    this.#handle = this.#source.request(
      () => this.#run(),
      (error) => this.#fail(error),
    );
  }

  async #run() {
    this.#busy = true;
    const start = this.#starts;
    const isStale = () => !this.#running || start !== this.#starts;
    try {
      await this.#step(isStale);
    } catch (error) {
      if (!isStale()) this.#fail(error);
    } finally {
      this.#busy = false;
    }
    if (this.#running) this.#next();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.stop();
    this.#onError(error);
  }
}

/** The frame rate over the last two seconds. */
export class FrameRate {
  /** @type {number[]} */
  #timesMs = [];

  /**
   * Count a frame.
   * @param {number} nowMs
   * @returns {number} frames per second
   */
  tick(nowMs) {
    this.#timesMs = [...this.#timesMs.filter((timeMs) => timeMs > nowMs - 2000), nowMs];
    const spanMs = nowMs - this.#timesMs[0];
    return spanMs > 0 ? ((this.#timesMs.length - 1) * 1000) / spanMs : 0;
  }
}
