import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PinCheck } from '../../../web/static/js/client/pin.js';

test('the right PIN is accepted, also after wrong ones', () => {
  const check = new PinCheck('0123');
  assert.deepEqual(check.enter('123', 0), { right: false, waitMs: 0 });
  assert.deepEqual(check.enter('', 0), { right: false, waitMs: 0 });
  assert.deepEqual(check.enter('0123', 0), { right: true, waitMs: 0 });
});

test('after each three wrong PINs none is compared for 30 seconds', () => {
  const check = new PinCheck('0123');
  for (const startMs of [0, 40_000]) {
    assert.equal(check.enter('1', startMs).waitMs, 0);
    assert.equal(check.enter('2', startMs).waitMs, 0);
    assert.equal(check.enter('3', startMs).waitMs, 30_000);
    assert.deepEqual(check.enter('0123', startMs + 29_999), { right: false, waitMs: 1 });
  }
  assert.equal(check.enter('0123', 70_000).right, true);
});
