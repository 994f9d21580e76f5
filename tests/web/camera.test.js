import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Camera, facesUser } from '../../web/static/js/camera.js';
import { texts } from '../../web/static/js/texts.js';

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
 * A camera whose browser answers as given, one answer a question.
 * @param {(() => unknown)[]} answers
 * @param {string} [permission]
 */
function newCamera(answers, permission = 'granted') {
  const devices = { getUserMedia: async () => answers.shift()?.() };
  const permissions = { query: async () => ({ state: permission }) };
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
  await assert.rejects(camera.open(unused), { message: texts.camera.insecure });
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

for (const [permission, reason] of [['granted', 'lost'], ['denied', 'withdrawn']]) {
  test(`a camera that ends with permission ${permission} is ${reason}`, async () => {
    const stream = newStream();
    /** @type {Error[]} */
    const errors = [];
    await newCamera([() => stream], permission).open((error) => errors.push(error));
    stream.tracks[0].dispatchEvent(new Event('ended'));
    await setImmediate();
    assert.deepEqual(errors.map(({ message }) => message), [texts.camera[reason]]);
  });
}

test('only a camera that looks away is not a mirror', () => {
  for (const [facingMode, expected] of [['user', true], ['environment', false], [undefined, true]]) {
    const track = { getSettings: () => ({ facingMode }) };
    assert.equal(facesUser(/** @type {any} */ ({ getVideoTracks: () => [track] })), expected);
  }
});
