/** Reading a frame of the live picture: reduced as a whole, and sharp where a face is. */

/** @import { Box, Frame } from '../vision/geometry.js' */

/**
 * A part of a frame: `scale` of its pixels lie on one pixel of the frame, and its corner is at
 * (left, top) of the frame.
 * @typedef {{frame: Frame, left: number, top: number, scale: number}} Region
 */

/**
 * What a live detector needs of a frame.
 * @typedef {object} Picture
 * @property {number} width in pixels
 * @property {number} height
 * @property {(longest: number) => Frame} reduced the whole, its longer side of that many pixels
 * @property {(box: Box) => Region} region the pixels of a part; only those within the frame
 */

/** Larger regions are halved: the classifier's input is a fraction of this. */
const MAX_REGION_PX = 320;

/**
 * Reads one frame after another with two canvases, which it keeps.
 * @implements {Picture}
 */
export class FrameReader {
  width = 0;
  height = 0;
  #small = newContext();
  #whole = newContext();
  #drawn = 0; // the frame's scale on the canvas of the whole, 0 if it is not drawn
  /** @type {VideoFrame | ImageBitmap | undefined} */
  #frame;

  /** @param {VideoFrame | ImageBitmap} frame; closed by `close` */
  open(frame) {
    this.close();
    this.#frame = frame;
    this.width = 'displayWidth' in frame ? frame.displayWidth : frame.width;
    this.height = 'displayHeight' in frame ? frame.displayHeight : frame.height;
  }

  /** Give the frame's memory back; the camera has only a few of them. */
  close() {
    this.#frame?.close();
    this.#frame = undefined;
    this.#drawn = 0;
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
   * The pixels under a box. Large regions are read at 1/2, 1/4 … scale.
   * @param {Box} box
   * @returns {Region} one pixel at least
   */
  region(box) {
    let scale = 1;
    while ((box.right - box.left) * scale > MAX_REGION_PX) scale /= 2;
    if (this.#drawn !== scale) this.#draw(this.#whole, scale);
    this.#drawn = scale;
    const { width, height } = this.#whole.canvas;
    const left = within(Math.floor(box.left * scale) - 1, width - 1);
    const top = within(Math.floor(box.top * scale) - 1, height - 1);
    const right = within(Math.ceil(box.right * scale) + 1, width);
    const bottom = within(Math.ceil(box.bottom * scale) + 1, height);
    const [across, down] = [Math.max(1, right - left), Math.max(1, bottom - top)];
    const frame = this.#whole.getImageData(left, top, across, down);
    return { frame, left: left / scale, top: top / scale, scale };
  }

  /**
   * @param {OffscreenCanvasRenderingContext2D} context
   * @param {number} scale
   * @returns {OffscreenCanvas} of the context, of the frame's scaled size
   */
  #draw(context, scale) {
    if (!this.#frame) throw new Error('no frame is open');
    const { canvas } = context;
    const width = Math.max(1, Math.round(this.width * scale));
    const height = Math.max(1, Math.round(this.height * scale));
    // Setting a canvas's size, also to the same, clears and allocates it.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.imageSmoothingQuality = 'medium'; // as free of aliasing as `sample`
    context.drawImage(this.#frame, 0, 0, width, height);
    return canvas;
  }
}

/** A canvas in memory: its pixels are read more often than drawn. */
function newContext() {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d canvas in workers');
  return context;
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.max(0, Math.min(value, most));
}
