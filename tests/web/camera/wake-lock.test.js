import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScreenWakeLock } from '../../../web/static/js/camera/wake-lock.js';

test('one lock is held at most, and none in the end', async () => {
  let held = 0;
  const system = {
    request: async () => {
      held += 1;
      return { release: async () => (held -= 1) };
    },
  };
  const wake = new ScreenWakeLock(/** @type {any} */ (system));
  await wake.keep(true);
  assert.equal(held, 1);
  await wake.keep(true);
  assert.equal(held, 1);
  await wake.keep(false);
  assert.equal(held, 0);
});

test('a system that cannot is no error', async () => {
  await new ScreenWakeLock(undefined).keep(true);
  const refusing = new ScreenWakeLock(/** @type {any} */ ({ request: () => Promise.reject(new Error('no')) }));
  await refusing.keep(true);
  await refusing.keep(false);
});
