import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AfterAlerts, WORN_MS } from '../../../web/static/js/tracking/after-alerts.js';
import { TALLY } from '../../../web/static/js/tracking/tally.js';

const STEP = 100; // milliseconds
const begin = (/** @type {number} */ face) => [{ type: /** @type {const} */ ('begin'), face }];

/**
 * Feed the same faces repeatedly.
 * @param {AfterAlerts} afterAlerts
 * @param {Record<number, string>} labels by the id of the face
 * @param {number} from
 * @param {number} to both in milliseconds
 * @returns {number[]} ids that were reported
 */
function feed(afterAlerts, labels, from, to) {
  const tracks = Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
  const reported = [];
  for (let now = from; now <= to; now += STEP) reported.push(...afterAlerts.update(tracks, [], now));
  return reported;
}

test('a mask that is put on after an alert is reported once', () => {
  const afterAlerts = new AfterAlerts();
  assert.deepEqual(afterAlerts.update([{ id: 7, label: 'without_mask' }], begin(7), 0), []);
  assert.deepEqual(feed(afterAlerts, { 7: 'without_mask' }, 100, 900), []);
  assert.deepEqual(feed(afterAlerts, { 7: 'with_mask' }, 1000, 900 + WORN_MS), []);
  assert.deepEqual(feed(afterAlerts, { 7: 'with_mask' }, 1000 + WORN_MS, 4000), [7]);
  afterAlerts.update([{ id: 7, label: 'incorrect_mask' }], begin(7), 4100);
  assert.deepEqual(feed(afterAlerts, { 7: 'with_mask' }, 4200, 8000), []);
});

test('only faces with an alert are reported', () => {
  const afterAlerts = new AfterAlerts();
  afterAlerts.update([{ id: 1, label: 'without_mask' }], [{ type: 'notify', face: 2 }, ...begin(1)], 0);
  assert.deepEqual(feed(afterAlerts, { 1: 'incorrect_mask', 2: 'with_mask' }, 100, 5000), []);
});

test('the mask must stay on', () => {
  const afterAlerts = new AfterAlerts();
  afterAlerts.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  for (const label of ['without_mask', 'unsure']) {
    assert.deepEqual(feed(afterAlerts, { 1: 'with_mask' }, 100, WORN_MS), []);
    assert.deepEqual(feed(afterAlerts, { 1: label }, 1100, 1200), []);
  }
  assert.deepEqual(feed(afterAlerts, { 1: 'with_mask' }, 1300, 1300 + WORN_MS), [1]);
});

test('a face that was out of view for long is forgotten', () => {
  const afterAlerts = new AfterAlerts();
  afterAlerts.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  feed(afterAlerts, {}, 100, TALLY.maxGapMs + 100);
  assert.deepEqual(feed(afterAlerts, { 1: 'with_mask' }, 6000, 9000), []);
});

test('a face that was out of view briefly is not', () => {
  const afterAlerts = new AfterAlerts();
  afterAlerts.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  feed(afterAlerts, {}, 100, TALLY.maxGapMs - 100);
  assert.deepEqual(feed(afterAlerts, { 1: 'with_mask' }, 5000, 9000), [1]);
});
