import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askServer, mayBePicture, read, reduced } from '../../../web/static/js/photos/photo.js';
import { texts } from '../../../web/static/js/texts/texts.js';

test('large pictures are reduced in proportion, small ones left alone', () => {
  assert.deepEqual(reduced(4096, 3072), { width: 2048, height: 1536 });
  assert.deepEqual(reduced(640, 480), { width: 640, height: 480 });
  assert.deepEqual(reduced(100000, 3), { width: 2048, height: 1 });
});

test('large JPEGs have the size that the server decodes them at', () => {
  const sizes = [[4032, 3024], [3024, 4032], [5600, 4200], [3201, 2401], [10000, 1500], [7000, 7000]];
  const decoded = sizes.map(([width, height]) => Object.values(reduced(width, height, 'image/jpeg')));
  // tests/inference/vision/test_pictures.py has the same list.
  assert.deepEqual(decoded, [[2016, 1512], [1512, 2016], [1400, 1050], [1601, 1201], [2048, 307], [1750, 1750]]);
});

test('what the browser cannot read is told', async () => {
  await assert.rejects(read(new Blob(['Dear Sir'])), {
    name: 'PhotoError',
    message: texts.photo.unreadable,
  });
});

test('a file of another kind is no picture, one of an unknown kind may be', () => {
  assert.ok(mayBePicture({ type: 'image/jpeg' }));
  assert.ok(mayBePicture({ type: '' }));
  assert.ok(!mayBePicture({ type: 'text/plain' }));
});

/** @param {() => Promise<Response>} answer */
const server = (answer) => /** @type {any} */ (answer);

test('the server’s verdicts are taken', async () => {
  const seen = { verdicts: [], width: 4, height: 3 };
  /** @type {any[]} */
  const asked = [];
  const blob = new Blob(['x']);
  const answer = await askServer(blob, /** @type {any} */ (async (/** @type {any[]} */ ...given) => {
    asked.push(...given);
    return Response.json(seen);
  }));
  assert.deepEqual(answer, seen);
  assert.deepEqual(asked, ['/api/predict', { method: 'POST', body: blob }]);
});

/** @param {number} status */
const refusing = (status) => async () => Response.json({ detail: 'In English.' }, { status });

for (const [name, answer, sentence, final] of /** @type {const} */ ([
  ['finds it too large', refusing(413), texts.photo.refused[413], true],
  ['is busy', refusing(503), texts.photo.refused[503], false],
  ['fails in a new way', refusing(507), texts.photo.refused[500], false],
  ['is away', () => Promise.reject(new TypeError('offline')), texts.photo.unreachable, false],
  ['talks nonsense', async () => new Response('<html>'), texts.photo.unreachable, false],
])) {
  test(`a server that ${name} is told`, async () => {
    await assert.rejects(askServer(new Blob(), server(answer)), {
      name: 'PhotoError',
      message: sentence,
      final,
    });
  });
}
