/** Made pictures of blobs that move, for what follows faces by their templates. */

import { sample } from '../../web/static/js/vision/geometry.js';

export { boxAt as square } from './clip.js';

/** @import { Box, Frame } from '../../web/static/js/vision/geometry.js' */
/** @import { GrayImage } from '../../web/static/js/tracking/template.js' */
/** @import { Picture } from '../../web/static/js/vision/geometry.js' */

/**
 * A frame with a textured blob in each box, before a slope of grey.
 * @param {Box[]} boxes
 * @param {{width?: number, height?: number, light?: number}} [options] `light` multiplies all
 * @returns {Frame}
 */
export function scene(boxes, { width = 256, height = 192, light = 1 } = {}) {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = light * (boxes.reduce((g, box) => annotate(box, x + 0.5, y + 0.5) ?? g, 60 + x / 8));
      data.fill(value, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { data, width, height };
}

/**
 * The same in grey, not rounded; tests/inference/scene.py draws it alike.
 * @param {Box[]} boxes
 * @param {{width?: number, height?: number}} [options]
 * @returns {GrayImage}
 */
export function drawGray(boxes, { width = 160, height = 120 } = {}) {
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    data[i] = boxes.reduce((gray, box) => annotate(box, x + 0.5, y + 0.5) ?? gray, 60 + x / 8);
  }
  return { data, width, height, scale: 1 };
}

/**
 * A frame of people, the last one in front: a blob as `drawGray` draws it, in a color, and clothes of
 * that color below; tests/inference/scene.py draws it alike.
 * @param {{box: Box, color: number[]}[]} people colors are RGB, 0 to 255
 * @param {{width?: number, height?: number}} [options]
 * @returns {Frame}
 */
export function drawPeople(people, { width = 160, height = 120 } = {}) {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const room = Array(3).fill(60 + x / 8);
    data.set(people.reduce((below, one) => paint(one, x + 0.5, y + 0.5) ?? below, room), i * 4);
  }
  return { data, width, height };
}

/**
 * @param {{box: Box, color: number[]}} person
 * @param {number} x
 * @param {number} y
 * @returns {number[] | undefined} color of the person there
 */
function paint({ box, color }, x, y) {
  const gray = annotate(box, x, y);
  if (gray !== undefined) return color.map((value) => (value * gray) / 255);
  const { left, right, bottom } = box;
  return x > left && x < right && y > bottom ? color : undefined;
}

/**
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @returns {number | undefined} grey of the blob there
 */
function annotate({ left, top, right, bottom }, x, y) {
  const across = (2 * (x - left)) / (right - left) - 1;
  const down = (2 * (y - top)) / (bottom - top) - 1;
  if (Math.hypot(across, down) > 1.2) return undefined;
  return 130 + 60 * Math.sin(3 * across + 0.5) * Math.cos(2.5 * down) + 30 * down;
}

/**
 * What the worker's `FrameReader` gives of a frame, without a canvas.
 * @param {Frame} frame
 * @returns {Picture}
 */
export function pictureOf(frame) {
  const { width, height } = frame;
  /** @type {(box: Box, width: number, height: number) => Frame} */
  const read = (box, across, down) => {
    const rgb = sample(frame, box, across, down);
    const data = new Uint8ClampedArray(across * down * 4).fill(255);
    rgb.forEach((value, i) => (data[Math.floor(i / 3) * 4 + (i % 3)] = value));
    return { data, width: across, height: down };
  };
  return {
    width,
    height,
    reduced(longest) {
      const scale = longest / Math.max(width, height);
      const whole = { left: 0, top: 0, right: width, bottom: height };
      return read(whole, Math.round(width * scale), Math.round(height * scale));
    },
    region: () => ({ frame, left: 0, top: 0, scale: 1 }),
  };
}
