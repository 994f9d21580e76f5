/**
 * What a person looks like, in a few colors; twin of `inference/tracking/appearance.py`.
 *
 * The template of a face follows it from frame to frame, but fits many other faces. The colors of
 * hair, skin, mask and clothes distinguish a person from the few others who were there lately.
 */

/** @import { Box, Frame } from '../vision/geometry.js' */

/**
 * A much reduced color frame, RGB, values 0 to 255: `scale` of its pixels for each pixel of the
 * frame.
 * @typedef {{data: Float32Array, width: number, height: number, scale: number}} ColorImage
 */

/**
 * Logarithms of colors, with mean 0, so that brighter light changes nothing.
 * @typedef {Float64Array} Appearance
 */

/**
 * Samples of a part of the person: top and bottom, in heights of the face from its top, and rows.
 * @typedef {{top: number, bottom: number, rows: number}} Part
 */

const REDUCTION = 4; // blocks of so many pixels are averaged
const COLUMNS = 4; // of samples across the face, and across the clothes
const PARTS = [{ top: 0, bottom: 1, rows: 5 }, { top: 1.2, bottom: 2, rows: 3 }];
const DARKEST = 20; // added to grey values, so that noise in the dark does not count

/**
 * A frame in color, of a quarter of its size.
 * @param {Frame} frame reduced already, as that of `pyramid`
 * @param {number} scale pixels of `frame` for each pixel of the whole frame
 * @returns {ColorImage}
 */
export function thumbnail({ data, width, height }, scale) {
  const columns = Math.max(1, Math.floor(width / REDUCTION));
  const rows = Math.max(1, Math.floor(height / REDUCTION));
  const means = new Float32Array(columns * rows * 3);
  for (let row = 0, to = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [left, top] = [column * REDUCTION, row * REDUCTION];
      const right = Math.min(left + REDUCTION, width);
      const bottom = Math.min(top + REDUCTION, height);
      const block = { left, top, right, bottom };
      for (let i = 0; i < 3; i += 1, to += 1) means[to] = meanOf(data, width, block, i);
    }
  }
  return { data: means, width: columns, height: rows, scale: scale / REDUCTION };
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} width
 * @param {Box} block in whole pixels
 * @param {number} channel
 */
function meanOf(data, width, { left, top, right, bottom }, channel) {
  let sum = 0;
  for (let y = top; y < bottom; y += 1) {
    const end = (y * width + right) * 4;
    for (let from = (y * width + left) * 4; from < end; from += 4) sum += data[from + channel];
  }
  return sum / ((right - left) * (bottom - top));
}

/**
 * The appearance of the person whose face is in a box.
 * @param {ColorImage} image of `thumbnail`
 * @param {Box} box in pixels of the frame; samples beyond the frame repeat its edge
 * @returns {Appearance}
 */
export function extractAppearance(image, box) {
  const colors = PARTS.flatMap((part) => samples(image, box, part));
  const values = Float64Array.from(colors, (color) => Math.log(color + DARKEST));
  const mean = values.reduce((a, b) => a + b) / values.length;
  return values.map((value) => value - mean);
}

/**
 * Mean difference of two appearances: 0 if they are equal, about 0.1 for the same person some
 * seconds later, 0.45 for another one.
 * @param {Appearance} a
 * @param {Appearance} b
 */
export function appearanceDistance(a, b) {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/**
 * Bilinear samples, row by row, three values each.
 * @param {ColorImage} image
 * @param {Box} box
 * @param {Part} part
 */
function samples({ data, width, height, scale }, { left, top, right, bottom }, part) {
  const high = bottom - top;
  const [first, last] = [top + part.top * high, top + part.bottom * high];
  const columns = axis(left, right, COLUMNS, scale, width);
  return axis(first, last, part.rows, scale, height).flatMap((y) =>
    columns.flatMap((x) =>
      [0, 1, 2].map((i) => {
        const value = (/** @type {number} */ column) =>
          data[(y.at * width + column) * 3 + i] * (1 - y.weight) +
          data[(y.next * width + column) * 3 + i] * y.weight;
        return value(x.at) * (1 - x.weight) + value(x.next) * x.weight;
      }),
    ),
  );
}

/**
 * The first pixel of each sample, the next one, and the weight of that.
 * @param {number} start
 * @param {number} end
 * @param {number} count
 * @param {number} scale
 * @param {number} pixels of the axis
 */
function axis(start, end, count, scale, pixels) {
  return Array.from({ length: count }, (_, i) => {
    const place = (start + ((end - start) * (i + 0.5)) / count) * scale - 0.5;
    const inside = Math.max(0, Math.min(place, pixels - 1));
    const at = Math.floor(inside);
    return { at, next: Math.min(at + 1, pixels - 1), weight: inside - at };
  });
}
