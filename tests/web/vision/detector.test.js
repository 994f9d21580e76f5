import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFaces } from '../../../web/static/js/vision/detector.js';
import { square } from '../scene.js';

const contract = /** @type {any} */ ({
  labels: ['with_mask', 'without_mask'],
  input_size: 2,
  smallest_face: 12,
  detector: { crop_scale: 1, crop_shift: 0 },
});
const frame = { data: new Uint8ClampedArray(400 * 20 * 4).fill(9), width: 400, height: 20 };

test('many faces are classified in batches of at most 32, small ones not at all', async () => {
  /** @type {number[]} */
  const batches = [];
  let next = 0;
  const classify = async (/** @type {Float32Array} */ crops) => {
    batches.push(crops.length / 12);
    return Array.from({ length: crops.length / 12 }, () => Float32Array.of((next += 1), 0));
  };
  const boxes = Array.from({ length: 71 }, (_, i) => square(5 * i, 10, i === 3 ? 8 : 14));
  const whole = (/** @type {any} */ box) => ({ frame, box });
  const results = await classifyFaces(contract, { classify }, boxes, whole);
  assert.deepEqual(batches, [32, 32, 6]);
  assert.deepEqual(results[3], {});
  assert.deepEqual(results[0], { with_mask: 1, without_mask: 0 });
  assert.deepEqual(results[70], { with_mask: 70, without_mask: 0 });
});
