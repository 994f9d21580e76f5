/**
 * Follows a face from frame to frame by its template; twin of `inference/tracking/template.py`.
 *
 * Detecting faces takes tens of milliseconds, following one a fraction of one. The template is a
 * small grey patch. In the next frame it is compared with the patches around the expected place, at
 * several sizes, by zero-mean normalised cross-correlation, which changes of light do not disturb
 * (Lewis 1995, "Fast Normalized Cross-Correlation"). A compass search climbs to the best one
 * (Kolda, Lewis & Torczon 2003, "Optimization by Direct Search").
 */

/** @import { Box, Frame } from '../vision/geometry.js' */

/**
 * A reduced grey frame, values 0 to 255: `scale` of its pixels for each pixel of the frame.
 * @typedef {{data: Float32Array, width: number, height: number, scale: number}} GrayImage
 */

/**
 * Values with mean 0 and norm 1, row by row; all 0 for a textureless patch.
 * @typedef {Float64Array} Template
 */

const LEVELS = 3;
const SIDE = 20; // of the template, in samples
const FIRST_STEP = 0.12; // of the search, in sides of the box; faces may move several per frame
const LAST_STEP = 0.015;
const GROWTH = 0.5; // of a step in size to one in place: faces move faster than they grow
const MIN_VARIANCE = 1e-3; // in grey values squared; a patch with less is textureless
const COMPASS = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]; // x, y, size

/**
 * A frame in grey at full, half and quarter size.
 * @param {Frame} frame reduced already; a longer side of about 320 pixels suits
 * @param {number} scale pixels of `frame` for each pixel of the whole frame
 * @returns {GrayImage[]} the largest first
 */
export function pyramid({ data, width, height }, scale) {
  const values = new Float32Array(width * height);
  for (let i = 0, from = 0; i < values.length; i += 1, from += 4) {
    // Luma of ITU-R BT.601, rounded as OpenCV does
    values[i] = Math.round(0.299 * data[from] + 0.587 * data[from + 1] + 0.114 * data[from + 2]);
  }
  return levelsOf({ data: values, width, height, scale });
}

/**
 * A grey image and its halves.
 * @param {GrayImage} image
 * @returns {GrayImage[]} the largest first
 */
export function levelsOf(image) {
  const levels = [image];
  while (levels.length < LEVELS) levels.push(halved(levels[levels.length - 1]));
  return levels;
}

/**
 * @param {GrayImage} image
 * @returns {GrayImage} means of 2 × 2 pixels; an odd last row or column is left out
 */
function halved({ data, width, height, scale }) {
  const half = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const values = new Float32Array(half.width * half.height);
  const right = Math.min(1, width - 1);
  const below = height > 1 ? width : 0;
  for (let y = 0, i = 0; y < half.height; y += 1) {
    for (let x = 0, from = 2 * y * width; x < half.width; x += 1, i += 1, from += 2) {
      const pair = data[from] + data[from + right];
      values[i] = (pair + data[from + below] + data[from + below + right]) / 4;
    }
  }
  return { data: values, ...half, scale: scale / 2 };
}

/**
 * The template of a face.
 * @param {GrayImage[]} levels of `pyramid`
 * @param {Box} box in pixels of the frame; samples beyond the frame repeat its edge
 * @returns {Template}
 */
export function extractTemplate(levels, box) {
  return patch(levelFor(levels, box), box, new Float64Array(SIDE * SIDE));
}

/**
 * Normalised cross-correlation of two templates.
 * @param {Template} a
 * @param {Template} b
 * @returns {number} -1 to 1; 0 where a patch is textureless
 */
export function ncc(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/**
 * Where a face is now.
 * @param {GrayImage[]} levels of the present frame
 * @param {Template} template
 * @param {Box[]} expected places where it may be, at least one; the search begins at the best
 * @returns {{box: Box, similarity: number}} correlation with the template, -1 to 1
 */
export function follow(levels, template, expected) {
  const level = levelFor(levels, expected[0]);
  const values = new Float64Array(template.length);
  const compare = (/** @type {Box} */ box) => {
    return { box, similarity: ncc(template, patch(level, box, values)) };
  };
  let best = expected.map(compare).reduce(better);
  for (let step = FIRST_STEP; step >= LAST_STEP; ) {
    const { box } = best;
    const found = COMPASS.map((way) => compare(shifted(box, way, step))).reduce(better);
    if (found.similarity > best.similarity) best = found;
    else step /= 2;
  }
  return best;
}

/**
 * @template {{similarity: number}} T
 * @param {T} a
 * @param {T} b
 * @returns {T} `a` if they are equal
 */
function better(a, b) {
  return b.similarity > a.similarity ? b : a;
}

/**
 * @param {Box} box
 * @param {number[]} way in x, in y, in size: -1, 0 or 1
 * @param {number} step in sides of the box
 * @returns {Box}
 */
function shifted({ left, top, right, bottom }, [x, y, size], step) {
  const across = step * (right - left);
  const down = step * (bottom - top);
  const wider = (size * GROWTH * across) / 2;
  const taller = (size * GROWTH * down) / 2;
  return {
    left: left + x * across - wider,
    top: top + y * down - taller,
    right: right + x * across + wider,
    bottom: bottom + y * down + taller,
  };
}

/**
 * The smallest level that has a pixel for every sample, so that none is skipped.
 * @param {GrayImage[]} levels
 * @param {Box} box
 */
function levelFor(levels, { left, right }) {
  const step = (right - left) / SIDE;
  return levels.findLast(({ scale }) => step * scale >= 1) ?? levels[0];
}

/**
 * Bilinear samples of a box, normalised.
 * @param {GrayImage} level
 * @param {Box} box in pixels of the frame
 * @param {Template} out
 */
function patch({ data, width, height, scale }, box, out) {
  const stepX = (box.right - box.left) / SIDE;
  const stepY = (box.bottom - box.top) / SIDE;
  const toRight = width > 1 ? 1 : 0;
  const toBelow = height > 1 ? width : 0;
  for (let row = 0, to = 0; row < SIDE; row += 1) {
    const y = clamp((box.top + (row + 0.5) * stepY) * scale - 0.5, height);
    const down = y - Math.floor(y);
    for (let column = 0; column < SIDE; column += 1, to += 1) {
      const x = clamp((box.left + (column + 0.5) * stepX) * scale - 0.5, width);
      const at = Math.floor(y) * width + Math.floor(x);
      const across = x - Math.floor(x);
      const above = data[at] * (1 - across) + data[at + toRight] * across;
      const below = data[at + toBelow] * (1 - across) + data[at + toBelow + toRight] * across;
      out[to] = above * (1 - down) + below * down;
    }
  }
  return normalise(out);
}

/**
 * @param {number} place in pixels of an axis
 * @param {number} pixels of the axis
 */
function clamp(place, pixels) {
  return Math.max(0, Math.min(place, pixels - 1.001));
}

/** @param {Template} values changed in place: mean 0, norm 1 */
function normalise(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += (values[i] - mean) ** 2;
  const factor = squares > MIN_VARIANCE * values.length ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < values.length; i += 1) values[i] = (values[i] - mean) * factor;
  return values;
}
