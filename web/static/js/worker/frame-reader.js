/** Reads the pixels of a live frame: all of it reduced, and regions of it at full resolution. */

/** @import { Box, Frame, Picture, Region } from '../vision/geometry.js' */

/** Larger regions are read at a reduced scale; the classifier's input is much smaller. */
const MAX_REGION_PX = 320;

/**
 * Reads one frame after another with two canvases that it reuses.
 * @implements {Picture}
 */
export class FrameReader {
  width = 0;
  height = 0;
  #small = newContext();
  #large = newContext();
  #drawnScale = 0; // of the frame on the large canvas; 0 if it is not drawn
  /** @type {VideoFrame | ImageBitmap | undefined} */
  #frame;

  /** @param {VideoFrame | ImageBitmap} frame closed by `close` */
  open(frame) {
    this.close();
    this.#frame = frame;
    this.width = 'displayWidth' in frame ? frame.displayWidth : frame.width;
    this.height = 'displayHeight' in frame ? frame.displayHeight : frame.height;
  }

  /** Release the frame: the camera has only a few buffers. */
  close() {
    this.#frame?.close();
    this.#frame = undefined;
    this.#drawnScale = 0;
  }

  /**
   * The whole frame, reduced.
   * @param {number} longest side of the result in pixels
   * @returns {Frame}
   */
  reduced(longest) {
    const { width, height } = this.#draw(this.#small, longest / Math.max(this.width, this.height));
    return this.#small.getImageData(0, 0, width, height);
  }

  /**
   * The pixels under a box; large regions are read at a scale of 1/2, 1/4 …
   * @param {Box} box
   * @returns {Region} at least one pixel
   */
  region(box) {
    let scale = 1;
    while ((box.right - box.left) * scale > MAX_REGION_PX) scale /= 2;
    if (this.#drawnScale !== scale) this.#draw(this.#large, scale);
    this.#drawnScale = scale;
    const { width, height } = this.#large.canvas;
    const left = clamp(Math.floor(box.left * scale) - 1, width - 1);
    const top = clamp(Math.floor(box.top * scale) - 1, height - 1);
    const right = clamp(Math.ceil(box.right * scale) + 1, width);
    const bottom = clamp(Math.ceil(box.bottom * scale) + 1, height);
    const [columns, rows] = [Math.max(1, right - left), Math.max(1, bottom - top)];
    const frame = this.#large.getImageData(left, top, columns, rows);
    return { frame, left: left / scale, top: top / scale, scale };
  }

  /**
   * @param {OffscreenCanvasRenderingContext2D} context
   * @param {number} scale
   * @returns {OffscreenCanvas} with the scaled frame
   */
  #draw(context, scale) {
    if (!this.#frame) throw new Error('Expected an open frame, got none.');
    const { canvas } = context;
    const width = Math.max(1, Math.round(this.width * scale));
    const height = Math.max(1, Math.round(this.height * scale));
    // Setting a canvas's size reallocates it, even if the size does not change.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.imageSmoothingQuality = 'medium'; // as little aliasing as `sample`
    context.drawImage(this.#frame, 0, 0, width, height);
    return canvas;
  }
}

/** A canvas in main memory, since its pixels are read. */
function newContext() {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('Expected a 2D canvas in a worker, got none.');
  return context;
}

/**
 * @param {number} value
 * @param {number} max
 */
function clamp(value, max) {
  return Math.max(0, Math.min(value, max));
}
