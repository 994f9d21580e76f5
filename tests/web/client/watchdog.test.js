import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Watchdog } from '../../../web/static/js/client/watchdog.js';

/** @type {string[]} */
let calls;
/** @type {Watchdog} */
let watchdog;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  calls = [];
  watchdog = new Watchdog(100, () => calls.push('timeout'), () => calls.push('resume'));
  watchdog.start();
});

afterEach(() => mock.timers.reset());

test('heartbeats in time cause no call', () => {
  for (let i = 0; i < 5; i += 1) {
    mock.timers.tick(99);
    watchdog.beat();
  }
  assert.deepEqual(calls, []);
});

test('a timeout is reported once, and the next heartbeat too', () => {
  mock.timers.tick(1000);
  watchdog.beat();
  watchdog.beat();
  assert.deepEqual(calls, ['timeout', 'resume']);
  mock.timers.tick(100);
  assert.deepEqual(calls, ['timeout', 'resume', 'timeout']);
});

test('nothing is expected after a stop, and a start forgets an earlier timeout', () => {
  watchdog.stop();
  mock.timers.tick(1000);
  watchdog.start();
  mock.timers.tick(100);
  watchdog.start();
  watchdog.beat();
  assert.deepEqual(calls, ['timeout']);
});

test('a suspended watchdog does not time out, and starts over afterwards', () => {
  watchdog.suspend(true);
  mock.timers.tick(1000);
  watchdog.suspend(false);
  mock.timers.tick(99);
  assert.deepEqual(calls, []);
  mock.timers.tick(1);
  assert.deepEqual(calls, ['timeout']);
});
