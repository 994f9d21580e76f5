import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxFilter, OneEuro, ProbabilityFilter } from '../../../web/static/js/tracking/filters.js';
import { iou } from '../../../web/static/js/vision/geometry.js';
import { TRACKER } from '../../../web/static/js/tracking/tracker.js';
import { boxAt, chance, normal } from '../clip.js';
import { assertClose } from '../golden.js';

const OPTIONS = TRACKER.box;
const SMOOTHING = TRACKER;

/** @param {number[]} values */
function deviation(values) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

test('the first value is taken as it is, and a still one stays', () => {
  const filter = new OneEuro(OPTIONS);
  for (let i = 0; i < 5; i += 1) assert.equal(filter.update(42, 0.1, 10), 42);
  assert.equal(filter.speed, 0);
});

test('one-euro is the paper’s formula', () => {
  const filter = new OneEuro({ minCutoff: 1, beta: 0.5, speedCutoff: 2 });
  filter.update(0, 0.1, 1);
  const speed = 10 * (1 / (1 + 1 / (2 * Math.PI * 2) / 0.1));
  const cutoff = 1 + 0.5 * speed;
  const weight = 1 / (1 + 1 / (2 * Math.PI * cutoff) / 0.1);
  assertClose(filter.update(1, 0.1, 1), weight, 1e-12);
  assertClose(filter.speed, speed, 1e-12);
});

for (const rate of [15, 30]) {
  test(`a still box is calmer than it was found, at ${rate} updates a second`, () => {
    const random = chance(1);
    const filter = new BoxFilter(OPTIONS);
    const found = [];
    const smoothed = [];
    for (let i = 0; i < rate * 20; i += 1) {
      const x = 320 + 3 * normal(random);
      filter.update(boxAt(x, 240, 150), (i * 1000) / rate);
      found.push(x);
      smoothed.push((filter.box.left + filter.box.right) / 2);
    }
    const [before, after] = [found, smoothed].map((values) => deviation(values.slice(rate)));
    assert.ok(after < before * 0.6, `${after} of ${before} px`);
  });

  test(`a box in motion is not left behind, at ${rate} updates a second`, () => {
    for (const pace of [0.5, 1, 2, 4]) { // sides a second
      const filter = new BoxFilter(OPTIONS);
      let face = boxAt(0, 0, 100);
      for (let i = 0; i < rate * 2; i += 1) {
        face = boxAt((i / rate) * pace * 100, 0, 100);
        filter.update(face, (i * 1000) / rate);
      }
      assert.ok(iou(filter.box, face) > 0.85, `${pace} sides a second: ${iou(filter.box, face)}`);
    }
  });
}

test('the size of the picture makes no difference', () => {
  const [small, large] = [new BoxFilter(OPTIONS), new BoxFilter(OPTIONS)];
  for (let i = 0; i < 20; i += 1) {
    const [x, side] = [Math.sin(i / 3) * 20, 40 + (i % 3)];
    small.update(boxAt(x, 0, side), i * 50);
    large.update(boxAt(x * 10, 0, side * 10), i * 50);
  }
  assertClose(large.box.left, small.box.left * 10, 1e-9);
});

test('probabilities sum to 1 and the first answer is itself', () => {
  const filter = new ProbabilityFilter(SMOOTHING);
  assertClose(filter.update([0.7, 0.2, 0.1], 0), [0.7, 0.2, 0.1], 1e-12);
  const smoothed = filter.update([0.1, 0.8, 0.1], 100);
  assertClose(smoothed.reduce((a, b) => a + b), 1, 1e-12);
  assert.ok(smoothed[0] > 0.1 && smoothed[0] < 0.7);
});

test('smoothing takes the same time at any rate', () => {
  const after = [10, 20, 50, 100].map((step) => {
    const filter = new ProbabilityFilter(SMOOTHING);
    filter.update([0.9, 0.1], 0);
    let last = [0];
    for (let now = step; now <= 300; now += step) last = filter.update([0.1, 0.9], now);
    return last[0];
  });
  for (const share of after) assertClose(share, after[0], 1e-9);
});

test('one answer after a gap does not outweigh all before', () => {
  const filter = new ProbabilityFilter(SMOOTHING);
  for (let now = 0; now <= 1000; now += 50) filter.update([0.97, 0.03], now);
  assert.ok(filter.update([0.03, 0.97], 9000)[0] > 0.5);
});

test('no single answer is beyond doubt', () => {
  const filter = new ProbabilityFilter(SMOOTHING);
  filter.update([1, 0], 0);
  const [first] = filter.update([0, 1], 500);
  assert.ok(Number.isFinite(first) && first > 0.5 && first < 0.9, `${first}`);
});

test('what was forgotten counts no more', () => {
  const filter = new ProbabilityFilter(SMOOTHING);
  filter.update([1, 0], 0);
  filter.reset();
  assertClose(filter.update([0.2, 0.8], 10), [0.2, 0.8], 1e-12);
});
