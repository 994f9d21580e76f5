import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DetectorProxy } from '../../../web/static/js/worker/detector-proxy.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakeWorker } from '../fake-worker.js';

/** @returns {[DetectorProxy, FakeWorker]} */
function newProxy() {
  const worker = new FakeWorker({ isDetector: true });
  return [new DetectorProxy(/** @type {any} */ (worker)), worker];
}

const frame = () => ({ data: new Uint8ClampedArray(2 * 1 * 4), width: 2, height: 1 });
const face = { box: { left: 1, top: 1, right: 2, bottom: 2 }, score: 0.9 };

test('responses are assigned in the order of the requests', async () => {
  const [proxy, worker] = newProxy();
  const [photo, live] = [proxy.detect(frame()), proxy.detectOnce(frame(), 320, 0.3)];
  worker.respond({ type: 'detections', detections: [face], tensors: 7 });
  worker.respond({ type: 'detections', detections: [], tensors: 9 });
  assert.deepEqual([await photo, await live], [[face], []]);
  assert.equal(proxy.tensors, 9);
  assert.deepEqual(worker.requests, [
    { type: 'detect', frame: frame() },
    { type: 'detectOnce', frame: frame(), side: 320, scoreThreshold: 0.3 },
  ]);
});

test('pixels of a photo are copied, those of a frame and weights are transferred', async () => {
  const [proxy, worker] = newProxy();
  const files = { topology: new ArrayBuffer(1), weights: new ArrayBuffer(2) };
  const [photo, live] = [frame(), frame()];
  proxy.load(/** @type {any} */ ({}), files, { simd: 'a', plain: 'b' });
  proxy.detect(photo);
  proxy.detectOnce(live, 320, 0.3);
  assert.deepEqual(worker.transferred[0], [files.topology, files.weights]);
  assert.deepEqual(worker.transferred[1], []);
  assert.equal(worker.transferred[2][0], live.data.buffer);
});

test('an error rejects its request with the worker’s message', async () => {
  const [proxy, worker] = newProxy();
  const [first, second] = [proxy.detect(frame()), proxy.detect(frame())];
  worker.respond({ type: 'error', message: 'It broke.' });
  worker.respond({ type: 'detections', detections: [], tensors: 0 });
  await assert.rejects(first, { name: 'ModelError', message: 'It broke.' });
  assert.deepEqual(await second, []);
});

test('a worker that crashes rejects pending and later requests', async () => {
  const [proxy, worker] = newProxy();
  const loading = proxy.load(
    /** @type {any} */ ({}),
    { topology: new ArrayBuffer(0), weights: new ArrayBuffer(0) },
    { simd: '', plain: '' },
  );
  const event = new Event('error', { cancelable: true });
  worker.dispatchEvent(event);
  assert.ok(event.defaultPrevented);
  const failed = { name: 'ModelError', message: texts.model.worker };
  await assert.rejects(loading, failed);
  await assert.rejects(proxy.detect(frame()), failed);
  assert.equal(worker.requests.length, 1);
});

test('a response that cannot be deserialized rejects the request', async () => {
  const [proxy, worker] = newProxy();
  const detecting = proxy.detect(frame());
  worker.dispatchEvent(new Event('messageerror'));
  await assert.rejects(detecting, { name: 'ModelError', message: texts.model.worker });
});
