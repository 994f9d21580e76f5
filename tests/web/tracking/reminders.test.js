import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reminders, WORN_MS } from '../../../web/static/js/tracking/reminders.js';
import { TALLY } from '../../../web/static/js/tracking/tally.js';

const STEP = 100; // milliseconds
const begin = (/** @type {number} */ face) => [{ type: /** @type {const} */ ('begin'), face }];

/**
 * Feed the same faces repeatedly.
 * @param {Reminders} reminders
 * @param {Record<number, string>} labels by the id of the face
 * @param {number} from
 * @param {number} to both in milliseconds
 * @returns {number[]} ids that were reported
 */
function feed(reminders, labels, from, to) {
  const tracks = Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
  const reported = [];
  for (let now = from; now <= to; now += STEP) reported.push(...reminders.update(tracks, [], now));
  return reported;
}

test('a mask that is put on after an alert is reported once', () => {
  const reminders = new Reminders();
  assert.deepEqual(reminders.update([{ id: 7, label: 'without_mask' }], begin(7), 0), []);
  assert.deepEqual(feed(reminders, { 7: 'without_mask' }, 100, 900), []);
  assert.deepEqual(feed(reminders, { 7: 'with_mask' }, 1000, 900 + WORN_MS), []);
  assert.deepEqual(feed(reminders, { 7: 'with_mask' }, 1000 + WORN_MS, 4000), [7]);
  reminders.update([{ id: 7, label: 'incorrect_mask' }], begin(7), 4100);
  assert.deepEqual(feed(reminders, { 7: 'with_mask' }, 4200, 8000), []);
});

test('only faces with an alert are reported', () => {
  const reminders = new Reminders();
  reminders.update([{ id: 1, label: 'without_mask' }], [{ type: 'notify', face: 2 }, ...begin(1)], 0);
  assert.deepEqual(feed(reminders, { 1: 'incorrect_mask', 2: 'with_mask' }, 100, 5000), []);
});

test('the mask must stay on', () => {
  const reminders = new Reminders();
  reminders.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  for (const label of ['without_mask', 'unsure']) {
    assert.deepEqual(feed(reminders, { 1: 'with_mask' }, 100, WORN_MS), []);
    assert.deepEqual(feed(reminders, { 1: label }, 1100, 1200), []);
  }
  assert.deepEqual(feed(reminders, { 1: 'with_mask' }, 1300, 1300 + WORN_MS), [1]);
});

test('a face that was out of view for long is forgotten', () => {
  const reminders = new Reminders();
  reminders.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  feed(reminders, {}, 100, TALLY.maxGapMs + 100);
  assert.deepEqual(feed(reminders, { 1: 'with_mask' }, 6000, 9000), []);
});

test('a face that was out of view briefly is not', () => {
  const reminders = new Reminders();
  reminders.update([{ id: 1, label: 'without_mask' }], begin(1), 0);
  feed(reminders, {}, 100, TALLY.maxGapMs - 100);
  assert.deepEqual(feed(reminders, { 1: 'with_mask' }, 5000, 9000), [1]);
});
