import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Judge } from '../../web/static/js/judge.js';
import { texts } from '../../web/static/js/texts.js';

class FakeWorker extends EventTarget {
  /** @type {any[]} */
  asked = [];

  /** @type {any[]} */
  given = [];
  ended = false;

  terminate() {
    this.ended = true;
  }

  /**
   * @param {any} message
   * @param {any[]} [transfer]
   */
  postMessage(message, transfer) {
    this.asked.push(message);
    this.given.push(transfer);
  }

  /** @param {object} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/**
 * @param {(running: object) => void} [onBackend]
 * @returns {[Judge, FakeWorker]}
 */
function newJudge(onBackend) {
  const worker = new FakeWorker();
  return [new Judge(/** @type {any} */ (worker), onBackend), worker];
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

test('answers come in the order of the questions, and a frame is given away', async () => {
  const [judge, worker] = newJudge();
  const [frame, bitmap] = /** @type {any[]} */ ([{ a: 1 }, { b: 2 }]);
  const tracked = judge.track(frame);
  const judged = judge.judge(bitmap);
  worker.answer({ type: 'tracks', tracks: [] });
  worker.answer({ type: 'error', sentence: 'It broke.' });
  assert.equal((await tracked).type, 'tracks');
  await assert.rejects(judged, { message: 'It broke.' });
  assert.deepEqual(worker.asked, [{ type: 'track', frame }, { type: 'frame', bitmap }]);
  assert.deepEqual(worker.given, [[frame], [bitmap]]);
});

test('the backend is reported once it has started, and a reset has no answer', async () => {
  /** @type {object[]} */
  const reported = [];
  const [judge, worker] = newJudge((running) => reported.push(running));
  judge.reset();
  const loaded = judge.load(() => {});
  const tracked = judge.track(/** @type {any} */ ({}));
  const ready = { type: 'ready', backend: 'wasm', failed: 'wasm-simd' };
  worker.answer(ready);
  worker.answer({ type: 'tracks' });
  assert.deepEqual(await loaded, ready);
  assert.deepEqual(await tracked, { type: 'tracks' });
  assert.deepEqual(reported, [ready]);
});

test('a judge that is closed fails what was asked and what is asked, and closes the frame', async () => {
  const [judge, worker] = newJudge();
  const asked = [judge.track(/** @type {any} */ ({})), judge.judge(/** @type {any} */ ({}))];
  judge.close();
  assert.ok(worker.ended);
  const ended = { name: 'ModelError', message: texts.model.ended };
  for (const answer of asked) await assert.rejects(answer, ended);
  let closed = 0;
  const frame = /** @type {any} */ ({ close: () => (closed += 1) });
  await assert.rejects(judge.track(frame), ended);
  assert.equal(closed, 1);
  assert.equal(worker.asked.length, 2);
});

test('a frame that cannot be given away is closed, and the next answer is not taken for its', async () => {
  const [judge, worker] = newJudge();
  let closed = 0;
  const give = worker.postMessage;
  worker.postMessage = () => {
    throw new DOMException('', 'DataCloneError');
  };
  const frame = /** @type {any} */ ({ close: () => (closed += 1) });
  await assert.rejects(judge.track(frame), { name: 'DataCloneError' });
  assert.equal(closed, 1);
  worker.postMessage = give;
  const judged = judge.judge(/** @type {any} */ ({}));
  worker.answer({ type: 'verdicts' });
  assert.equal((await judged).type, 'verdicts');
});

test('a photo that cannot be read is no failure of the model', async () => {
  const [judge, worker] = newJudge();
  const judged = judge.judge(/** @type {any} */ ({}));
  worker.answer({ type: 'unreadable' });
  await assert.rejects(judged, { name: 'PhotoError', message: texts.photo.unreadable });
});
