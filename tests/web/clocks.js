/** Both clocks of a page, which tests move: that of the computer, and `performance.now()`. */

import { mock } from 'node:test';

let aheadMs = 0; // of Date over `performance.now()`

/**
 * Mock both clocks and the timers.
 * @param {('setTimeout' | 'setInterval')[]} timers
 * @param {number} [now] Unix time in milliseconds
 */
export function mockClocks(timers, now = 0) {
  aheadMs = now;
  mock.timers.enable({ apis: ['Date', ...timers], now });
  mock.method(performance, 'now', () => Date.now() - aheadMs);
}

/**
 * Set the computer's clock; no time passes.
 * @param {number} ms Unix time in milliseconds
 */
export function setClock(ms) {
  aheadMs += ms - Date.now();
  mock.timers.setTime(ms);
}

export function resetClocks() {
  mock.timers.reset();
  mock.restoreAll();
}
