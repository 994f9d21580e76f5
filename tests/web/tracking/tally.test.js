import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TALLY, Tally } from '../../../web/static/js/tracking/tally.js';
import { TRACKER } from '../../../web/static/js/tracking/tracker.js';

const STEP = 100; // milliseconds

/**
 * Feed the same faces repeatedly.
 * @param {Tally} tally
 * @param {Record<number, string>} labels by the id of the face
 * @param {number} from
 * @param {number} to both in milliseconds
 */
function feed(tally, labels, from, to) {
  const tracks = Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
  for (let now = from; now <= to; now += STEP) tally.update(tracks, now);
}

test('each face counts once, under its verdict', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask', 2: 'without_mask', 3: 'incorrect_mask', 4: 'with_mask' }, 0, 3000);
  assert.deepEqual(tally.totals, { faces: 4, with_mask: 2, without_mask: 1, incorrect_mask: 1 });
});

test('a face visible only briefly does not count', () => {
  const tally = new Tally();
  feed(tally, { 1: 'without_mask' }, 0, TALLY.minVisibleMs - STEP);
  assert.equal(tally.totals.faces, 0);
  feed(tally, { 1: 'without_mask' }, TALLY.minVisibleMs, TALLY.minVisibleMs);
  assert.equal(tally.totals.faces, 1);
});

test('the last definite verdict counts', () => {
  const tally = new Tally();
  feed(tally, { 1: 'without_mask' }, 0, 2000);
  feed(tally, { 1: 'with_mask' }, 2100, 3000);
  feed(tally, { 1: 'unsure' }, 3100, 4000);
  feed(tally, { 1: 'too_small' }, 4100, 5000);
  assert.deepEqual(tally.totals, { faces: 1, with_mask: 1, without_mask: 0, incorrect_mask: 0 });
});

test('a face without a definite verdict counts only as a face', () => {
  const tally = new Tally();
  feed(tally, { 1: 'unsure', 2: 'too_small' }, 0, 2000);
  assert.deepEqual(tally.totals, { faces: 2, with_mask: 0, without_mask: 0, incorrect_mask: 0 });
});

test('a face that was lost for less than the tracker’s limit counts once', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask' }, 0, 2000);
  feed(tally, {}, 2100, 2000 + TRACKER.maxAgeMs);
  feed(tally, { 1: 'without_mask' }, 2100 + TRACKER.maxAgeMs, 5000 + TRACKER.maxAgeMs);
  assert.deepEqual(tally.totals, { faces: 1, with_mask: 0, without_mask: 1, incorrect_mask: 0 });
  assert.ok(TALLY.maxGapMs > TRACKER.maxAgeMs);
});

test('a face that returns after the gap is a new one', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask' }, 0, 2000);
  feed(tally, {}, 2100, 2100 + TALLY.maxGapMs);
  feed(tally, { 1: 'with_mask' }, 2200 + TALLY.maxGapMs, 4000 + TALLY.maxGapMs);
  assert.equal(tally.totals.faces, 2);
});

test('at low frame rates a face counts at once, and once', () => {
  const tally = new Tally();
  const everyMs = 2 * TALLY.maxGapMs;
  tally.update([], 0);
  tally.update([], everyMs);
  tally.update([{ id: 1, label: 'with_mask' }], 2 * everyMs);
  assert.equal(tally.totals.faces, 1);
  tally.update([{ id: 1, label: 'with_mask' }], 3 * everyMs);
  assert.equal(tally.totals.faces, 1);
});

test('a face in the first frame after a gap does not count at once', () => {
  const tally = new Tally();
  feed(tally, {}, 0, 1000);
  tally.update([{ id: 1, label: 'with_mask' }], 60_000);
  assert.equal(tally.totals.faces, 0);
});

test('faces that have left stay counted', () => {
  const tally = new Tally();
  for (let id = 1; id <= 50; id += 1) feed(tally, { [id]: 'with_mask' }, id * 9000, id * 9000 + 2000);
  assert.equal(tally.totals.faces, 50);
});

test('totals that were returned do not change later', () => {
  const tally = new Tally();
  const { totals } = tally;
  feed(tally, { 1: 'with_mask' }, 0, 2000);
  assert.equal(totals.faces, 0);
});

test('the chart has a point per interval, empty where no face was classified', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask' }, 20_000, 25_000);
  feed(tally, { 1: 'with_mask', 2: 'without_mask', 3: 'unsure' }, 30_000, 39_000);
  feed(tally, { 3: 'unsure' }, 40_000, 45_000);
  feed(tally, { 2: 'without_mask', 4: 'incorrect_mask' }, 50_000, 52_000);
  assert.deepEqual(tally.series(53_000, 1), [
    { atMs: 0, share: null, classified: 0 },
    { atMs: 10_000, share: null, classified: 0 },
    { atMs: 20_000, share: 1, classified: 51 },
    { atMs: 30_000, share: 0.5, classified: 182 },
    { atMs: 40_000, share: null, classified: 0 },
    { atMs: 50_000, share: 0, classified: 42 },
  ]);
});

test('the chart moves on with time', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask' }, 20_000, 25_000);
  const points = tally.series(79_000, 1);
  assert.deepEqual(points.map(({ share }) => share), [1, null, null, null, null, null]);
  assert.ok(tally.series(80_000, 1).every(({ share }) => share === null));
  assert.equal(tally.series(80_000, 10).length, 60);
});

test('history beyond the chart is dropped', () => {
  const tally = new Tally();
  for (let now = 0; now < 1e7; now += 5000) tally.update([{ id: 1, label: 'with_mask' }], now);
  const shown = tally.series(1e7 - 1, 1000).filter(({ share }) => share !== null);
  assert.ok(shown.length <= TALLY.historyMs / TALLY.bucketMs + 1, `${shown.length} points`);
});

test('reset clears everything', () => {
  const tally = new Tally();
  feed(tally, { 1: 'with_mask' }, 0, 2000);
  tally.reset();
  assert.equal(tally.totals.faces, 0);
  assert.ok(tally.series(2000, 1).every(({ share }) => share === null));
  feed(tally, { 1: 'with_mask' }, 2100, 4000);
  assert.equal(tally.totals.faces, 1);
});
