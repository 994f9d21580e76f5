import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Predictor } from '../../../web/static/js/client/predictor.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakeWorker } from '../fake-worker.js';

const READY = { type: 'ready', version: '1' };
const BROKE = { type: 'error', sentence: 'It broke.' };
const ENDED = { name: 'ModelError', message: texts.model.ended };

function newJudge() {
  /** @type {FakeWorker[]} */
  const workers = [];
  const judge = new Predictor(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return /** @type {any} */ (worker);
  });
  return { judge, workers };
}

/** A judge with its models loaded. */
async function loadedJudge() {
  const made = newJudge();
  const loaded = made.judge.load();
  made.workers[0].answer(READY);
  await loaded;
  return made;
}

/** @returns {any} a picture that notes how often it was closed */
function newPicture() {
  return {
    closed: 0,
    close() {
      this.closed += 1;
    },
  };
}

test('nothing is begun before it is needed, and then once', async () => {
  const { judge, workers } = newJudge();
  assert.equal(judge.begun, false);
  judge.reset();
  const both = [judge.load(), judge.load()];
  assert.equal(workers.length, 1);
  workers[0].answer(READY);
  assert.deepEqual(await Promise.all(both), [READY, READY]);
  assert.deepEqual(workers[0].asked, [{ type: 'init' }]);
});

test('the progress of loading is reported, and begins anew with another worker', async () => {
  const { judge, workers } = newJudge();
  let reports = 0;
  judge.onProgress = () => (reports += 1);
  const loaded = judge.load();
  assert.equal(judge.progress, undefined);
  workers[0].answer({ type: 'loading', done: 1, total: 2 });
  assert.deepEqual(judge.progress, { type: 'loading', done: 1, total: 2 });
  workers[0].answer({ type: 'warming' });
  assert.equal(reports, 2);
  workers[0].answer(BROKE);
  await assert.rejects(loaded, { name: 'ModelError', message: 'It broke.' });
  assert.ok(workers[0].ended);
  const again = judge.load();
  assert.equal(judge.progress, undefined);
  workers[1].answer(READY);
  assert.equal((await again).version, '1');
});

test('a worker that does not start is reported', async () => {
  const { judge, workers } = newJudge();
  const loaded = judge.load();
  workers[0].dispatchEvent(new Event('error'));
  await assert.rejects(loaded, { name: 'ModelError', message: texts.model.worker });
});

test('frames and photos are given to the worker, and answered in their order', async () => {
  const { judge, workers: [worker] } = await loadedJudge();
  const [frame, bitmap] = [newPicture(), newPicture()];
  const tracked = judge.track(frame);
  const judged = judge.judge(bitmap);
  judge.reset();
  worker.answer({ type: 'tracks' });
  worker.answer({ type: 'verdicts' });
  assert.equal((await tracked).type, 'tracks');
  assert.equal((await judged).type, 'verdicts');
  const asked = [{ type: 'track', frame }, { type: 'frame', bitmap }, { type: 'reset' }];
  assert.deepEqual(worker.asked.slice(1), asked);
  assert.deepEqual(worker.transferred.slice(1, 3), [[frame], [bitmap]]);
  assert.deepEqual([frame.closed, bitmap.closed], [0, 0]);
});

test('a picture that no worker takes is closed', async () => {
  const { judge } = newJudge();
  const picture = newPicture();
  await assert.rejects(judge.track(picture), ENDED);
  assert.equal(picture.closed, 1);
});

test('a picture that cannot be given away is closed, and the next answer is not taken for its', async () => {
  const { judge, workers: [worker] } = await loadedJudge();
  const give = worker.postMessage;
  worker.postMessage = () => {
    throw new DOMException('', 'DataCloneError');
  };
  const picture = newPicture();
  await assert.rejects(judge.track(picture), { name: 'DataCloneError' });
  assert.equal(picture.closed, 1);
  worker.postMessage = give;
  const judged = judge.judge(newPicture());
  worker.answer({ type: 'verdicts' });
  assert.equal((await judged).type, 'verdicts');
});

test('a photo that cannot be read leaves the live picture its worker', async () => {
  const { judge, workers: [worker] } = await loadedJudge();
  const judged = judge.judge(newPicture());
  const tracked = judge.track(newPicture());
  worker.answer({ type: 'unreadable' });
  await assert.rejects(judged, { name: 'PhotoError', message: texts.photo.memory });
  assert.ok(judge.begun && !worker.ended);
  worker.answer({ type: 'tracks' });
  assert.equal((await tracked).type, 'tracks');
});

test('photos are pending from the first request to the last answer, failures included', async () => {
  const { judge, workers: [worker] } = await loadedJudge();
  /** @type {boolean[]} */
  const pending = [];
  judge.onPhotos = (one) => pending.push(one);
  const photos = [judge.judge(newPicture()), judge.judge(newPicture())];
  worker.answer({ type: 'verdicts' });
  await photos[0];
  assert.deepEqual(pending, [true, true]);
  worker.answer(BROKE);
  await assert.rejects(photos[1]);
  assert.deepEqual(pending, [true, true, false]);
});

test('a failure at a photo fails the frame that waits, and the other way round', async () => {
  for (const [fails, waits] of /** @type {const} */ ([['judge', 'track'], ['track', 'judge']])) {
    const { judge, workers: [worker] } = await loadedJudge();
    const failing = judge[fails](newPicture());
    const waiting = judge[waits](newPicture());
    worker.answer(BROKE);
    await assert.rejects(failing, { name: 'ModelError', message: 'It broke.' });
    await assert.rejects(waiting, ENDED);
    assert.ok(worker.ended && !judge.begun);
  }
});

test('a late failure leaves the worker that came after it', async () => {
  const { judge, workers } = await loadedJudge();
  const failing = judge.judge(newPicture());
  const waiting = judge.track(newPicture());
  workers[0].answer(BROKE);
  await assert.rejects(failing);
  const again = judge.load();
  await assert.rejects(waiting);
  workers[1].answer(READY);
  await again;
  await setImmediate();
  assert.ok(judge.begun && !workers[1].ended);
});
