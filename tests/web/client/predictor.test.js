import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Predictor } from '../../../web/static/js/client/predictor.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakeWorker } from '../fake-worker.js';

const READY = { type: 'ready', version: '1' };
const ERROR = { type: 'error', message: 'It broke.' };
const PICTURE = { width: 4, height: 3, tensors: 0 };
const TRACKS = { type: 'tracks', tracks: [], pass: undefined, ms: {}, ...PICTURE };
const VERDICTS = { type: 'verdicts', verdicts: [], ...PICTURE };
const ENDED = { name: 'ModelError', message: texts.model.ended };

function newPredictor() {
  /** @type {FakeWorker[]} */
  const workers = [];
  const predictor = new Predictor(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return /** @type {any} */ (worker);
  });
  return { predictor, workers };
}

/** A predictor whose models are loaded. */
async function loadedPredictor() {
  const made = newPredictor();
  const loaded = made.predictor.load();
  made.workers[0].respond(READY);
  await loaded;
  return made;
}

/** @returns {any} a picture that counts how often it is closed */
function newPicture() {
  return {
    closed: 0,
    close() {
      this.closed += 1;
    },
  };
}

test('the worker starts when first needed, once', async () => {
  const { predictor, workers } = newPredictor();
  assert.equal(predictor.started, false);
  predictor.reset();
  const both = [predictor.load(), predictor.load()];
  assert.equal(workers.length, 1);
  workers[0].respond(READY);
  assert.deepEqual(await Promise.all(both), [READY, READY]);
  assert.deepEqual(workers[0].requests, [{ type: 'load' }]);
});

test('the progress of loading is reported, and reset with another worker', async () => {
  const { predictor, workers } = newPredictor();
  let reports = 0;
  predictor.onProgress = () => (reports += 1);
  const loaded = predictor.load();
  assert.equal(predictor.progress, undefined);
  workers[0].respond({ type: 'downloading', doneBytes: 1, totalBytes: 2 });
  assert.deepEqual(predictor.progress, { type: 'downloading', doneBytes: 1, totalBytes: 2 });
  workers[0].respond({ type: 'warming' });
  assert.equal(reports, 2);
  workers[0].respond(ERROR);
  await assert.rejects(loaded, { name: 'ModelError', message: 'It broke.' });
  assert.ok(workers[0].terminated);
  const again = predictor.load();
  assert.equal(predictor.progress, undefined);
  workers[1].respond(READY);
  assert.equal((await again).version, '1');
});

test('a worker that does not start is reported', async () => {
  const { predictor, workers } = newPredictor();
  const loaded = predictor.load();
  workers[0].dispatchEvent(new Event('error'));
  await assert.rejects(loaded, { name: 'ModelError', message: texts.model.worker });
});

test('a worker that crashes later is reported as stopped', async () => {
  const { predictor, workers: [worker] } = await loadedPredictor();
  const detected = predictor.detect(newPicture());
  worker.dispatchEvent(new Event('error'));
  await assert.rejects(detected, ENDED);
});

test('frames and photos are sent to the worker and answered in order', async () => {
  const { predictor, workers: [worker] } = await loadedPredictor();
  const [frame, bitmap] = [newPicture(), newPicture()];
  const tracked = predictor.track(frame);
  const detected = predictor.detect(bitmap);
  predictor.reset();
  worker.respond(TRACKS);
  worker.respond(VERDICTS);
  assert.equal((await tracked).type, 'tracks');
  assert.equal((await detected).type, 'verdicts');
  const requests = [{ type: 'track', frame }, { type: 'photo', bitmap }, { type: 'reset' }];
  assert.deepEqual(worker.requests.slice(1), requests);
  assert.deepEqual(worker.transferred.slice(1, 3), [[frame], [bitmap]]);
  assert.deepEqual([frame.closed, bitmap.closed], [0, 0]);
});

test('a picture is closed if there is no worker', async () => {
  const { predictor } = newPredictor();
  const picture = newPicture();
  await assert.rejects(predictor.track(picture), ENDED);
  assert.equal(picture.closed, 1);
});

test('a picture that cannot be transferred is closed, and expects no response', async () => {
  const { predictor, workers: [worker] } = await loadedPredictor();
  const { postMessage } = worker;
  worker.postMessage = () => {
    throw new DOMException('', 'DataCloneError');
  };
  const picture = newPicture();
  await assert.rejects(predictor.track(picture), { name: 'DataCloneError' });
  assert.equal(picture.closed, 1);
  worker.postMessage = postMessage;
  const detected = predictor.detect(newPicture());
  worker.respond(VERDICTS);
  assert.equal((await detected).type, 'verdicts');
});

test('a photo that is too large does not end the worker', async () => {
  const { predictor, workers: [worker] } = await loadedPredictor();
  const detected = predictor.detect(newPicture());
  const tracked = predictor.track(newPicture());
  worker.respond({ type: 'tooLarge' });
  await assert.rejects(detected, { name: 'PhotoError', message: texts.photo.memory });
  assert.ok(predictor.started && !worker.terminated);
  worker.respond(TRACKS);
  assert.equal((await tracked).type, 'tracks');
});

test('photos are pending from the first request to the last response or error', async () => {
  const { predictor, workers: [worker] } = await loadedPredictor();
  /** @type {boolean[]} */
  const pending = [];
  predictor.onPhotos = (one) => pending.push(one);
  const photos = [predictor.detect(newPicture()), predictor.detect(newPicture())];
  worker.respond(VERDICTS);
  await photos[0];
  assert.deepEqual(pending, [true, true]);
  worker.respond(ERROR);
  await assert.rejects(photos[1]);
  assert.deepEqual(pending, [true, true, false]);
});

test('an error for a photo rejects a waiting frame, and vice versa', async () => {
  for (const [fails, waits] of /** @type {const} */ ([
    ['detect', 'track'],
    ['track', 'detect'],
  ])) {
    const { predictor, workers: [worker] } = await loadedPredictor();
    const failing = predictor[fails](newPicture());
    const waiting = predictor[waits](newPicture());
    worker.respond(ERROR);
    await assert.rejects(failing, { name: 'ModelError', message: 'It broke.' });
    await assert.rejects(waiting, ENDED);
    assert.ok(worker.terminated && !predictor.started);
  }
});

test('a late error does not end the next worker', async () => {
  const { predictor, workers } = await loadedPredictor();
  const failing = predictor.detect(newPicture());
  const waiting = predictor.track(newPicture());
  workers[0].respond(ERROR);
  await assert.rejects(failing);
  const again = predictor.load();
  await assert.rejects(waiting);
  workers[1].respond(READY);
  await again;
  await setImmediate();
  assert.ok(predictor.started && !workers[1].terminated);
});
