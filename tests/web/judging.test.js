import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Judging } from '../../web/static/js/judging.js';

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
  assert.ok(running.every((backend) => backend === 'wasm') && running.length > 0);
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
