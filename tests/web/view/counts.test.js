import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, overallShare } from '../../../web/static/js/view/counts.js';

/** @param {(number | null)[]} shares */
const series = (...shares) => shares.map((share) => ({ share }));

test('the height of a bar is its share, measured from the bottom', () => {
  const [half, full] = bars(series(0.5, 1), 100, 40);
  assert.equal(half.height, 20);
  assert.equal(half.y, 20);
  assert.equal(full.height, 40);
  assert.equal(full.y, 0);
  assert.ok(half.x >= 0 && half.x + half.width <= full.x && full.x + full.width <= 100);
});

test('a point without a share leaves a gap', () => {
  const [left, , right] = bars(series(1, 1, 1), 90, 40);
  assert.deepEqual(bars(series(1, null, 1), 90, 40), [left, right]);
  assert.deepEqual(bars([], 90, 40), []);
});

test('a share of zero is visible, unlike no share', () => {
  const [none] = bars(series(0), 100, 40);
  assert.ok(none.height > 0 && none.height < 4);
  assert.equal(none.y + none.height, 40);
});

test('the overall share weights points by their number of verdicts', () => {
  const points = [
    { share: 1, classified: 30 },
    { share: null, classified: 0 },
    { share: 0, classified: 10 },
  ];
  assert.equal(overallShare(points), 0.75);
  assert.equal(overallShare([{ share: 0, classified: 2 }]), 0);
  assert.equal(overallShare([{ share: null, classified: 0 }]), null);
  assert.equal(overallShare([]), null);
});
