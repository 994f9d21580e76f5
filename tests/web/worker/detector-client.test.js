import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DetectorClient } from '../../../web/static/js/worker/detector-client.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakeWorker } from '../fake-worker.js';

/** @returns {[DetectorClient, FakeWorker]} */
function newClient() {
  const worker = new FakeWorker();
  return [new DetectorClient(/** @type {any} */ (worker)), worker];
}

const frame = () => ({ data: new Uint8ClampedArray(2 * 1 * 4), width: 2, height: 1 });
const face = { box: { left: 1, top: 1, right: 2, bottom: 2 }, score: 0.9 };

test('answers come in the order of the requests', async () => {
  const [client, worker] = newClient();
  const [photo, live] = [client.detect(frame()), client.detectOnce(frame(), 320, 0.3)];
  worker.answer({ type: 'detections', detections: [face], tensors: 7 });
  worker.answer({ type: 'detections', detections: [], tensors: 9 });
  assert.deepEqual([await photo, await live], [[face], []]);
  assert.equal(client.tensors, 9);
  assert.deepEqual(worker.asked, [
    { type: 'detect', frame: frame() },
    { type: 'detectOnce', frame: frame(), side: 320, scoreThreshold: 0.3 },
  ]);
});

test('a photo’s pixels are copied, those of a frame and the weights are transferred', async () => {
  const [client, worker] = newClient();
  const files = { topology: new ArrayBuffer(1), weights: new ArrayBuffer(2) };
  const [photo, live] = [frame(), frame()];
  client.load(/** @type {any} */ ({}), files, { simd: 'a', plain: 'b' });
  client.detect(photo);
  client.detectOnce(live, 320, 0.3);
  assert.deepEqual(worker.transferred[0], [files.topology, files.weights]);
  assert.deepEqual(worker.transferred[1], []);
  assert.equal(worker.transferred[2][0], live.data.buffer);
});

test('a failure is that of its request, with the worker’s sentence', async () => {
  const [client, worker] = newClient();
  const [first, second] = [client.detect(frame()), client.detect(frame())];
  worker.answer({ type: 'error', sentence: 'It broke.' });
  worker.answer({ type: 'detections', detections: [], tensors: 0 });
  await assert.rejects(first, { name: 'ModelError', message: 'It broke.' });
  assert.deepEqual(await second, []);
});

test('a worker that does not start, or stops, fails what was asked and what is asked', async () => {
  const [client, worker] = newClient();
  const loading = client.load(
    /** @type {any} */ ({}),
    { topology: new ArrayBuffer(0), weights: new ArrayBuffer(0) },
    { simd: '', plain: '' },
  );
  const event = new Event('error', { cancelable: true });
  worker.dispatchEvent(event);
  assert.ok(event.defaultPrevented);
  const failed = { name: 'ModelError', message: texts.model.worker };
  await assert.rejects(loading, failed);
  await assert.rejects(client.detect(frame()), failed);
  assert.equal(worker.asked.length, 1);
});

test('an answer that cannot be read ends the worker’s work', async () => {
  const [client, worker] = newClient();
  const asked = client.detect(frame());
  worker.dispatchEvent(new Event('messageerror'));
  await assert.rejects(asked, { name: 'ModelError', message: texts.model.worker });
});
