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
 * A browser with these devices.
 * @param {object[]} devices
 * @param {(wanted: MediaStreamConstraints) => unknown} [give]
 */
function browserWith(devices, give = () => newStream()) {
  const listeners = new EventTarget();
  return {
    listeners,
    enumerateDevices: async () => devices,
    getUserMedia: async (/** @type {MediaStreamConstraints} */ wanted) => give(wanted),
    addEventListener: listeners.addEventListener.bind(listeners),
  };
}

/**
 * A camera whose browser answers as given, one answer a question.
 * @param {(() => unknown)[]} answers
 */
function newCamera(answers) {
  const devices = { getUserMedia: async () => answers.shift()?.() };
  const permissions = { query: async () => ({ state: 'granted' }) };
  return new Camera(/** @type {any} */ (devices), /** @type {any} */ (permissions));
}

/** @param {string} name of a DOMException */
const refusal = (name) => () => {
  throw new DOMException('', name);
};

const unused = () => assert.fail('not lost');

for (const [name, reason] of [
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'none'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
  ['SecurityError', 'denied'],
  ['UnknownError', 'other'],
]) {
  test(`${name} is told in its own sentence`, async () => {
    await assert.rejects(newCamera([refusal(name)]).open(unused), {
      name: 'CameraError',
      message: texts.camera[reason],
    });
  });
}

test('every reason has a sentence of its own', () => {
  const sentences = Object.values(texts.camera);
  assert.equal(new Set(sentences).size, sentences.length);
});

test('a camera without the wanted picture is asked for any', async () => {
  const stream = newStream();
  const camera = newCamera([refusal('OverconstrainedError'), () => stream]);
  assert.equal(await camera.open(unused), stream);
  const hopeless = newCamera([refusal('OverconstrainedError'), refusal('OverconstrainedError')]);
  await assert.rejects(hopeless.open(unused), { message: texts.camera.unsuitable });
});

test('a page without cameras says whether the address is why', async () => {
  const camera = new Camera(undefined, undefined);
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

test('a refusal that arrives after stop is not told', async () => {
  const camera = newCamera([refusal('NotAllowedError')]);
  const opened = camera.open(unused);
  camera.stop();
  assert.equal(await opened, undefined);
});

/** @type {[string, string, string][]} what the browser says while it is used, and at its end */
const ENDS = [
  ['granted', 'granted', 'lost'],
  ['granted', 'denied', 'withdrawn'],
  ['granted', 'prompt', 'withdrawn'],
  ['prompt', 'prompt', 'lost'], // allowed for once
  ['prompt', 'denied', 'withdrawn'],
];
for (const [before, now, reason] of ENDS) {
  test(`a camera that ends with permission ${now} after ${before} is ${reason}`, async () => {
    const stream = newStream();
    const answers = [before, now];
    const permissions = { query: async () => ({ state: answers.shift() }) };
    const camera = new Camera(
      /** @type {any} */ (browserWith([], () => stream)),
      /** @type {any} */ (permissions),
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

test('a stream says which camera it comes from and which way it looks', () => {
  const track = { getSettings: () => ({ deviceId: 'x', facingMode: 'environment' }) };
  const stream = /** @type {any} */ ({ getVideoTracks: () => [track] });
  assert.deepEqual(sourceOf(stream), { device: 'x', facing: 'environment' });
  const none = /** @type {any} */ ({ getVideoTracks: () => [] });
  assert.deepEqual(sourceOf(none), { device: undefined, facing: undefined });
});

test('the camera that was picked is asked for; another is taken where it has gone', async () => {
  /** @type {any[]} */
  const asked = [];
  const stream = newStream();
  const devices = browserWith([], (wanted) => {
    asked.push(wanted.video);
    if (asked.length === 1) throw new DOMException('', 'OverconstrainedError');
    return stream;
  });
  const camera = new Camera(/** @type {any} */ (devices), undefined);
  assert.equal(await camera.open(unused, { device: 'gone', facing: 'environment' }), stream);
  assert.deepEqual(asked[0].deviceId, { exact: 'gone' });
  assert.equal(asked[1].facingMode, 'environment');
  assert.equal(asked[1].deviceId, undefined);
});

test('the camera in use is released before another is asked for', async () => {
  const [first, second] = [newStream(), newStream()];
  /** @type {string[]} */
  const states = [];
  const streams = [first, second];
  const devices = browserWith([], () => {
    states.push(first.tracks[0].readyState);
    return streams.shift();
  });
  const camera = new Camera(/** @type {any} */ (devices), undefined);
  await camera.open(unused);
  await camera.open(unused, { device: 'other' });
  assert.deepEqual(states, ['live', 'ended']);
  assert.equal(second.tracks[0].readyState, 'live');
});

test('cameras are listed by name; what is no camera, or not told yet, is not', async () => {
  const devices = browserWith([
    { kind: 'videoinput', deviceId: 'a', label: 'Front' },
    { kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
    { kind: 'videoinput', deviceId: 'b', label: '' },
    { kind: 'videoinput', deviceId: '', label: '' },
  ]);
  const camera = new Camera(/** @type {any} */ (devices), undefined);
  assert.deepEqual(await camera.list(), [
    { id: 'a', name: 'Front' },
    { id: 'b', name: texts.live.camera(2) },
  ]);
  assert.deepEqual(await new Camera(undefined, undefined).list(), []);
});

test('a camera that is connected is told', () => {
  const devices = browserWith([]);
  let changes = 0;
  new Camera(/** @type {any} */ (devices), undefined).onChange(() => (changes += 1));
  devices.listeners.dispatchEvent(new Event('devicechange'));
  assert.equal(changes, 1);
});

for (const name of ['NotReadableError', 'AbortError', 'NotFoundError']) {
  test(`a camera that was picked and gives ${name} locks nobody out`, async () => {
    const stream = newStream();
    const camera = newCamera([refusal(name), () => stream]);
    assert.equal(await camera.open(unused, { device: 'picked' }), stream);
  });
}

test('no other camera is asked for where only one is wanted', async () => {
  const camera = newCamera([refusal('NotReadableError'), () => assert.fail('asked again')]);
  const opened = camera.open(unused, { device: 'picked', only: true });
  await assert.rejects(opened, { message: texts.camera.busy });
});

test('no other camera is asked for once the one that was picked is refused, or no longer wanted', async () => {
  const refused = newCamera([refusal('NotAllowedError'), () => assert.fail('asked again')]);
  await assert.rejects(refused.open(unused, { device: 'picked' }), { message: texts.camera.denied });
  const stopped = newCamera([refusal('NotReadableError'), () => assert.fail('asked again')]);
  const opened = stopped.open(unused, { device: 'picked' });
  stopped.stop();
  assert.equal(await opened, undefined);
});
