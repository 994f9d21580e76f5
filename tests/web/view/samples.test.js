import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownAt } from '../../../web/static/js/view/samples.js';

test('the demo shows one photo after the other, each sliding in from the right', () => {
  assert.deepEqual(shownAt(0, 3), [{ index: 0, offset: 0 }]);
  assert.deepEqual(shownAt(4600, 3), [
    { index: 0, offset: -0.5 },
    { index: 1, offset: 0.5 },
  ]);
  assert.deepEqual(shownAt(5000, 3), [{ index: 1, offset: 0 }]);
  assert.deepEqual(shownAt(14_600, 3).map(({ index }) => index), [2, 0]);
});
