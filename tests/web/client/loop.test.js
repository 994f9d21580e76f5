import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FrameLoop, FrameRate, grab } from '../../../web/static/js/client/loop.js';

/** Frames that the test shows. */
class FakeSource {
  /** @type {Map<number, () => void>} */
  callbacks = new Map();
  #handle = 0;

  /** @param {() => void} callback */
  request(callback) {
    this.#handle += 1;
    this.callbacks.set(this.#handle, callback);
    return this.#handle;
  }

  /** @param {number} handle */
  cancel(handle) {
    this.callbacks.delete(handle);
  }

  async show() {
    const callbacks = [...this.callbacks.values()];
    this.callbacks.clear();
    for (const callback of callbacks) callback();
    await setImmediate();
  }
}

/** A step that the test ends. */
function newStep() {
  /** @type {(() => void)[]} */
  const ends = [];
  let steps = 0;
  return {
    end: () => ends.shift()?.(),
    get steps() {
      return steps;
    },
    step: () => {
      steps += 1;
      return /** @type {Promise<void>} */ (new Promise((resolve) => ends.push(resolve)));
    },
  };
}

const fail = () => assert.fail('no error expected');

test('one frame is in flight', async () => {
  const source = new FakeSource();
  const work = newStep();
  const loop = new FrameLoop(source, work.step, fail);
  loop.start();
  loop.start();
  await source.show();
  await source.show();
  assert.equal(work.steps, 1);
  work.end();
  await setImmediate();
  await source.show();
  assert.equal(work.steps, 2);
});

test('a stopped loop requests no frame', async () => {
  const source = new FakeSource();
  const work = newStep();
  const loop = new FrameLoop(source, work.step, fail);
  loop.start();
  await source.show();
  loop.stop();
  work.end();
  await setImmediate();
  assert.equal(source.callbacks.size, 0);
});

test('a restart during a step keeps one frame in flight', async () => {
  const source = new FakeSource();
  const work = newStep();
  const loop = new FrameLoop(source, work.step, fail);
  loop.start();
  await source.show();
  loop.stop();
  loop.start();
  await source.show();
  assert.equal(work.steps, 1);
  work.end();
  await setImmediate();
  assert.equal(source.callbacks.size, 1);
  await source.show();
  assert.equal(work.steps, 2);
});

test('an error stops the loop and is reported', async () => {
  const source = new FakeSource();
  /** @type {unknown[]} */
  const errors = [];
  const broken = new Error('broken');
  const loop = new FrameLoop(source, () => Promise.reject(broken), (error) => errors.push(error));
  loop.start();
  await source.show();
  assert.deepEqual(errors, [broken]);
  assert.equal(source.callbacks.size, 0);
});

test('a step is stale after a stop, and its error does not stop the restarted loop', async () => {
  const source = new FakeSource();
  /** @type {((error: Error) => void)[]} */
  const rejections = [];
  /** @type {(() => boolean)[]} */
  const stale = [];
  const step = (/** @type {() => boolean} */ isStale) => {
    stale.push(isStale);
    return /** @type {Promise<void>} */ (new Promise((_, reject) => rejections.push(reject)));
  };
  const loop = new FrameLoop(source, step, fail);
  loop.start();
  await source.show();
  assert.equal(stale[0](), false);
  loop.stop();
  assert.equal(stale[0](), true);
  loop.start();
  assert.equal(stale[0](), true);
  rejections[0](new Error('the source changed'));
  await setImmediate();
  await source.show();
  assert.equal(stale[1](), false);
  loop.stop();
  rejections[1](new Error('stopped'));
  await setImmediate();
  assert.equal(source.callbacks.size, 0);
});

test('FrameRate counts the last two seconds', () => {
  const rate = new FrameRate();
  assert.equal(rate.tick(0), 0);
  let found = 0;
  for (let now = 100; now <= 3000; now += 100) found = rate.tick(now);
  assert.ok(Math.abs(found - 10) < 1e-9);
  assert.equal(rate.tick(10_000), 0);
});

test('a frame is shared if the browser supports it, else copied', async (t) => {
  const video = /** @type {any} */ ({});
  class Shared {
    /** @param {unknown} of */
    constructor(of) {
      this.of = of;
    }
  }
  Object.assign(globalThis, { VideoFrame: Shared, createImageBitmap: async () => 'a copy' });
  t.after(() => Object.assign(globalThis, { VideoFrame: undefined, createImageBitmap: undefined }));
  assert.equal(/** @type {any} */ (await grab(video)).of, video);
  Object.assign(globalThis, { VideoFrame: undefined });
  assert.equal(await grab(video), 'a copy');
});
