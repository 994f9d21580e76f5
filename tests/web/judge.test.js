import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Judge } from '../../web/static/js/judge.js';
import { texts } from '../../web/static/js/texts.js';

class FakeWorker extends EventTarget {
  /** @type {any[]} */
  asked = [];

  /** @param {any} message */
  postMessage(message) {
    this.asked.push(message);
  }

  /** @param {object} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/** @returns {[Judge, FakeWorker]} */
function newJudge() {
  const worker = new FakeWorker();
  return [new Judge(/** @type {any} */ (worker)), worker];
}

test('loading is asked for once and its progress is told', async () => {
  const [judge, worker] = newJudge();
  /** @type {object[]} */
  const told = [];
  const loaded = judge.load((progress) => told.push(progress));
  assert.equal(judge.load((progress) => told.push(progress)), loaded);
  const progress = { type: 'loading', done: 1, total: 2 };
  worker.answer(progress);
  worker.answer({ type: 'ready', backend: 'wasm' });
  assert.equal((await loaded).backend, 'wasm');
  assert.deepEqual(told, [progress]);
  assert.deepEqual(worker.asked, [{ type: 'init' }]);
});

test('the worker’s sentence is the error’s', async () => {
  const [judge, worker] = newJudge();
  const judged = judge.judge(/** @type {any} */ ({}));
  worker.answer({ type: 'error', sentence: 'It broke.' });
  await assert.rejects(judged, { name: 'ModelError', message: 'It broke.' });
});

test('a worker that does not start is told', async () => {
  const [judge, worker] = newJudge();
  const loaded = judge.load(() => {});
  worker.dispatchEvent(new Event('error'));
  await assert.rejects(loaded, { name: 'ModelError', message: texts.model.worker });
});
