import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CenterFace, KNOWN_MEANS, check, decode, letterbox,
} from '../../../web/static/js/vision/centerface.js';
import { isSameFace, suppress } from '../../../web/static/js/vision/detections.js';
import { HEADS } from '../../../web/static/js/vision/centerface-net.js';
import { assertClose, golden, picture } from '../golden.js';

const expected = golden.centerface;
const heads = Float32Array.from(expected.heads.values);
const settings = {
  ...expected.settings,
  enlargement: 1.6, longest_side: 800, small_side: 128, large_face: 0.3,
};

/**
 * A net that returns a face at its input's centre and records the sizes of its inputs.
 * @param {number} share of the input's height that the face has
 * @param {number} [only] the one height of inputs in which it returns the face; in all if not given
 */
function net(share, only) {
  /** @type {[number, number][]} */
  const sizes = [];
  /** @type {(pixels: Float32Array, height: number, width: number) => Promise<Float32Array>} */
  const run = async (_pixels, height, width) => {
    sizes.push([width, height]);
    const values = new Float32Array((height / 4) * (width / 4) * HEADS).fill(-9);
    const centre = (height / 8) * (width / 4) + width / 8;
    const side = Math.log((share * height) / 4);
    if (height === (only ?? height)) values.set([3, side, side, -0.5, -0.5], centre * HEADS);
    return values;
  };
  return { sizes, detector: new CenterFace(/** @type {any} */ (settings), { run }) };
}

/**
 * @param {number} width
 * @param {number} height
 */
function grey(width, height) {
  return { data: new Uint8ClampedArray(width * height * 4).fill(99), width, height };
}

/** @param {any} face the page does not read the points */
const withoutPoints = ({ box, score }) => ({ box, score });

test('letterbox is Python’s, to the bit', () => {
  const { side, shape, scale, rows } = expected.letterbox;
  const found = letterbox(picture(), side);
  assert.deepEqual([found.height, found.width, 3], shape);
  assert.equal(found.scale, scale);
  const lines = rows.map((/** @type {number[]} */ row, /** @type {number} */ y) => {
    const start = y * found.width * 3;
    return [...found.pixels.subarray(start, start + row.length)];
  });
  assert.deepEqual(lines, rows);
  const add = (/** @type {number} */ sum, /** @type {number} */ value) => sum + value;
  const inside = rows.flat().reduce(add, 0);
  const all = found.pixels.reduce(add, 0);
  assert.equal(all, inside); // black elsewhere
});

test('a picture of the right size is letterboxed as it is', () => {
  const { pixels, width, height } = letterbox(picture(), 40);
  assert.deepEqual([width, height], [64, 32]);
  const { data } = picture();
  for (const [x, y] of [[0, 0], [39, 29], [17, 8]]) {
    assert.deepEqual(
      [...pixels.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)],
      [...data.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 3)],
    );
  }
  assert.equal(pixels[40 * 3], 0);
});

test('decode is Python’s', () => {
  const { columns } = expected.heads;
  const found = decode(heads, columns, expected.settings.score_threshold);
  assert.ok(found.length > 10);
  assertClose(found, expected.decoded.map(withoutPoints), 1e-3);
});

test('suppress is Python’s', () => {
  const kept = suppress(expected.decoded, expected.settings);
  assert.ok(kept.length < expected.decoded.length);
  assertClose(kept, expected.kept, 1e-6);
});

test('boxes are one face if they overlap, or one lies in the other', () => {
  const box = { left: 0, top: 0, right: 40, bottom: 40 };
  const at = (/** @type {number} */ left, /** @type {number} */ side) => {
    return { left, top: 0, right: left + side, bottom: side };
  };
  const thresholds = { iou_threshold: 0.3, containment_threshold: 0.7 };
  assert.ok(isSameFace(box, at(20, 40), thresholds)); // IoU 1/3
  assert.ok(!isSameFace(box, at(24, 40), thresholds)); // IoU 1/4
  assert.ok(isSameFace(box, at(10, 10), thresholds)); // within
  assert.ok(!isSameFace(box, at(34, 10), thresholds)); // 60 % within
  assert.ok(!isSameFace(box, at(40, 40), thresholds)); // side by side
});

for (const { size, passes } of [
  { size: [1000, 700], passes: [[800, 576], [128, 96]] },
  { size: [300, 300], passes: [[480, 480], [128, 128]] },
  { size: [90, 60], passes: [[160, 96]] }, // 144 × 96: a second pass would show nothing new
  { size: [40, 20], passes: [[128, 64]] },
]) {
  test(`a photo of ${size.join(' × ')} is detected at ${passes.join(' and ')}`, async () => {
    const { sizes, detector } = net(0.5);
    const [face, ...others] = await detector.detect(grey(size[0], size[1]));
    assert.deepEqual(sizes, passes);
    assert.deepEqual(others, []);
    assert.ok(face.score > 0.95);
  });
}

test('the second pass is for large faces alone', async () => {
  const found = async (/** @type {number} */ share) => {
    const { detector } = net(share, 128);
    return (await detector.detect(grey(1000, 1000))).length;
  };
  assert.deepEqual([await found(0.5), await found(0.2)], [1, 0]);
});

test('a single pass gives boxes in pixels of the picture', async () => {
  const { sizes, detector } = net(0.5);
  const [{ box }] = await detector.detectOnce(grey(640, 480), 320, 0.5);
  assert.deepEqual(sizes, [[320, 256]]);
  const expectedBox = { left: 192, top: 128, right: 448, bottom: 384 }; // 128 of 256, twice as large
  assertClose(box, expectedBox, 1e-3);
});

test('a net with wrong outputs is refused', async () => {
  assertClose([...KNOWN_MEANS], expected.known_means, 1e-9);
  const other = { run: async () => new Float32Array(256 * HEADS) };
  const refusal = { name: 'ModelError', message: /gives wrong results on this device/ };
  await assert.rejects(check(other), refusal);
});
