import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS, dayStart, hourStart, localIso } from '../../web/static/js/local-time.js';

test('an hour that occurs twice has two starts', () => {
  process.env.TZ = 'Europe/Berlin';
  const midnight = Date.UTC(2026, 9, 24, 22); // 25 October 2026, 0:00
  const starts = Array.from({ length: 5 }, (_, i) => hourStart(midnight + i * HOUR_MS + 1234));
  assert.deepEqual(starts.map(localIso), [
    '2026-10-25T00:00:00+02:00',
    '2026-10-25T01:00:00+02:00',
    '2026-10-25T02:00:00+02:00',
    '2026-10-25T02:00:00+01:00',
    '2026-10-25T03:00:00+01:00',
  ]);
  assert.equal((dayStart(midnight, 1) - dayStart(midnight)) / HOUR_MS, 25);
});

test('an hour that is skipped has none', () => {
  process.env.TZ = 'Europe/Berlin';
  const midnight = Date.UTC(2026, 2, 28, 23); // 29 March 2026, 0:00
  const starts = [1, 2].map((hours) => hourStart(midnight + hours * HOUR_MS + 1234));
  assert.deepEqual(starts.map(localIso), ['2026-03-29T01:00:00+01:00', '2026-03-29T03:00:00+02:00']);
  assert.equal((dayStart(midnight, 1) - dayStart(midnight)) / HOUR_MS, 23);
});

test('hours are local where the offset is not whole', () => {
  process.env.TZ = 'Asia/Kolkata';
  assert.equal(localIso(hourStart(Date.UTC(2026, 10, 27, 12))), '2026-11-27T17:00:00+05:30');
  process.env.TZ = 'America/St_Johns';
  assert.equal(localIso(hourStart(Date.UTC(2026, 10, 27, 12))), '2026-11-27T08:00:00-03:30');
  assert.equal(localIso(hourStart(-1)), '1969-12-31T20:00:00-03:30');
});

test('days before and after cross months', () => {
  process.env.TZ = 'UTC';
  const first = Date.UTC(2026, 11, 1, 15);
  assert.equal(localIso(dayStart(first)), '2026-12-01T00:00:00+00:00');
  assert.equal(localIso(dayStart(first, -1)), '2026-11-30T00:00:00+00:00');
});
