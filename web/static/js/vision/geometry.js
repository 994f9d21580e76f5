/**
 * Boxes and resampling; twin of `inference/vision/geometry.py`.
 *
 * Coordinates are pixels of the picture, x to the right and y down; pixel i covers [i, i + 1).
 */

/**
 * A rectangle in pixels; it may reach beyond the picture.
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 */

/**
 * A picture: RGBA bytes, row by row; the alpha is not read. An ImageData is one.
 * @typedef {{data: Uint8ClampedArray, width: number, height: number}} Frame
 */

/**
 * How one axis is read; see `taps`. Row i of a table with `count` columns belongs to sample i.
 * @typedef {{indices: Int32Array, weights: Float32Array, count: number}} Taps
 */

/**
 * A part of a frame, with its top left corner at (left, top) of the frame. `scale` is its size in
 * pixels per pixel of the frame.
 * @typedef {{frame: Frame, left: number, top: number, scale: number}} Region
 */

/**
 * A frame, as a live detector reads it.
 * @typedef {object} Picture
 * @property {number} width
 * @property {number} height
 * @property {(longest: number) => Frame} reduced the whole
 *   frame, `longest` pixels on its longer side
 * @property {(box: Box) => Region} region the pixels under a box, clipped to the frame
 */

/**
 * The longer side of a box.
 * @param {Box} box
 * @returns {number} in pixels
 */
export function longerSide(box) {
  return Math.max(box.right - box.left, box.bottom - box.top);
}

/**
 * Intersection over union of two boxes.
 * @param {Box} a
 * @param {Box} b
 * @returns {number} 0 to 1
 */
export function iou(a, b) {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/**
 * What two boxes have in common.
 * @param {Box} a
 * @param {Box} b
 * @returns {number} in square pixels
 */
export function intersection(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * @param {Box} box
 * @returns {number} in square pixels
 */
export function area(box) {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}

/**
 * The square about the centre of `box` with `scale` times its longer side.
 * @param {Box} box
 * @param {number} scale
 * @param {number} [shift] how far to move the square down, in its sides
 * @returns {Box}
 */
export function squareAround(box, scale, shift = 0) {
  const half = (longerSide(box) * scale) / 2;
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2 + shift * 2 * half;
  return { left: x - half, top: y - half, right: x + half, bottom: y + half };
}

/**
 * A box in pixels of a picture that is `factor` times as large.
 * @param {Box} box
 * @param {number} factor
 * @returns {Box}
 */
export function scaled({ left, top, right, bottom }, factor) {
  return { left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor };
}

/**
 * Where the samples of an axis read, and how much each reading weighs.
 *
 * The filter is a triangle as wide as the samples are far apart, at least one pixel to either side:
 * bilinear when enlarging, free of aliasing when reducing. Readings beyond the picture repeat its
 * edge.
 * @param {number} start where the stretch to read begins, in pixels
 * @param {number} length of the stretch, in pixels
 * @param {number} size number of samples
 * @param {number} limit pixels of the axis, at least 1
 * @returns {Taps} indices in [0, limit), ascending; the weights of a row sum to 1
 */
export function taps(start, length, size, limit) {
  const step = length / size;
  const reach = Math.max(step, 1);
  const count = Math.ceil(2 * reach) + 1;
  const indices = new Int32Array(size * count);
  const weights = new Float32Array(size * count);
  const row = new Float64Array(count);
  for (let i = 0; i < size; i += 1) {
    const centre = start + (i + 0.5) * step;
    const first = Math.floor(centre - reach + 0.5);
    let sum = 0;
    for (let tap = 0; tap < count; tap += 1) {
      row[tap] = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / reach);
      sum += row[tap];
    }
    for (let tap = 0; tap < count; tap += 1) {
      indices[i * count + tap] = Math.min(Math.max(first + tap, 0), limit - 1);
      weights[i * count + tap] = row[tap] / sum;
    }
  }
  return { indices, weights, count };
}

/**
 * Cut `box` out of `frame` and resize it; see `taps` for the filter.
 * @param {Frame} frame
 * @param {Box} box
 * @param {number} width of the result
 * @param {number} height of the result
 * @param {Float32Array} [out] where to write; made if not given
 * @returns {Float32Array} shape (height, width, 3), RGB, range 0 to 255, not rounded
 */
export function sample(frame, box, width, height, out = new Float32Array(width * height * 3)) {
  const columns = taps(box.left, box.right - box.left, width, frame.width);
  const rows = taps(box.top, box.bottom - box.top, height, frame.height);
  const first = columns.indices[0]; // ascending: the first and the last bound the strip to read
  const pixels = columns.indices[columns.indices.length - 1] - first + 1;
  const line = new Float32Array(pixels * 3);
  for (let i = 0; i < columns.indices.length; i += 1) {
    columns.indices[i] = (columns.indices[i] - first) * 3;
  }
  for (let y = 0; y < height; y += 1) {
    blendRows(frame, rows, y, first, line);
    blendColumns(line, columns, out, y * width * 3);
  }
  return out;
}

/**
 * One line of the result before its columns are read.
 * @param {Frame} frame
 * @param {Taps} rows
 * @param {number} y row of the result
 * @param {number} first column of the frame where the line begins
 * @param {Float32Array} line RGB, overwritten
 */
function blendRows({ data, width }, rows, y, first, line) {
  line.fill(0);
  for (let tap = y * rows.count; tap < (y + 1) * rows.count; tap += 1) {
    const weight = rows.weights[tap];
    if (weight === 0) continue;
    let from = (rows.indices[tap] * width + first) * 4;
    for (let to = 0; to < line.length; to += 3, from += 4) {
      line[to] += data[from] * weight;
      line[to + 1] += data[from + 1] * weight;
      line[to + 2] += data[from + 2] * weight;
    }
  }
}

/**
 * @param {Float32Array} line RGB
 * @param {Taps} columns its indices are offsets in `line`
 * @param {Float32Array} out written from `at` on
 * @param {number} at
 */
function blendColumns(line, columns, out, at) {
  const { indices, weights, count } = columns;
  for (let end = count, tap = 0, to = at; tap < indices.length; end += count, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (; tap < end; tap += 1) {
      const from = indices[tap];
      const weight = weights[tap];
      red += line[from] * weight;
      green += line[from + 1] * weight;
      blue += line[from + 2] * weight;
    }
    out[to] = red;
    out[to + 1] = green;
    out[to + 2] = blue;
  }
}
