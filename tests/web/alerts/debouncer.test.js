import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Debouncer } from '../../../web/static/js/alerts/debouncer.js';

test('a value is reported once it has been stable', () => {
  const debouncer = new Debouncer(300);
  assert.equal(debouncer.update('mask', 1000), '');
  assert.equal(debouncer.update('mask', 1299), '');
  assert.equal(debouncer.update('mask', 1300), 'mask');
  assert.equal(debouncer.update('no mask', 1400), 'mask');
  assert.equal(debouncer.update('mask', 1500), 'mask');
  assert.equal(debouncer.update('no mask', 1600), 'mask');
  assert.equal(debouncer.update('no mask', 1900), 'no mask');
});
