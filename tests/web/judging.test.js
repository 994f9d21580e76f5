import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Judging } from '../../web/static/js/judging.js';
import { texts } from '../../web/static/js/texts.js';

class FakeWorker extends EventTarget {
  /** @type {any[]} */
  asked = [];
  ended = false;

  /** @param {any} message */
  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.ended = true;
  }

  /** @param {object} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function newJudging() {
  /** @type {FakeWorker[]} */
  const workers = [];
  /** @type {any[]} */
  const running = [];
  const begin = () => {
    workers.push(new FakeWorker());
    return /** @type {any} */ (workers.at(-1));
  };
  return { judging: new Judging(begin, (told) => running.push(told.backend)), workers, running };
}

const READY = { type: 'ready', backend: 'wasm', version: '1' };

test('nothing is begun before it is needed, and then once', async () => {
  const { judging, workers, running } = newJudging();
  assert.equal(judging.begun, false);
  /** @type {string[]} */
  const told = [];
  const both = [judging.load(() => told.push('a')), judging.load(() => told.push('b'))];
  assert.equal(workers.length, 1);
  workers[0].answer({ type: 'warming' });
  workers[0].answer(READY);
  await Promise.all(both);
  assert.deepEqual(told, ['a', 'b']);
  assert.deepEqual(running, ['wasm']);
});

test('after a failure the next one begins anew', async () => {
  const { judging, workers } = newJudging();
  const failing = judging.load(() => {});
  workers[0].answer({ type: 'error', sentence: 'It broke.' });
  await assert.rejects(failing, { message: 'It broke.' });
  assert.ok(workers[0].ended);
  const again = judging.load(() => {});
  assert.equal(workers.length, 2);
  workers[1].answer(READY);
  assert.equal((await again).version, '1');
});

test('frames and photos go to the worker that was loaded', async () => {
  const { judging, workers } = newJudging();
  const loaded = judging.load(() => {});
  workers[0].answer(READY);
  await loaded;
  judging.reset();
  judging.track(/** @type {any} */ ({}));
  judging.judge(/** @type {any} */ ({}));
  await setImmediate();
  const types = workers[0].asked.map(({ type }) => type);
  assert.deepEqual(types, ['init', 'reset', 'track', 'frame']);
});

/** A judging with its models loaded. */
async function loadedJudging() {
  const made = newJudging();
  const loaded = made.judging.load(() => {});
  made.workers[0].answer(READY);
  await loaded;
  return made;
}

test('a photo that cannot be read leaves the live picture its judge', async () => {
  const { judging, workers } = await loadedJudging();
  const judged = judging.judge(/** @type {any} */ ({}));
  const tracked = judging.track(/** @type {any} */ ({}));
  workers[0].answer({ type: 'unreadable' });
  await assert.rejects(judged, { name: 'PhotoError' });
  assert.ok(judging.begun && !workers[0].ended);
  workers[0].answer({ type: 'tracks' });
  assert.equal((await tracked).type, 'tracks');
});

test('a judge that fails at a photo fails the frame that waits, and the other way round', async () => {
  for (const [fails, waits] of /** @type {const} */ ([['judge', 'track'], ['track', 'judge']])) {
    const { judging, workers } = await loadedJudging();
    const failing = judging[fails](/** @type {any} */ ({}));
    const waiting = judging[waits](/** @type {any} */ ({}));
    workers[0].answer({ type: 'error', sentence: 'It broke.' });
    await assert.rejects(failing, { message: 'It broke.' });
    await assert.rejects(waiting, { name: 'ModelError', message: texts.model.ended });
    assert.ok(workers[0].ended && !judging.begun);
  }
});

test('a late failure leaves the judge that came after it', async () => {
  const { judging, workers } = await loadedJudging();
  const failing = judging.judge(/** @type {any} */ ({}));
  const waiting = judging.track(/** @type {any} */ ({}));
  workers[0].answer({ type: 'error', sentence: 'It broke.' });
  await assert.rejects(failing);
  const again = judging.load(() => {});
  await assert.rejects(waiting);
  workers[1].answer(READY);
  await again;
  assert.ok(judging.begun && !workers[1].ended);
});

test('a frame that no judge takes is closed', async () => {
  const { judging } = newJudging();
  let closed = 0;
  const frame = /** @type {any} */ ({ close: () => (closed += 1) });
  await assert.rejects(judging.track(frame), { name: 'ModelError', message: texts.model.ended });
  assert.equal(closed, 1);
});
