import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Camera, sourceOf } from '../../../web/static/js/camera/camera.js';
import { texts } from '../../../web/static/js/texts/texts.js';

class Track extends EventTarget {
  readyState = 'live';

  stop() {
    this.readyState = 'ended';
  }
}

function newStream() {
  const tracks = [new Track()];
  return { tracks, getTracks: () => tracks };
}

/**
 * A browser that has these devices.
 * @param {object[]} devices
 * @param {(constraints: MediaStreamConstraints) => unknown} [open]
 */
function browserWith(devices, open = () => newStream()) {
  const listeners = new EventTarget();
  return {
    listeners,
    enumerateDevices: async () => devices,
    getUserMedia: async (/** @type {MediaStreamConstraints} */ constraints) => open(constraints),
    addEventListener: listeners.addEventListener.bind(listeners),
  };
}

/**
 * A camera in a browser with these responses to `getUserMedia`.
 * @param {(() => unknown)[]} responses
 */
function newCamera(responses) {
  const devices = { getUserMedia: async () => responses.shift()?.() };
  const permissions = { query: async () => ({ state: 'granted' }) };
  return new Camera(/** @type {any} */ (devices), /** @type {any} */ (permissions), noDemo);
}

/** @param {string} name of a DOMException */
const refusal = (name) => () => {
  throw new DOMException('', name);
};

const noDemo = () => assert.fail('no demo');
const unused = () => assert.fail('not lost');
const unexpected = () => assert.fail('opened another camera');

for (const [name, reason] of [
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'none'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
  ['SecurityError', 'denied'],
  ['UnknownError', 'other'],
]) {
  test(`${name} is reported as ${reason}`, async () => {
    await assert.rejects(newCamera([refusal(name)]).open(unused), {
      name: 'CameraError',
      message: texts.camera[reason],
    });
  });
}

test('every reason has its own message', () => {
  const sentences = Object.values(texts.camera);
  assert.equal(new Set(sentences).size, sentences.length);
});

test('a camera without the preferred resolution is opened with any', async () => {
  const stream = newStream();
  const camera = newCamera([refusal('OverconstrainedError'), () => stream]);
  assert.equal(await camera.open(unused), stream);
  const unsuitable = newCamera([refusal('OverconstrainedError'), refusal('OverconstrainedError')]);
  await assert.rejects(unsuitable.open(unused), { message: texts.camera.unsuitable });
});

test('an insecure page explains why it has no camera', async () => {
  const camera = new Camera(undefined, undefined, noDemo);
  await assert.rejects(camera.open(unused), { message: texts.insecure('http://localhost') });
});

test('stop releases every track', async () => {
  const stream = newStream();
  const camera = newCamera([() => stream]);
  await camera.open(unused);
  camera.stop();
  assert.equal(stream.tracks[0].readyState, 'ended');
});

test('a stream that arrives after stop is released', async () => {
  const stream = newStream();
  const camera = newCamera([() => stream]);
  const opened = camera.open(unused);
  camera.stop();
  assert.equal(await opened, undefined);
  assert.equal(stream.tracks[0].readyState, 'ended');
});

test('an error that arrives after stop is ignored', async () => {
  const camera = newCamera([refusal('NotAllowedError')]);
  const opened = camera.open(unused);
  camera.stop();
  assert.equal(await opened, undefined);
});

/** @type {[string, string, string][]} permission during use and at the end, reason */
const ENDS = [
  ['granted', 'granted', 'lost'],
  ['granted', 'denied', 'withdrawn'],
  ['granted', 'prompt', 'withdrawn'],
  ['prompt', 'prompt', 'lost'], // allowed once
  ['prompt', 'denied', 'withdrawn'],
];
for (const [before, now, reason] of ENDS) {
  test(`a camera that ends with permission ${now} after ${before} is ${reason}`, async () => {
    const stream = newStream();
    const states = [before, now];
    const permissions = { query: async () => ({ state: states.shift() }) };
    const camera = new Camera(
      /** @type {any} */ (browserWith([], () => stream)),
      /** @type {any} */ (permissions),
      noDemo,
    );
    /** @type {Error[]} */
    const errors = [];
    await camera.open((error) => errors.push(error));
    stream.tracks[0].dispatchEvent(new Event('ended'));
    await setImmediate();
    assert.deepEqual(errors.map(({ message }) => message), [texts.camera[reason]]);
    assert.equal(/** @type {any} */ (errors[0]).unplugged, reason === 'lost');
  });
}

test('the source of a stream is its device and direction', () => {
  const track = { getSettings: () => ({ deviceId: 'x', facingMode: 'environment' }) };
  const stream = /** @type {any} */ ({ getVideoTracks: () => [track] });
  assert.deepEqual(sourceOf(stream), { device: 'x', facing: 'environment' });
  const none = /** @type {any} */ ({ getVideoTracks: () => [] });
  assert.deepEqual(sourceOf(none), { device: undefined, facing: undefined });
});

test('the chosen camera is opened, or another one if it is gone', async () => {
  /** @type {any[]} */
  const requested = [];
  const stream = newStream();
  const devices = browserWith([], (constraints) => {
    requested.push(constraints.video);
    if (requested.length === 1) throw new DOMException('', 'OverconstrainedError');
    return stream;
  });
  const camera = new Camera(/** @type {any} */ (devices), undefined, noDemo);
  assert.equal(await camera.open(unused, { device: 'gone', facing: 'environment' }), stream);
  assert.deepEqual(requested[0].deviceId, { exact: 'gone' });
  assert.equal(requested[1].facingMode, 'environment');
  assert.equal(requested[1].deviceId, undefined);
});

test('the camera in use is released before another is opened', async () => {
  const [first, second] = [newStream(), newStream()];
  /** @type {string[]} */
  const states = [];
  const streams = [first, second];
  const devices = browserWith([], () => {
    states.push(first.tracks[0].readyState);
    return streams.shift();
  });
  const camera = new Camera(/** @type {any} */ (devices), undefined, noDemo);
  await camera.open(unused);
  await camera.open(unused, { device: 'other' });
  assert.deepEqual(states, ['live', 'ended']);
  assert.equal(second.tracks[0].readyState, 'live');
});

test('cameras are listed by name, without other devices and hidden ids', async () => {
  const devices = browserWith([
    { kind: 'videoinput', deviceId: 'a', label: 'Front' },
    { kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
    { kind: 'videoinput', deviceId: 'b', label: '' },
    { kind: 'videoinput', deviceId: '', label: '' },
  ]);
  const camera = new Camera(/** @type {any} */ (devices), undefined, noDemo);
  assert.deepEqual(await camera.list(), [
    { id: 'a', name: 'Front' },
    { id: 'b', name: texts.live.camera(2) },
  ]);
  assert.deepEqual(await new Camera(undefined, undefined, noDemo).list(), []);
});

test('a change of the connected devices is reported', () => {
  const devices = browserWith([]);
  let changes = 0;
  new Camera(/** @type {any} */ (devices), undefined, noDemo).onChange(() => (changes += 1));
  devices.listeners.dispatchEvent(new Event('devicechange'));
  assert.equal(changes, 1);
});

for (const name of ['NotReadableError', 'AbortError', 'NotFoundError']) {
  test(`another camera is opened if the chosen one fails with ${name}`, async () => {
    const stream = newStream();
    const camera = newCamera([refusal(name), () => stream]);
    assert.equal(await camera.open(unused, { device: 'chosen' }), stream);
  });
}

test('no other camera is opened if the choice is exact', async () => {
  const camera = newCamera([refusal('NotReadableError'), unexpected]);
  const opened = camera.open(unused, { device: 'chosen', exact: true });
  await assert.rejects(opened, { message: texts.camera.busy });
});

test('no other camera is opened after a refusal or a stop', async () => {
  const refused = newCamera([refusal('NotAllowedError'), unexpected]);
  const opening = refused.open(unused, { device: 'chosen' });
  await assert.rejects(opening, { message: texts.camera.denied });
  const stopped = newCamera([refusal('NotReadableError'), unexpected]);
  const opened = stopped.open(unused, { device: 'chosen' });
  stopped.stop();
  assert.equal(await opened, undefined);
});

test('the demo needs no camera', async () => {
  const stream = newStream();
  const camera = new Camera(undefined, undefined, async () => /** @type {any} */ (stream));
  assert.equal(await camera.open(unused, { demo: true }), stream);
  camera.stop();
  assert.equal(stream.tracks[0].readyState, 'ended');
});

test('a demo whose pictures cannot be loaded says so', async () => {
  const camera = new Camera(undefined, undefined, () => Promise.reject(new DOMException('')));
  await assert.rejects(camera.open(unused, { demo: true }), { message: texts.photo.unreachable });
});
