import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FrameLoop, FrameRate, grab } from '../../../web/static/js/client/loop.js';

/** Pictures that come when the test says so. */
class Screen {
  /** @type {Map<number, () => void>} */
  calls = new Map();
  #handle = 0;

  /** @param {() => void} call */
  request(call) {
    this.#handle += 1;
    this.calls.set(this.#handle, call);
    return this.#handle;
  }

  /** @param {number} handle */
  cancel(handle) {
    this.calls.delete(handle);
  }

  async show() {
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) call();
    await setImmediate();
  }
}

/** A step that ends when the test says so. */
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
  const screen = new Screen();
  const work = newStep();
  const loop = new FrameLoop(screen, work.step, fail);
  loop.start();
  loop.start();
  await screen.show();
  await screen.show();
  assert.equal(work.steps, 1);
  work.end();
  await setImmediate();
  await screen.show();
  assert.equal(work.steps, 2);
});

test('a loop that is stopped asks for no picture', async () => {
  const screen = new Screen();
  const work = newStep();
  const loop = new FrameLoop(screen, work.step, fail);
  loop.start();
  await screen.show();
  loop.stop();
  work.end();
  await setImmediate();
  assert.equal(screen.calls.size, 0);
});

test('stopped and started again during a step, still one frame is in flight', async () => {
  const screen = new Screen();
  const work = newStep();
  const loop = new FrameLoop(screen, work.step, fail);
  loop.start();
  await screen.show();
  loop.stop();
  loop.start();
  await screen.show();
  assert.equal(work.steps, 1);
  work.end();
  await setImmediate();
  assert.equal(screen.calls.size, 1);
  await screen.show();
  assert.equal(work.steps, 2);
});

test('an error stops the loop and is told', async () => {
  const screen = new Screen();
  /** @type {unknown[]} */
  const errors = [];
  const broken = new Error('broken');
  const loop = new FrameLoop(screen, () => Promise.reject(broken), (error) => errors.push(error));
  loop.start();
  await screen.show();
  assert.deepEqual(errors, [broken]);
  assert.equal(screen.calls.size, 0);
});

test('a step that was stopped is late, and its error does not end the next start', async () => {
  const screen = new Screen();
  /** @type {((error: Error) => void)[]} */
  const breaks = [];
  /** @type {(() => boolean)[]} */
  const lates = [];
  const step = (/** @type {() => boolean} */ late) => {
    lates.push(late);
    return /** @type {Promise<void>} */ (new Promise((_, reject) => breaks.push(reject)));
  };
  const loop = new FrameLoop(screen, step, fail);
  loop.start();
  await screen.show();
  assert.equal(lates[0](), false);
  loop.stop();
  assert.equal(lates[0](), true);
  loop.start();
  assert.equal(lates[0](), true);
  breaks[0](new Error('the source changed'));
  await setImmediate();
  await screen.show();
  assert.equal(lates[1](), false);
  loop.stop();
  breaks[1](new Error('stopped'));
  await setImmediate();
  assert.equal(screen.calls.size, 0);
});

test('FrameRate counts the last two seconds', () => {
  const rate = new FrameRate();
  assert.equal(rate.tick(0), 0);
  let found = 0;
  for (let now = 100; now <= 3000; now += 100) found = rate.tick(now);
  assert.ok(Math.abs(found - 10) < 1e-9);
  assert.equal(rate.tick(10_000), 0);
});

test('a frame is shared where the browser can, else copied', async (t) => {
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
