/**
 * Resizing as Pillow does it with its bilinear filter, to the bit, so that the detector gets the
 * same pixels here as in Python: first the rows, then the columns, with whole numbers in between.
 */

/** @import { Frame } from './geometry.js' */

const ONE = 2 ** 22; // Pillow's weights are whole numbers of this unit

/**
 * How the samples of an axis read: sample i reads `counts[i]` pixels from `first[i]` on.
 * @typedef {{first: Int32Array, counts: Int32Array, weights: Float64Array, stride: number}} Axis
 */

/**
 * Resize a picture.
 * @param {Frame} frame
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array} shape (height, width, 3), RGB
 */
export function resize(frame, width, height) {
  const across = axis(frame.width, width);
  const down = axis(frame.height, height);
  const lines = new Uint8Array(frame.height * width * 3);
  for (let y = 0; y < frame.height; y += 1) {
    const row = frame.data.subarray(y * frame.width * 4, (y + 1) * frame.width * 4);
    blend(across, row, lines.subarray(y * width * 3, (y + 1) * width * 3));
  }
  const result = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y += 1) {
    blendRows(down, y, lines, width * 3, result.subarray(y * width * 3, (y + 1) * width * 3));
  }
  return result;
}

/**
 * The triangle of `geometry.taps`, but what lies beyond the picture is left out.
 * @param {number} from pixels
 * @param {number} to samples
 * @returns {Axis}
 */
function axis(from, to) {
  const step = from / to;
  const reach = Math.max(step, 1);
  const stride = Math.ceil(reach) * 2 + 1;
  const [first, counts] = [new Int32Array(to), new Int32Array(to)];
  const weights = new Float64Array(to * stride);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * step;
    first[i] = Math.max(0, Math.trunc(centre - reach + 0.5));
    counts[i] = Math.min(from, Math.trunc(centre + reach + 0.5)) - first[i];
    const row = weights.subarray(i * stride, i * stride + counts[i]);
    for (let tap = 0; tap < row.length; tap += 1) {
      row[tap] = Math.max(0, 1 - Math.abs((first[i] + tap - centre + 0.5) / reach));
    }
    const sum = row.reduce((total, weight) => total + weight);
    for (let tap = 0; tap < row.length; tap += 1) {
      row[tap] = Math.floor((row[tap] / sum) * ONE + 0.5);
    }
  }
  return { first, counts, weights, stride };
}

/**
 * Resize one row.
 * @param {Axis} axis
 * @param {Uint8ClampedArray} row RGBA
 * @param {Uint8Array} out RGB
 */
function blend({ first, counts, weights, stride }, row, out) {
  for (let i = 0, to = 0; i < counts.length; i += 1, to += 3) {
    let [red, green, blue] = [ONE / 2, ONE / 2, ONE / 2];
    const end = i * stride + counts[i];
    for (let tap = i * stride, from = first[i] * 4; tap < end; tap += 1, from += 4) {
      const weight = weights[tap];
      red += row[from] * weight;
      green += row[from + 1] * weight;
      blue += row[from + 2] * weight;
    }
    out[to] = red / ONE;
    out[to + 1] = green / ONE;
    out[to + 2] = blue / ONE;
  }
}

/**
 * Compute row `y` of the result.
 * @param {Axis} axis
 * @param {number} y
 * @param {Uint8Array} lines
 * @param {number} length of a line
 * @param {Uint8Array} out
 */
function blendRows({ first, counts, weights, stride }, y, lines, length, out) {
  const sums = new Float64Array(length).fill(ONE / 2);
  for (let tap = 0; tap < counts[y]; tap += 1) {
    const weight = weights[y * stride + tap];
    const from = (first[y] + tap) * length;
    for (let i = 0; i < length; i += 1) sums[i] += lines[from + i] * weight;
  }
  for (let i = 0; i < length; i += 1) out[i] = sums[i] / ONE;
}
