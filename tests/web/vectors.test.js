/** Tracker and alarm answer as tests/vectors.json says, to which the twins are held. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRACKER } from '../../web/static/js/tracker.js';
import { LABELS, UNSURE_BELOW } from './clip.js';
import { assertClose } from './golden.js';
import { alert, readVectors, track } from './vectors.js';

const vectors = readVectors();

test('the cases are for these labels and options', () => {
  assert.deepEqual(vectors.labels, LABELS);
  assert.equal(vectors.unsure_below, UNSURE_BELOW);
  assert.deepEqual(vectors.options, TRACKER);
  assert.ok(vectors.tracker.length > 0 && vectors.alarm.length > 0);
});

for (const { name, steps } of vectors.tracker) {
  test(`faces are followed: ${name}`, () => assertClose(track(steps), steps, 0.002));
}

for (const { name, options, steps } of vectors.alarm) {
  test(`alerts: ${name}`, () => assert.deepEqual(alert(options, steps), steps));
}
