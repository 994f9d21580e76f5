/** A live session while its page is hidden. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakePage, RESULT } from './fake-page.js';

const STALL_MS = 2500;

/** @type {FakePage} */
let page;

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  page = new FakePage();
  await page.session.start({});
});

afterEach(() => mock.timers.reset());

test('a hidden page processes frames by the worker’s clock', async () => {
  page.session.hide(true);
  assert.equal(page.status, texts.status.hidden);
  await page.show(); // the video’s callbacks are not used
  assert.equal(page.pending.length, 0);
  for (const drawn of [1, 2]) {
    page.tick();
    await setImmediate();
    page.pending.shift()?.resolve(RESULT);
    await setImmediate();
    assert.equal(page.drawn, drawn);
  }
  assert.ok(!page.events.includes('stop'));
  page.session.hide(false);
  assert.equal(page.status, texts.status.running);
  page.tick(); // too late
  await setImmediate();
  assert.equal(page.pending.length, 0);
  await page.process();
  assert.equal(page.drawn, 3);
});

test('a browser that sends hidden pages no frames is reported when the page is shown', () => {
  page.session.hide(true);
  page.paused = true;
  mock.timers.tick(STALL_MS);
  page.session.hide(false);
  assert.equal(page.paused, false);
  assert.equal(page.status, texts.status.resumed);
});

test('that stays readable when frames come again, and a frozen camera is still noticed', async () => {
  page.session.hide(true);
  mock.timers.tick(STALL_MS);
  page.session.hide(false);
  await page.process();
  assert.equal(page.status, texts.status.resumed);
  mock.timers.tick(STALL_MS);
  assert.equal(page.status, texts.status.stalled);
});

test('a camera that froze before the page was hidden is not blamed on the browser', () => {
  mock.timers.tick(STALL_MS);
  page.session.hide(true);
  assert.equal(page.status, texts.status.stalled);
  page.session.hide(false);
  assert.equal(page.status, texts.status.stalled);
});

test('the same frame again is none: a frozen camera is noticed', async () => {
  page.timestamp = 7;
  page.session.hide(true);
  for (let i = 0; i < 3; i += 1) {
    page.tick();
    await setImmediate();
    page.pending.shift()?.resolve(RESULT);
    await setImmediate();
  }
  assert.equal(page.drawn, 1);
  mock.timers.tick(STALL_MS);
  assert.equal(page.status, texts.status.stalled);
});

test('a worker that has ended while the video is paused stops the camera', async () => {
  page.paused = true;
  page.predictor.wait = () => Promise.reject(new Error('the worker has ended'));
  page.session.hide(true);
  await setImmediate();
  assert.deepEqual([page.status, page.alert], [texts.status.failed, 'the worker has ended']);
});

test('a worker that fails on a hidden page stops the camera', async () => {
  page.session.hide(true);
  page.tick();
  await setImmediate();
  page.pending.shift()?.reject(new Error('the worker has ended'));
  await setImmediate();
  assert.deepEqual([page.status, page.alert], [texts.status.failed, 'the worker has ended']);
});

test('a camera that starts on a hidden page runs', async () => {
  page.session.stop();
  page.hidden = true;
  await page.session.start({});
  assert.equal(page.status, texts.status.hidden);
  page.tick();
  await setImmediate();
  assert.equal(page.pending.length, 1);
});
