/** Tracker, schedule, live detector and rule answer as tests/vectors.json says, to which the twins are held. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCHEDULE } from '../../../web/static/js/tracking/schedule.js';
import { TRACKER } from '../../../web/static/js/tracking/tracker.js';
import { LABELS, UNSURE_BELOW } from '../clip.js';
import { assertClose } from '../golden.js';
import { live } from '../vector-live.js';
import { alert, readVectors, schedule, track } from '../vectors.js';

const vectors = readVectors();

test('the cases are for these labels and options', () => {
  assert.deepEqual(vectors.labels, LABELS);
  assert.equal(vectors.unsure_below, UNSURE_BELOW);
  assert.deepEqual(vectors.options, TRACKER);
  assert.deepEqual(vectors.schedule_options, SCHEDULE);
  for (const cases of [vectors.tracker, vectors.schedule, vectors.live, vectors.alerts]) {
    assert.ok(cases.length > 0);
  }
});

for (const { name, steps } of vectors.tracker) {
  test(`faces are tracked: ${name}`, () => assertClose(track(steps), steps, 0.002));
}

for (const { name, steps } of vectors.schedule) {
  test(`passes start: ${name}`, () => assert.deepEqual(schedule(steps), steps));
}

for (const { name, steps } of vectors.live) {
  test(`frames that wait for their pass: ${name}`, async () => assertClose(await live(steps), steps, 0.002));
}

for (const { name, options, steps } of vectors.alerts) {
  test(`alerts: ${name}`, () => assert.deepEqual(alert(options, steps), steps));
}
