import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iou, sample, squareAround, taps } from '../../../web/static/js/vision/geometry.js';
import { assertClose, golden, picture } from '../golden.js';

const { geometry } = golden;

test('iou is Python’s', () => {
  for (const { a, b, iou: expected } of geometry.iou) assertClose(iou(a, b), expected, 1e-6);
});

test('squareAround is Python’s', () => {
  for (const { box, scale, shift, square } of geometry.square_around) {
    assertClose(squareAround(box, scale, shift), square, 1e-6);
  }
});

test('taps are Python’s', () => {
  for (const { start, length, size, limit, indices, weights } of geometry.taps) {
    const found = taps(start, length, size, limit);
    assert.equal(found.count, indices[0].length);
    assert.deepEqual([...found.indices], indices.flat());
    assertClose([...found.weights], weights.flat(), 1e-6);
  }
});

test('sample is Python’s', () => {
  for (const { box, width, height, values } of geometry.sample) {
    assertClose([...sample(picture(), box, width, height)], values, 1e-3);
  }
});

test('sample writes to the given array', () => {
  const whole = { left: 0, top: 0, right: 40, bottom: 30 };
  const out = new Float32Array(8 * 6 * 3);
  assert.equal(sample(picture(), whole, 8, 6, out), out);
  assert.deepEqual(out, sample(picture(), whole, 8, 6));
});

test('sample of an even picture is even, wherever the box lies', () => {
  const even = { data: new Uint8ClampedArray(5 * 4 * 4).fill(77), width: 5, height: 4 };
  for (const box of [
    { left: -30, top: -30, right: -20, bottom: -10 },
    { left: 2, top: 1, right: 2.5, bottom: 1.25 },
    { left: -4, top: 3, right: 90, bottom: 40 },
  ]) {
    const values = [...sample(even, box, 3, 7)];
    assertClose(values, values.map(() => 77), 1e-4);
  }
});
