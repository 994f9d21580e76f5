import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS } from '../../../web/static/js/local-time.js';
import {
  hourOf, maskedShare, merge, overview, overviewStart,
} from '../../../web/static/js/tracking/hours.js';

/** @import { Change } from '../../../web/static/js/tracking/hours.js' */

process.env.TZ = 'Europe/Berlin';
const NOON = Date.UTC(2026, 10, 27, 11); // in Berlin
const MINUTE = 60_000;

/** @param {[number, Change['name'], number?][]} changes */
const hoursOf = (...changes) => {
  return changes.map(([atMs, name, step = 1]) => hourOf({ atMs, name, step }))
    .reduce((all, hour) => merge(all, [hour]), /** @type {ReturnType<typeof hourOf>[]} */ ([]));
};

test('changes of an hour are added, and hours are sorted', () => {
  const hours = hoursOf(
    [NOON + 70 * MINUTE, 'people'],
    [NOON + 10 * MINUTE, 'people'],
    [NOON + 5 * MINUTE, 'people', 2],
    [NOON + 5 * MINUTE, 'unsure', -1],
    [NOON + 10 * MINUTE, 'watchedMs', 40],
  );
  const shown = hours.map(({ hourMs, sinceMs, people, unsure, watchedMs }) => {
    return [hourMs - NOON, sinceMs - NOON, people, unsure, watchedMs];
  });
  assert.deepEqual(shown, [
    [0, 5 * MINUTE, 3, -1, 40],
    [HOUR_MS, 70 * MINUTE, 1, 0, 0],
  ]);
});

test('today is the sum of its hours, since the first one', () => {
  const hours = hoursOf(
    [NOON - 13 * HOUR_MS, 'people', 9],
    [NOON - 2 * HOUR_MS, 'people', 2],
    [NOON - 2 * HOUR_MS, 'without_mask', 2],
    [NOON, 'people', 1],
    [NOON, 'with_mask', 1],
  );
  const { today, hours: ofToday, days } = overview(hours, NOON + MINUTE);
  assert.deepEqual([today.people, today.with_mask, today.without_mask], [3, 1, 2]);
  assert.equal(today.sinceMs, NOON - 2 * HOUR_MS);
  assert.equal(ofToday.length, 24);
  assert.deepEqual([10, 11, 12].map((i) => ofToday[i].people), [2, 0, 1]);
  assert.deepEqual(days.map(({ people }) => people), [3, 9, 0, 0, 0, 0, 0]);
  assert.equal(days[6].hourMs, overviewStart(NOON));
});

test('a day without counts began at no time', () => {
  assert.equal(overview([], NOON).today.sinceMs, Infinity);
});

test('days on which clocks change have an hour more or less', () => {
  const back = Date.UTC(2026, 9, 25, 0, 30); // 2:30, for the first time
  const hours = hoursOf([back, 'people'], [back + HOUR_MS, 'people', 2]);
  assert.equal(hours.length, 2);
  const autumn = overview(hours, back + 10 * HOUR_MS);
  assert.equal(autumn.hours.length, 25);
  assert.deepEqual(autumn.hours.slice(1, 5).map(({ people }) => people), [0, 1, 2, 0]);
  assert.equal(autumn.today.people, 3);
  assert.equal(overview([], Date.UTC(2026, 2, 29, 10)).hours.length, 23);
});

test('the share of masked people leaves out those who are unsure', () => {
  const [hour] = hoursOf([NOON, 'with_mask', 3], [NOON, 'incorrect_mask', 1], [NOON, 'unsure', 4]);
  assert.equal(maskedShare(hour), 0.75);
  assert.equal(maskedShare({ ...hour, with_mask: 0 }), 0);
  assert.equal(maskedShare({ ...hour, with_mask: 0, incorrect_mask: 0 }), null);
});
