/** The pace of the live picture: one frame in flight, and only new ones. */

/**
 * Calls back when there is a new picture.
 * @typedef {{request: (call: () => void) => number, cancel: (handle: number) => void}} Pictures
 */

/**
 * The new pictures of a video; where the browser doesn't tell of them, of the screen.
 * @param {HTMLVideoElement} video
 * @returns {Pictures}
 */
export function picturesOf(video) {
  return 'requestVideoFrameCallback' in video
    ? {
        request: (call) => video.requestVideoFrameCallback(call),
        cancel: (handle) => video.cancelVideoFrameCallback(handle),
      }
    : { request: (call) => requestAnimationFrame(call), cancel: cancelAnimationFrame };
}

/**
 * The present frame of a video, to give away. A VideoFrame shares the camera's memory; where a
 * browser has none of this video, a bitmap costs a copy.
 * @param {HTMLVideoElement} video with a picture
 * @returns {Promise<VideoFrame | ImageBitmap>} the caller closes it or transfers it
 */
export async function grab(video) {
  try {
    return new VideoFrame(video);
  } catch {
    return createImageBitmap(video);
  }
}

/** Does a step for each new picture, the next one only when the last is done. */
export class FrameLoop {
  #pictures;
  #step;
  #onError;
  #running = false;
  #busy = false;
  #handle = 0;
  #starts = 0; // a step of an earlier start has nothing more to say

  /**
   * @param {Pictures} pictures
   * @param {(late: () => boolean) => Promise<void>} step told whether the loop was stopped since it
   *   began, even if it was started again
   * @param {(error: unknown) => void} onError called after the loop has stopped for it; not for a
   *   late step's error
   */
  constructor(pictures, step, onError) {
    this.#pictures = pictures;
    this.#step = step;
    this.#onError = onError;
  }

  /** Begin, if it does not run. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#starts += 1;
    if (!this.#busy) this.#next(); // a step under way goes on by itself
  }

  /** End; a step under way is finished. */
  stop() {
    this.#running = false;
    this.#pictures.cancel(this.#handle);
  }

  #next() {
    this.#handle = this.#pictures.request(() => this.#turn());
  }

  async #turn() {
    this.#busy = true;
    const start = this.#starts;
    const late = () => !this.#running || start !== this.#starts;
    try {
      await this.#step(late);
    } catch (error) {
      if (!late()) {
        this.stop();
        this.#onError(error);
      }
    } finally {
      this.#busy = false;
    }
    if (this.#running) this.#next();
  }
}

/** How often something happens, over the last two seconds. */
export class FrameRate {
  /** @type {number[]} */
  #times = [];

  /**
   * It happened.
   * @param {number} now in milliseconds
   * @returns {number} times a second
   */
  tick(now) {
    this.#times = [...this.#times.filter((time) => time > now - 2000), now];
    const span = now - this.#times[0];
    return span > 0 ? ((this.#times.length - 1) * 1000) / span : 0;
  }
}
