import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Debouncer } from '../../../web/static/js/alerts/debouncer.js';

test('a value is told once it has stayed', () => {
  const steady = new Debouncer(300);
  assert.equal(steady.see('mask', 1000), '');
  assert.equal(steady.see('mask', 1299), '');
  assert.equal(steady.see('mask', 1300), 'mask');
  assert.equal(steady.see('no mask', 1400), 'mask');
  assert.equal(steady.see('mask', 1500), 'mask');
  assert.equal(steady.see('no mask', 1600), 'mask');
  assert.equal(steady.see('no mask', 1900), 'no mask');
});
