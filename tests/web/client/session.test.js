import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { otherWay } from '../../../web/static/js/camera/camera.js';
import { CameraError } from '../../../web/static/js/errors.js';
import { LiveSession } from '../../../web/static/js/client/session.js';
import { texts } from '../../../web/static/js/texts/texts.js';

const STALL = 2500;
const TRACKED = { tracks: [], width: 4, height: 3 };

/** A page with a camera whose pictures come, and are judged, when the test says so. */
class Room {
  status = '';
  rate = '';
  alert = '';
  /** @type {object[]} */
  wanted = [];
  /** @type {(error: Error) => void} */
  lose = () => {};
  paused = true;
  pausing = { can: false, on: false };
  /** @type {string[]} */
  heard = [];
  drawn = 0;
  closed = 0;
  judge;
  /** @type {{resolve: (answer: object) => void, reject: (error: Error) => void}[]} */
  asked = [];
  /** @type {(() => void)[]} */
  #calls = [];
  facing = 'user';
  hidden = false;

  constructor() {
    const room = this;
    const video = {
      requestVideoFrameCallback: (/** @type {() => void} */ call) => this.#calls.push(call),
      cancelVideoFrameCallback: () => (this.#calls = []),
    };
    const stage = {
      video,
      show() {},
      draw: () => (this.drawn += 1),
      freeze: (/** @type {boolean} */ on) => (this.paused = on),
      get playing() {
        return !room.paused;
      },
    };
    /** @type {NodeJS.Timeout | undefined} */
    let later;
    const view = {
      stage,
      get hidden() {
        return room.hidden;
      },
      status: (/** @type {string} */ text, detail = '') => {
        clearTimeout(later);
        this.status = text;
        this.rate = detail;
      },
      statusLater: (/** @type {string} */ text, /** @type {number} */ afterMs) => {
        later = setTimeout(() => (this.status = text), afterMs);
      },
      rate: (/** @type {string} */ text) => (this.rate = text),
      setPause: (/** @type {boolean} */ can, /** @type {boolean} */ on) => {
        this.pausing = { can, on };
      },
      setActive() {},
      alert: (/** @type {string} */ text) => (this.alert = text),
      cameras() {},
      version() {},
      clear() {},
    };
    const settings = () => ({ deviceId: 'a', facingMode: this.facing });
    const stream = { getVideoTracks: () => [{ getSettings: settings }] };
    const open = async (/** @type {(error: Error) => void} */ onLost, /** @type {object} */ choice) => {
      this.lose = onLost;
      this.wanted.push(choice);
      return stream;
    };
    const camera = { open, list: async () => [], stop() {} };
    this.judge = {
      reset() {},
      onPhotos: /** @type {(pending: boolean) => void} */ (() => {}),
      load: async () => ({ version: '1' }),
      track: () => new Promise((resolve, reject) => this.asked.push({ resolve, reject })),
    };
    this.session = new LiveSession(
      .../** @type {[any, any, any]} */ ([view, camera, this.judge]),
      {
        begun: () => this.heard.push('begun'),
        seen: () => this.heard.push('seen'),
        ended: () => this.heard.push('ended'),
      },
    );
    Object.assign(globalThis, {
      VideoFrame: class {
        close() {
          room.closed += 1;
        }
      },
    });
  }

  /** A new picture comes from the camera. */
  async show() {
    for (const call of this.#calls.splice(0)) call();
    await setImmediate();
  }

  /** A new picture comes and is judged. */
  async see() {
    await this.show();
    this.asked.shift()?.resolve(TRACKED);
    await setImmediate();
  }
}

/** @type {Room} */
let room;

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  room = new Room();
  await room.session.start({});
});

afterEach(() => mock.timers.reset());

test('a picture that stalls is told, and what was seen ends; both go on when it comes again', async () => {
  await room.see();
  assert.deepEqual([room.status, room.heard.at(-1)], [texts.status.running, 'seen']);
  assert.notEqual(room.rate, '');
  mock.timers.tick(STALL - 1);
  assert.equal(room.status, texts.status.running);
  room.paused = true; // as some systems do
  mock.timers.tick(1);
  assert.deepEqual([room.status, room.heard.at(-1)], [texts.status.stalled, 'ended']);
  assert.deepEqual([room.rate, room.paused], ['', false]);
  await room.see();
  assert.deepEqual([room.status, room.heard.at(-1)], [texts.status.running, 'seen']);
});

test('a picture that comes in time does not stall, nor does one that is paused or stopped', async () => {
  for (let i = 0; i < 3; i += 1) {
    await room.see();
    mock.timers.tick(STALL - 1);
  }
  assert.equal(room.status, texts.status.running);
  room.session.pause();
  mock.timers.tick(2 * STALL);
  assert.equal(room.status, texts.status.held);
  room.session.pause();
  room.session.stop();
  mock.timers.tick(2 * STALL);
  assert.equal(room.status, texts.status.stopped);
});

test('a picture does not stall while a photo is classified, and may after that', async () => {
  room.judge.onPhotos(true);
  await room.see();
  mock.timers.tick(3 * STALL);
  assert.equal(room.status, texts.status.running);
  room.session.pause(); // and goes on while the photo is pending
  room.session.pause();
  mock.timers.tick(STALL);
  assert.equal(room.status, texts.status.running);
  room.judge.onPhotos(false);
  mock.timers.tick(STALL - 1);
  assert.equal(room.status, texts.status.running);
  mock.timers.tick(1);
  assert.equal(room.status, texts.status.stalled);
});

test('a photo does not end a stall, nor start the watch of a camera that is off', async () => {
  mock.timers.tick(STALL);
  room.judge.onPhotos(true);
  room.judge.onPhotos(false);
  assert.equal(room.status, texts.status.stalled);
  await room.see();
  assert.equal(room.status, texts.status.running);
  room.session.stop();
  room.judge.onPhotos(true);
  room.judge.onPhotos(false);
  mock.timers.tick(2 * STALL);
  assert.equal(room.status, texts.status.stopped);
});

test('a page that is shown again plays its picture', () => {
  room.session.hide(true);
  room.paused = true;
  room.session.hide(false);
  assert.equal(room.paused, false);
  assert.equal(room.status, texts.status.resumed);
});

test('Pause can be pressed while there is a picture, and a stop ends it', async () => {
  assert.deepEqual(room.pausing, { can: true, on: false });
  room.session.pause();
  assert.deepEqual(room.pausing, { can: true, on: true });
  room.session.stop();
  assert.deepEqual(room.pausing, { can: false, on: false });
  const started = room.session.start({});
  assert.deepEqual(room.pausing, { can: false, on: false });
  await started;
  assert.deepEqual(room.pausing, { can: true, on: false });
  room.session.pause();
  const changed = room.session.change({});
  assert.deepEqual(room.pausing, { can: false, on: false });
  await changed;
});

test('what an earlier camera showed, or how it failed, is not told of the next one', async () => {
  await room.show();
  const [late] = room.asked.splice(0);
  await room.session.change({});
  late.resolve(TRACKED);
  await setImmediate();
  assert.deepEqual([room.drawn, room.heard.includes('seen')], [0, false]);
  await room.show();
  const [failing] = room.asked.splice(0);
  await room.session.change({});
  failing.reject(new Error('the source changed'));
  await setImmediate();
  assert.equal(room.status, texts.status.running);
  await room.see();
  assert.equal(room.drawn, 1);
});

test('a frame copied from an earlier camera is closed, not judged', async () => {
  /** @type {(copy: object) => void} */
  let copied = () => {};
  Object.assign(globalThis, {
    VideoFrame: undefined,
    createImageBitmap: () => new Promise((resolve) => (copied = resolve)),
  });
  await room.show();
  await room.session.change({});
  copied({ close: () => (room.closed += 1) });
  await setImmediate();
  assert.deepEqual([room.closed, room.asked.length], [1, 0]);
});

test('the camera in use is known while it is, and the other way is the opposite of its', async () => {
  assert.deepEqual(room.session.source, { device: 'a', facing: 'user' });
  room.facing = 'environment';
  await room.session.change({});
  assert.equal(otherWay(room.session.source ?? {}).facing, 'user');
  room.session.stop();
  assert.equal(room.session.source, undefined);
  assert.deepEqual(otherWay({ facing: 'user' }), { device: '', facing: 'environment' });
});

test('a camera that was unplugged goes on when it is there again and seen, and no other', async () => {
  room.lose(new CameraError('unplugged', true));
  assert.deepEqual([room.status, room.alert], [texts.status.failed, 'unplugged']);
  room.session.resume(['b']);
  assert.equal(room.session.state, 'idle');
  room.hidden = true;
  room.session.resume(['a', 'b']);
  assert.equal(room.session.state, 'idle');
  room.hidden = false;
  room.session.resume(['a', 'b']);
  await setImmediate();
  assert.deepEqual([room.session.state, room.alert], ['running', '']);
  assert.deepEqual(room.wanted.at(-1), { device: 'a', only: true });
});

test('a camera that was stopped, or is not allowed any more, stays off', async () => {
  room.session.resume(['a']);
  assert.equal(room.wanted.length, 1); // that which runs
  room.lose(new CameraError('withdrawn'));
  room.session.resume(['a']);
  assert.equal(room.session.state, 'idle');
  await room.session.start({});
  room.lose(new CameraError('unplugged', true));
  room.session.stop();
  room.session.resume(['a']);
  assert.equal(room.session.state, 'idle');
});
