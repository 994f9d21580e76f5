/**
 * Following a known face from frame to frame by its looks: some tenths of a millisecond, where
 * finding it anew takes tens.
 *
 * A face is remembered as a small grey patch. In the next frame the patch is compared with what
 * lies near the expected place, at several sizes, by zero-mean normalised cross-correlation, which
 * changes of light don't disturb (Lewis 1995, "Fast Normalized Cross-Correlation"). The best place
 * is climbed to by compass search (Kolda, Lewis & Torczon 2003, "Optimization by Direct Search").
 *
 * Measured from frame to frame on the clips of `bench/clips.py`, against where the face really is:
 * this takes 0.1 ms and trembles by 0.5 % of the face (IoU 0.98); BlazeFace's front net of 128 pixels
 * on the face's surroundings takes 2 ms and trembles by 3 to 10 % (0.86 to 0.88).
 */

/** @import { Box, Frame } from './geometry.js' */

/**
 * A grey picture: `scale` of its pixels lie on one pixel of the frame.
 * @typedef {{data: Float32Array, width: number, height: number, scale: number}} Grey
 */

/**
 * A face as it looked: values with mean 0 and norm 1, row by row; all 0 for an even surface.
 * @typedef {Float32Array} Look
 */

/** How faces are followed. */
const FOLLOW = Object.freeze({
  /** Side of the patch, in samples; 12 to 32. */
  side: 20,
  /** First step of the search, as a share of the box's side; a face may move two or three a frame. */
  reach: 0.12,
  /** The search ends below this step, as a share of the box's side. */
  finest: 0.015,
  /** Steps in size are so much smaller than those in place: faces move faster than they grow. */
  growth: 0.5,
});

const COMPASS = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];
const LEVELS = 3;
const EVEN = 1e-3; // less contrast than this, in grey values a sample, is no look

/**
 * A frame in grey at full, half and quarter size.
 * @param {Frame} frame reduced already; a width of about 256 suits
 * @param {number} scale pixels of `frame` to one of the whole frame, above 0 and at most 1
 * @returns {Grey[]} the largest first
 */
export function pyramid(frame, scale) {
  const levels = [grey(frame, scale)];
  while (levels.length < LEVELS) levels.push(halved(levels[levels.length - 1]));
  return levels;
}

/**
 * @param {Frame} frame
 * @param {number} scale
 * @returns {Grey} luma of Rec. 601, 0 to 255
 */
function grey({ data, width, height }, scale) {
  const values = new Float32Array(width * height);
  for (let i = 0, from = 0; i < values.length; i += 1, from += 4) {
    values[i] = 0.299 * data[from] + 0.587 * data[from + 1] + 0.114 * data[from + 2];
  }
  return { data: values, width, height, scale };
}

/**
 * @param {Grey} picture
 * @returns {Grey} means of 2 × 2 pixels; an odd last row or column is left out
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
 * How a face looks.
 * @param {Grey[]} levels of `pyramid`
 * @param {Box} box in pixels of the frame; what lies beyond repeats the edge
 * @param {Look} [out] where to write; made if not given
 * @param {number} [side] in samples
 * @returns {Look}
 */
export function lookOf(levels, box, out, side = FOLLOW.side) {
  const look = out ?? new Float32Array(side * side);
  const step = (box.right - box.left) / side;
  // The smallest level that still has a pixel for every sample, so that none is jumped over.
  const level = levels.findLast(({ scale }) => step * scale >= 1) ?? levels[0];
  read(level, box, side, look);
  normalise(look);
  return look;
}

/**
 * Bilinear samples of a box.
 * @param {Grey} level
 * @param {Box} box in pixels of the frame
 * @param {number} side
 * @param {Look} out
 */
function read({ data, width, height, scale }, box, side, out) {
  const stepX = ((box.right - box.left) / side) * scale;
  const stepY = ((box.bottom - box.top) / side) * scale;
  for (let row = 0, to = 0; row < side; row += 1) {
    const y = clamp(box.top * scale + (row + 0.5) * stepY - 0.5, height - 1.001);
    const top = Math.floor(y) * width;
    const bottom = height > 1 ? top + width : top;
    const down = y - Math.floor(y);
    for (let column = 0; column < side; column += 1, to += 1) {
      const x = clamp(box.left * scale + (column + 0.5) * stepX - 0.5, width - 1.001);
      const left = Math.floor(x);
      const across = x - left;
      const above = data[top + left] * (1 - across) + data[top + left + 1] * across;
      const below = data[bottom + left] * (1 - across) + data[bottom + left + 1] * across;
      out[to] = above * (1 - down) + below * down;
    }
  }
}

/**
 * @param {number} value
 * @param {number} most
 */
function clamp(value, most) {
  return Math.max(0, Math.min(value, most));
}

/** @param {Look} look in place: mean 0, norm 1 */
function normalise(look) {
  let sum = 0;
  for (let i = 0; i < look.length; i += 1) sum += look[i];
  const mean = sum / look.length;
  let squares = 0;
  for (let i = 0; i < look.length; i += 1) squares += (look[i] - mean) ** 2;
  const norm = squares > EVEN * look.length ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < look.length; i += 1) look[i] = (look[i] - mean) * norm;
}

/**
 * How alike two looks are.
 * @param {Look} a
 * @param {Look} b
 * @returns {number} -1 to 1; 0 where one is even
 */
export function likeness(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/**
 * Where a face that looked like this is now.
 * @param {Grey[]} levels of the present frame
 * @param {Look} look as remembered
 * @param {Box[]} expected where it may be, at least one; the search begins at the likeliest
 * @param {typeof FOLLOW} [options]
 * @returns {{box: Box, likeness: number}} -1 to 1: the face is surely lost below about 0.6
 */
export function follow(levels, look, expected, options = FOLLOW) {
  const there = new Float32Array(look.length);
  /** @param {Box} box */
  const judge = (box) => ({ box, likeness: likeness(look, lookOf(levels, box, there, options.side)) });
  let best = expected.map(judge).reduce(better);
  for (let step = options.reach; step >= options.finest; step /= 2) {
    for (let from; from !== best; ) {
      from = best;
      const around = COMPASS.map((way) => judge(shifted(from.box, way, step, options.growth)));
      best = around.reduce(better, best);
    }
  }
  return best;
}

/**
 * @template {{likeness: number}} T
 * @param {T} a
 * @param {T} b
 * @returns {T} `a` if they are equal, so that a search ends
 */
function better(a, b) {
  return b.likeness > a.likeness ? b : a;
}

/**
 * @param {Box} box
 * @param {number[]} way in x, in y, in size: -1, 0 or 1
 * @param {number} step as a share of the box's side
 * @param {number} growth share of a step by which the size changes
 * @returns {Box}
 */
function shifted({ left, top, right, bottom }, [x, y, size], step, growth) {
  const width = right - left;
  const height = bottom - top;
  const wider = (width * size * step * growth) / 2;
  const taller = (height * size * step * growth) / 2;
  return {
    left: left + x * step * width - wider,
    top: top + y * step * height - taller,
    right: right + x * step * width + wider,
    bottom: bottom + y * step * height + taller,
  };
}
