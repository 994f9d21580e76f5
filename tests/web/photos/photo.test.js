import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  askServer, isHeif, problemOf, read, reduced,
} from '../../../web/static/js/photos/photo.js';
import { texts } from '../../../web/static/js/texts/texts.js';

test('large pictures are reduced in proportion, small ones are unchanged', () => {
  assert.deepEqual(reduced(4096, 3072), { width: 2048, height: 1536 });
  assert.deepEqual(reduced(640, 480), { width: 640, height: 480 });
  assert.deepEqual(reduced(100000, 3), { width: 2048, height: 1 });
});

test('large JPEGs have the size at which the server decodes them', () => {
  // tests/inference/vision/test_pictures.py has the same list.
  for (const [width, height, ...expected] of [
    [4032, 3024, 2016, 1512],
    [3024, 4032, 1512, 2016],
    [5600, 4200, 1400, 1050],
    [3201, 2401, 1601, 1201],
    [10000, 1500, 2048, 307],
    [7000, 7000, 1750, 1750],
  ]) {
    assert.deepEqual(Object.values(reduced(width, height, 'image/jpeg')), expected);
  }
});

test('a file that the browser cannot decode is an error', async () => {
  await assert.rejects(read(new Blob(['Dear Sir'])), {
    name: 'PhotoError',
    message: texts.photo.unreadable,
  });
});

test('an empty file or one of another type is no picture, one of an unknown type may be', () => {
  assert.equal(problemOf({ size: 9, type: 'image/jpeg' }), '');
  assert.equal(problemOf({ size: 9, type: '' }), '');
  assert.equal(problemOf({ size: 9, type: 'text/plain' }), texts.photo.unreadable);
  assert.equal(problemOf({ size: 0, type: 'image/jpeg' }), texts.photo.refused[400]);
});

test('photos of iPhones are recognized by their type or name', () => {
  assert.ok(isHeif({ name: 'photo', type: 'image/heic' }));
  assert.ok(isHeif({ name: 'IMG_1.HEIC', type: '' }));
  assert.ok(!isHeif({ name: 'heic.jpg', type: 'image/jpeg' }));
});

/** @param {() => Promise<Response>} respond */
const server = (respond) => /** @type {any} */ (respond);

test('the result of the server is returned', async () => {
  const result = { photo: '', width: 4, height: 3, verdicts: [] };
  /** @type {any[]} */
  const requests = [];
  const blob = new Blob(['x']);
  const send = async (/** @type {any[]} */ ...request) => {
    requests.push(...request);
    return Response.json(result);
  };
  assert.deepEqual(await askServer(blob, /** @type {any} */ (send)), result);
  assert.deepEqual(requests, ['/api/predict', { method: 'POST', body: blob }]);
});

const offline = () => Promise.reject(new TypeError('offline'));
/** @param {number} status */
const refusing = (status) => async () => Response.json({ detail: 'In English.' }, { status });

for (const [name, respond, message, final] of /** @type {const} */ ([
  ['refuses it as too large', refusing(413), texts.photo.refused[413], true],
  ['is busy', refusing(503), texts.photo.refused[503], false],
  ['fails with another status', refusing(507), texts.photo.refused[500], false],
  ['cannot be reached', offline, texts.photo.unreachable, false],
  ['returns something else', async () => new Response('<html>'), texts.photo.unreachable, false],
])) {
  test(`a server that ${name} is an error`, async () => {
    await assert.rejects(askServer(new Blob(), server(respond)), {
      name: 'PhotoError',
      message,
      final,
    });
  });
}
