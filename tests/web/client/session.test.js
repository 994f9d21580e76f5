import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { oppositeCamera } from '../../../web/static/js/camera/camera.js';
import { CameraError } from '../../../web/static/js/errors.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { FakePage, RESULT } from './fake-page.js';

const STALL_MS = 2500;
/** @type {FakePage} */
let page;

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  page = new FakePage();
  await page.session.start({});
});

afterEach(() => mock.timers.reset());

test('a stall is reported and stops the listeners until the next frame', async () => {
  await page.process();
  assert.deepEqual([page.status, page.events.at(-1)], [texts.status.running, 'frame']);
  assert.notEqual(page.rate, '');
  mock.timers.tick(STALL_MS - 1);
  assert.equal(page.status, texts.status.running);
  page.paused = true; // as some systems do
  mock.timers.tick(1);
  assert.deepEqual([page.status, page.events.at(-1)], [texts.status.stalled, 'stop']);
  assert.deepEqual([page.stalls, page.session.stalled], [1, true]);
  assert.deepEqual([page.rate, page.paused], ['', false]);
  await page.process();
  assert.deepEqual([page.status, page.events.at(-1)], [texts.status.running, 'frame']);
});

test('frames in time do not stall, nor does a paused or stopped camera', async () => {
  for (let i = 0; i < 3; i += 1) {
    await page.process();
    mock.timers.tick(STALL_MS - 1);
  }
  assert.equal(page.status, texts.status.running);
  page.session.pause();
  mock.timers.tick(2 * STALL_MS);
  assert.equal(page.status, texts.status.paused);
  page.session.pause();
  page.session.stop();
  mock.timers.tick(2 * STALL_MS);
  assert.equal(page.status, texts.status.stopped);
});

test('the video does not stall while a photo is detected, but may afterwards', async () => {
  page.predictor.onPhotos(true);
  await page.process();
  mock.timers.tick(3 * STALL_MS);
  assert.equal(page.status, texts.status.running);
  page.session.pause(); // and continue while the photo is pending
  page.session.pause();
  mock.timers.tick(STALL_MS);
  assert.equal(page.status, texts.status.running);
  page.predictor.onPhotos(false);
  mock.timers.tick(STALL_MS - 1);
  assert.equal(page.status, texts.status.running);
  mock.timers.tick(1);
  assert.equal(page.status, texts.status.stalled);
});

test('a photo neither ends a stall nor starts the watchdog of a camera that is off', async () => {
  mock.timers.tick(STALL_MS);
  page.predictor.onPhotos(true);
  page.predictor.onPhotos(false);
  assert.equal(page.status, texts.status.stalled);
  await page.process();
  assert.equal(page.status, texts.status.running);
  page.session.stop();
  page.predictor.onPhotos(true);
  page.predictor.onPhotos(false);
  mock.timers.tick(2 * STALL_MS);
  assert.equal(page.status, texts.status.stopped);
});

test('pausing is possible while there is video, and a stop ends it', async () => {
  assert.deepEqual(page.pausing, { can: true, on: false });
  page.session.pause();
  assert.deepEqual(page.pausing, { can: true, on: true });
  page.session.stop();
  assert.deepEqual(page.pausing, { can: false, on: false });
  const started = page.session.start({});
  assert.deepEqual(page.pausing, { can: false, on: false });
  await started;
  assert.deepEqual(page.pausing, { can: true, on: false });
  page.session.pause();
  const changed = page.session.change({});
  assert.deepEqual(page.pausing, { can: false, on: false });
  await changed;
});

test('results and errors of the previous camera are ignored', async () => {
  await page.show();
  const [late] = page.pending.splice(0);
  await page.session.change({});
  late.resolve(RESULT);
  await setImmediate();
  assert.deepEqual([page.drawn, page.events.includes('frame')], [0, false]);
  await page.show();
  const [failing] = page.pending.splice(0);
  await page.session.change({});
  failing.reject(new Error('the source changed'));
  await setImmediate();
  assert.equal(page.status, texts.status.running);
  await page.process();
  assert.equal(page.drawn, 1);
});

test('a frame copied from the previous camera is closed, not processed', async () => {
  /** @type {(copy: object) => void} */
  let copied = () => {};
  Object.assign(globalThis, {
    VideoFrame: undefined,
    createImageBitmap: () => new Promise((resolve) => (copied = resolve)),
  });
  await page.show();
  await page.session.change({});
  copied({ close: () => (page.closed += 1) });
  await setImmediate();
  assert.deepEqual([page.closed, page.pending.length], [1, 0]);
});

test('the source is the camera in use, and the opposite camera faces the other way', async () => {
  assert.deepEqual(page.session.source, { device: 'a', facing: 'user' });
  page.facing = 'environment';
  await page.session.change({});
  assert.equal(oppositeCamera(page.session.source ?? {}).facing, 'user');
  page.session.stop();
  assert.equal(page.session.source, undefined);
  assert.deepEqual(oppositeCamera({ facing: 'user' }), { device: '', facing: 'environment' });
});

test('only the unplugged camera resumes, once it is back and the page visible', async () => {
  page.lose(new CameraError('unplugged', true));
  assert.deepEqual([page.status, page.alert], [texts.status.failed, 'unplugged']);
  page.session.resume(['b']);
  assert.equal(page.session.state, 'idle');
  page.hidden = true;
  page.session.resume(['a', 'b']);
  assert.equal(page.session.state, 'idle');
  page.hidden = false;
  page.session.resume(['a', 'b']);
  await setImmediate();
  assert.deepEqual([page.session.state, page.alert], ['running', '']);
  assert.deepEqual(page.choices.at(-1), { device: 'a', exact: true });
});

test('a camera that was stopped, or lost its permission, stays off', async () => {
  page.session.resume(['a']);
  assert.equal(page.choices.length, 1); // the running one
  page.lose(new CameraError('withdrawn'));
  page.session.resume(['a']);
  assert.equal(page.session.state, 'idle');
  await page.session.start({});
  page.lose(new CameraError('unplugged', true));
  page.session.stop();
  page.session.resume(['a']);
  assert.equal(page.session.state, 'idle');
});

test('the demo is named as such and asks for no camera', async () => {
  page.session.stop();
  await page.session.start({ demo: true });
  assert.equal(page.status, texts.status.demo);
  assert.deepEqual(page.choices.at(-1), { demo: true });
  page.session.pause();
  assert.equal(page.status, texts.status.demoPaused);
  page.session.pause();
  assert.equal(page.status, texts.status.demo);
  mock.timers.tick(2 * STALL_MS);
  assert.equal(page.status, texts.status.demo);
  assert.equal(page.session.source, undefined); // no camera to choose another one for
  page.session.stop();
  await page.session.start({});
  assert.equal(page.status, texts.status.running);
});
