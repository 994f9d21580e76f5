import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Watchdog } from '../../../web/static/js/client/watchdog.js';

/** @type {string[]} */
let told;
/** @type {Watchdog} */
let pulse;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  told = [];
  pulse = new Watchdog(100, () => told.push('missing'), () => told.push('back'));
  pulse.start();
});

afterEach(() => mock.timers.reset());

test('what comes in time is not missed', () => {
  for (let i = 0; i < 5; i += 1) {
    mock.timers.tick(99);
    pulse.beat();
  }
  assert.deepEqual(told, []);
});

test('what stays away is told once, and when it is back', () => {
  mock.timers.tick(1000);
  pulse.beat();
  pulse.beat();
  assert.deepEqual(told, ['missing', 'back']);
  mock.timers.tick(100);
  assert.deepEqual(told, ['missing', 'back', 'missing']);
});

test('nothing is awaited after a stop, and a new start knows nothing of what was before', () => {
  pulse.stop();
  mock.timers.tick(1000);
  pulse.start();
  mock.timers.tick(100);
  pulse.start();
  pulse.beat();
  assert.deepEqual(told, ['missing']);
});
