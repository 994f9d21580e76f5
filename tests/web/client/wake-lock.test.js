import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScreenWakeLock } from '../../../web/static/js/client/wake-lock.js';

test('at most one lock is held, and none in the end', async () => {
  let held = 0;
  const browser = {
    request: async () => {
      held += 1;
      return { release: async () => (held -= 1) };
    },
  };
  const wakeLock = new ScreenWakeLock(/** @type {any} */ (browser));
  await wakeLock.set(true);
  assert.equal(held, 1);
  await wakeLock.set(true);
  assert.equal(held, 1);
  await wakeLock.set(false);
  assert.equal(held, 0);
});

test('a browser without wake locks, or one that refuses, causes no error', async () => {
  await new ScreenWakeLock(undefined).set(true);
  const browser = { request: () => Promise.reject(new Error('no')) };
  const refusing = new ScreenWakeLock(/** @type {any} */ (browser));
  await refusing.set(true);
  await refusing.set(false);
});
