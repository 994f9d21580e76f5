import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hourOf, plus } from '../../../web/static/js/tracking/hours.js';
import { bars, dayCells } from '../../../web/static/js/view/counts.js';

/** @import { HourCounts, People } from '../../../web/static/js/tracking/hours.js' */

const EMPTY = { ...hourOf({ atMs: 0, name: 'people', step: 0 }), hourMs: new Date(2026, 10, 27).getTime() };

/**
 * @param {Partial<People> & {watchedMs?: number}} counts
 * @returns {HourCounts}
 */
const hour = (counts) => ({ ...EMPTY, ...counts });

test('the bar of the fullest hour is as high as the chart, stacked by label from the bottom', () => {
  const [masked, bare, other] = bars(
    [hour({ people: 4, with_mask: 3, without_mask: 1 }), hour({ people: 2, unsure: 2 })], 100, 40,
  );
  assert.deepEqual([masked.name, masked.y, masked.height], ['with_mask', 10, 30]);
  assert.deepEqual([bare.name, bare.y, bare.height], ['without_mask', 0, 10]);
  assert.deepEqual([other.name, other.y, other.height], ['unsure', 20, 20]);
  assert.equal(masked.x, bare.x);
  assert.ok(masked.x >= 0 && masked.x + masked.width <= other.x && other.x + other.width <= 100);
});

test('an hour without people differs from one without the camera', () => {
  const [watched, ...others] = bars([hour({}), hour({ watchedMs: 1 })], 100, 40);
  assert.equal(watched.name, 'watched');
  assert.ok(watched.x > 50 && watched.height > 0 && watched.height < 4);
  assert.equal(watched.y + watched.height, 40);
  assert.deepEqual(others, []);
});

test('a row has the counts of a day, and for how long the camera was on', () => {
  const day = plus(
    hour({ people: 12, with_mask: 8, without_mask: 3, put_on_after_alert: 2 }),
    hour({ unsure: 1, watchedMs: 3_720_000 }),
  );
  const [name, ...cells] = dayCells(day);
  assert.match(name, /27/);
  assert.deepEqual(cells, ['12', '8', '3', '0', '1', '2', '1 h 2 min']);
  assert.deepEqual(dayCells(hour({ watchedMs: 60_000 })).slice(1), ['0', '0', '0', '0', '0', '0', '1 min']);
  assert.deepEqual(dayCells(hour({})).slice(1), ['–', '–', '–', '–', '–', '–', '–']);
});
