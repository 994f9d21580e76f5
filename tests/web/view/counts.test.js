import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, overall } from '../../../web/static/js/view/counts.js';

/** @param {(number | null)[]} shares */
const series = (...shares) => shares.map((share) => ({ share }));

test('a bar is as high as its share, and stands on the ground', () => {
  const [half, full] = bars(series(0.5, 1), 100, 40);
  assert.equal(half.height, 20);
  assert.equal(half.y, 20);
  assert.equal(full.height, 40);
  assert.equal(full.y, 0);
  assert.ok(half.x >= 0 && half.x + half.width <= full.x && full.x + full.width <= 100);
});

test('a span without anybody keeps its place empty', () => {
  const [left, , right] = bars(series(1, 1, 1), 90, 40);
  assert.deepEqual(bars(series(1, null, 1), 90, 40), [left, right]);
  assert.deepEqual(bars([], 90, 40), []);
});

test('a share of nothing is seen, unlike nobody', () => {
  const [none] = bars(series(0), 100, 40);
  assert.ok(none.height > 0 && none.height < 4);
  assert.equal(none.y + none.height, 40);
});

test('the share over all spans weighs them by how much was judged in them', () => {
  const spans = [
    { share: 1, judged: 30 },
    { share: null, judged: 0 },
    { share: 0, judged: 10 },
  ];
  assert.equal(overall(spans), 0.75);
  assert.equal(overall([{ share: 0, judged: 2 }]), 0);
  assert.equal(overall([{ share: null, judged: 0 }]), null);
  assert.equal(overall([]), null);
});
