import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TALLY, Tally } from '../../../web/static/js/tracking/tally.js';
import { TRACKER } from '../../../web/static/js/tracking/tracker.js';

const STEP = 100; // milliseconds

/** @import { TallyChange } from '../../../web/static/js/tracking/tally.js' */

/** A tally with the sums of its changes. */
class Counted {
  tally = new Tally();
  /** @type {TallyChange[]} */
  changes = [];

  /**
   * @param {{id: number, label: string}[]} tracks
   * @param {number} nowMs
   */
  update(tracks, nowMs) {
    this.changes.push(...this.tally.update(tracks, nowMs, nowMs));
  }

  /**
   * Feed the same faces repeatedly.
   * @param {Record<number, string>} labels by the id of the face
   * @param {number} from
   * @param {number} to both in milliseconds
   */
  feed(labels, from, to) {
    const tracks = Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
    for (let now = from; now <= to; now += STEP) this.update(tracks, now);
  }

  /** @param {string} name */
  sum(name) {
    return this.changes.reduce((sum, one) => sum + (one.name === name ? one.step : 0), 0);
  }

  /** People in total, with a mask, without one, with one worn incorrectly, and unsure. */
  get totals() {
    const names = ['people', 'with_mask', 'without_mask', 'incorrect_mask', 'unsure'];
    return names.map((name) => this.sum(name));
  }
}

test('each face counts once, under its verdict', () => {
  const counted = new Counted();
  counted.feed({ 1: 'with_mask', 2: 'without_mask', 3: 'incorrect_mask', 4: 'with_mask' }, 0, 3000);
  assert.deepEqual(counted.totals, [4, 2, 1, 1, 0]);
});

test('a face visible only briefly does not count', () => {
  const counted = new Counted();
  counted.feed({ 1: 'without_mask' }, 0, TALLY.minVisibleMs - STEP);
  assert.equal(counted.sum('people'), 0);
  counted.feed({ 1: 'without_mask' }, TALLY.minVisibleMs, TALLY.minVisibleMs);
  assert.equal(counted.sum('people'), 1);
});

test('the last definite verdict counts', () => {
  const counted = new Counted();
  counted.feed({ 1: 'without_mask' }, 0, 2000);
  counted.feed({ 1: 'with_mask' }, 2100, 3000);
  counted.feed({ 1: 'unsure' }, 3100, 4000);
  counted.feed({ 1: 'too_small' }, 4100, 5000);
  assert.deepEqual(counted.totals, [1, 1, 0, 0, 0]);
});

test('a face without a definite verdict counts as unsure', () => {
  const counted = new Counted();
  counted.feed({ 1: 'unsure', 2: 'too_small' }, 0, 2000);
  assert.deepEqual(counted.totals, [2, 0, 0, 0, 2]);
});

test('a face that was lost for less than the tracker’s limit counts once', () => {
  const counted = new Counted();
  counted.feed({ 1: 'with_mask' }, 0, 2000);
  counted.feed({}, 2100, 2000 + TRACKER.maxAgeMs);
  counted.feed({ 1: 'without_mask' }, 2100 + TRACKER.maxAgeMs, 5000 + TRACKER.maxAgeMs);
  assert.deepEqual(counted.totals, [1, 0, 1, 0, 0]);
  assert.ok(TALLY.maxGapMs > TRACKER.maxAgeMs);
});

test('a face that returns after the gap is a new one', () => {
  const counted = new Counted();
  counted.feed({ 1: 'with_mask' }, 0, 2000);
  counted.feed({}, 2100, 2100 + TALLY.maxGapMs);
  counted.feed({ 1: 'with_mask' }, 2200 + TALLY.maxGapMs, 4000 + TALLY.maxGapMs);
  assert.equal(counted.sum('people'), 2);
});

test('at low frame rates a face counts at once, and once', () => {
  const counted = new Counted();
  const everyMs = 2 * TALLY.maxGapMs;
  counted.update([], 0);
  counted.update([], everyMs);
  counted.update([{ id: 1, label: 'with_mask' }], 2 * everyMs);
  assert.equal(counted.sum('people'), 1);
  counted.update([{ id: 1, label: 'with_mask' }], 3 * everyMs);
  assert.equal(counted.sum('people'), 1);
});

test('a face in the first frame after a gap does not count at once', () => {
  const counted = new Counted();
  counted.feed({}, 0, 1000);
  counted.update([{ id: 1, label: 'with_mask' }], 60_000);
  assert.equal(counted.sum('people'), 0);
});

test('faces that have left stay counted', () => {
  const counted = new Counted();
  for (let id = 1; id <= 50; id += 1) counted.feed({ [id]: 'with_mask' }, id * 9000, id * 9000 + 2000);
  assert.equal(counted.sum('people'), 50);
});

test('a later label is a correction at the time of the first count', () => {
  const counted = new Counted();
  counted.feed({ 1: 'unsure' }, 0, 2000);
  counted.feed({ 1: 'without_mask' }, 2100, 4000);
  counted.feed({ 1: 'with_mask' }, 4100, 5000);
  const atMs = TALLY.minVisibleMs;
  assert.deepEqual(counted.changes, [
    { atMs, name: 'people', step: 1 },
    { atMs, name: 'unsure', step: 1 },
    { atMs, name: 'unsure', step: -1 },
    { atMs, name: 'without_mask', step: 1 },
    { atMs, name: 'without_mask', step: -1 },
    { atMs, name: 'with_mask', step: 1 },
  ]);
  assert.equal(counted.tally.countedAtMs(1), atMs);
});

test('a face that does not count, or has left, has no time of its count', () => {
  const counted = new Counted();
  counted.feed({ 1: 'with_mask' }, 0, 500);
  assert.equal(counted.tally.countedAtMs(1), undefined);
  counted.feed({ 1: 'with_mask' }, 600, 2000);
  counted.feed({}, 2100, 2100 + TALLY.maxGapMs);
  assert.equal(counted.tally.countedAtMs(1), undefined);
});
