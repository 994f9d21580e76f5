import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsCsv } from '../../../web/static/js/alerts/counts-csv.js';
import { hourOf, merge } from '../../../web/static/js/tracking/hours.js';

test('the CSV has a row per hour, also for both hours when clocks are set back', () => {
  process.env.TZ = 'Europe/Berlin';
  const atMs = Date.UTC(2026, 9, 25, 0, 30);
  const hours = merge(
    [hourOf({ atMs, name: 'people', step: 3 }), hourOf({ atMs: atMs + 3_600_000, name: 'people', step: 1 })],
    [hourOf({ atMs, name: 'with_mask', step: 2 }), hourOf({ atMs, name: 'watchedMs', step: 1_234_567 })],
  );
  assert.equal(
    countsCsv(hours),
    '\ufeffTime (time),people (people),mask (with_mask),no mask (without_mask),' +
      'worn incorrectly (incorrect_mask),unsure (unsure),' +
      'put on after an alert (put_on_after_alert),camera on (watched_seconds)\r\n' +
      '2026-10-25T02:00:00+02:00,3,2,0,0,0,0,1235\r\n' +
      '2026-10-25T02:00:00+01:00,1,0,0,0,0,0,0\r\n',
  );
});
