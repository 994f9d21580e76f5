import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graphics, graphicsApis } from '../../web/static/js/graphics.js';

const NAME = 1;

/**
 * A canvas that gives a context only to those who take software too, or to all.
 * @param {boolean} real
 * @param {string} [name] of the renderer
 */
const canvas = (real, name = 'Intel Iris') => () => /** @type {any} */ ({
  getContext: (/** @type {string} */ _, /** @type {any} */ { failIfMajorPerformanceCaveat: picky }) =>
    real || !picky
      ? {
          getExtension: (/** @type {string} */ wanted) =>
            wanted.includes('renderer') ? { UNMASKED_RENDERER_WEBGL: NAME } : null,
          getParameter: (/** @type {number} */ asked) => (asked === NAME ? name : 'WebKit WebGL'),
        }
      : null,
});

/** @param {object | null} adapter */
const gpu = (adapter) => ({ requestAdapter: async () => adapter });

test('only a real graphics processor counts', async () => {
  assert.deepEqual(await graphicsApis(canvas(false), undefined), []);
  assert.deepEqual(await graphicsApis(canvas(true), undefined), ['webgl']);
  assert.deepEqual(await graphicsApis(canvas(true, 'ANGLE (SwiftShader Device)'), undefined), []);
  assert.deepEqual(await graphicsApis(canvas(true), gpu({})), ['webgpu', 'webgl']);
  assert.deepEqual(await graphicsApis(canvas(false), gpu(null)), []);
  assert.deepEqual(await graphicsApis(canvas(false), gpu({ isFallbackAdapter: true })), []);
  const software = { info: { isFallbackAdapter: true } };
  assert.deepEqual(await graphicsApis(canvas(false), gpu(software)), []);
  const broken = { requestAdapter: () => Promise.reject(new Error('no')) };
  assert.deepEqual(await graphicsApis(canvas(true), broken), ['webgl']);
});

class FakeWorker extends EventTarget {
  /** @type {any[]} */
  asked = [];
  ended = 0;

  /** @param {any} message */
  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.ended += 1;
  }

  /** @param {object} data */
  answer(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/** @param {{start: number, run: number}} [patience] */
function newGraphics(patience) {
  const worker = new FakeWorker();
  const failures = { count: 0 };
  const graphics = new Graphics(/** @type {any} */ (worker), () => (failures.count += 1), patience);
  return { worker, failures, graphics };
}

const values = Float32Array.from([1, 2]);

test('it starts, and runs models with the worker’s answers', async () => {
  const { worker, graphics } = newGraphics();
  const [contract, files] = /** @type {any[]} */ ([{}, {}]);
  const started = graphics.start(contract, files, ['webgl']);
  worker.answer({ type: 'ready', backend: 'webgl' });
  assert.equal(await started, 'webgl');
  const answer = graphics.model('classifier').run(values, [1, 2], ['Identity']);
  worker.answer({ type: 'answer', arrays: [values] });
  assert.deepEqual(await answer, [values]);
  assert.deepEqual(worker.asked[0], { type: 'init', contract, files, apis: ['webgl'] });
  assert.deepEqual(worker.asked[1], {
    type: 'run', model: 'classifier', values, shape: [1, 2], names: ['Identity'],
  });
});

test('a failure ends it for all who wait, and is told once', async () => {
  const { worker, failures, graphics } = newGraphics();
  const model = graphics.model('blazeface');
  const waiting = [model.run(values, [1, 2]), model.run(values, [1, 2])];
  worker.answer({ type: 'failed', reason: 'context lost' });
  for (const one of waiting) await assert.rejects(one, /context lost/);
  await assert.rejects(model.run(values, [1, 2]), /context lost/);
  worker.answer({ type: 'failed', reason: 'again' });
  assert.deepEqual([failures.count, worker.ended], [1, 1]);
});

test('no answer in time is a failure', async () => {
  const { failures, graphics } = newGraphics({ start: 10, run: 10 });
  await assert.rejects(graphics.model('blazeface').run(values, [1, 2]), /no answer/);
  assert.equal(failures.count, 1);
});

test('a worker that does not start is a failure', async () => {
  const { worker, graphics } = newGraphics();
  const started = graphics.start(/** @type {any} */ ({}), /** @type {any} */ ({}), ['webgl']);
  worker.dispatchEvent(new Event('error'));
  await assert.rejects(started, /did not start/);
});
