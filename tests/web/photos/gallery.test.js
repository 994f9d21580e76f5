import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ModelError, PhotoError } from '../../../web/static/js/errors.js';
import { Gallery } from '../../../web/static/js/photos/gallery.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { newPage } from '../dom.js';

/** @type {(id: string) => any} */
let part;
const picture = { width: 4, height: 3, close() {} };

beforeEach(() => {
  part = newPage();
  Object.assign(globalThis, {
    addEventListener() {},
    createImageBitmap: async () => picture,
  });
});

/**
 * Check a photo.
 * @param {() => Promise<object>} detect
 * @returns {Promise<{status: string, offered: boolean}>} what its card shows
 */
async function check(detect) {
  const gallery = new Gallery(/** @type {any} */ ({ load: async () => ({}), detect }));
  gallery.check([/** @type {any} */ (new File(['x'], 'photo.jpg', { type: 'image/jpeg' }))]);
  await setImmediate();
  const [, { children }] = part('photos-list').children[0].children;
  return { status: children[1].textContent, offered: !children[3].hidden };
}

/** @type {(error: Error) => () => Promise<never>} */
const failing = (error) => () => Promise.reject(error);

test('the server is not offered for a classified photo', async () => {
  const verdicts = { verdicts: [], width: 4, height: 3 };
  const { status, offered } = await check(async () => verdicts);
  assert.deepEqual([status, offered], [texts.noFaceOnPhoto, false]);
});

for (const [name, error, status] of /** @type {const} */ ([
  ['its model fails', new ModelError('It broke.'), 'It broke.'],
  ['its pixels do not fit into memory', new PhotoError(texts.photo.memory), texts.photo.memory],
  ['it cannot be transferred', new DOMException('', 'DataCloneError'), texts.photo.memory],
  ['it cannot be allocated', new RangeError('Array buffer allocation failed'), texts.photo.memory],
])) {
  test(`the server is offered for a photo if ${name}`, async () => {
    assert.deepEqual(await check(failing(error)), { status, offered: true });
  });
}

test('the server is offered for a photo that cannot be copied', async () => {
  const makeBitmap = async (/** @type {object} */ source) => {
    if (source === picture) throw new DOMException('', 'InvalidStateError');
    return picture;
  };
  Object.assign(globalThis, { createImageBitmap: makeBitmap });
  const expected = { status: texts.photo.memory, offered: true };
  assert.deepEqual(await check(async () => ({})), expected);
});

test('the server is not offered for a file that the browser cannot decode', async () => {
  const refuse = failing(new DOMException('', 'InvalidStateError'));
  Object.assign(globalThis, { createImageBitmap: refuse });
  const expected = { status: texts.photo.unreadable, offered: false };
  assert.deepEqual(await check(async () => ({})), expected);
});
