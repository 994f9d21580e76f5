import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ModelError, PhotoError } from '../../../web/static/js/errors.js';
import { Gallery, summaryOf } from '../../../web/static/js/photos/gallery.js';
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
 * @param {File} [file]
 * @returns {Promise<{status: string, offered: boolean}>} what its card shows
 */
async function check(detect, file = new File(['x'], 'photo.jpg', { type: 'image/jpeg' })) {
  await checkAll(detect, [file]);
  const [, { children }] = part('photos-list').children[0].children;
  return { status: children[1].textContent.replace(texts.photo.notChecked, '').trim(), offered: !children[3].hidden };
}

/**
 * @param {() => Promise<object>} detect
 * @param {File[]} files
 */
async function checkAll(detect, files) {
  const gallery = new Gallery(/** @type {any} */ ({ load: async () => ({}), detect }));
  gallery.check(files);
  for (let i = 0; i < files.length; i += 1) await setImmediate();
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

test('the server is offered for a photo of an iPhone that the browser cannot decode', async () => {
  const refuse = failing(new DOMException('', 'InvalidStateError'));
  Object.assign(globalThis, { createImageBitmap: refuse });
  const expected = { status: texts.photo.unreadable, offered: true };
  const file = new File(['x'], 'photo.heic', { type: 'image/heic' });
  assert.deepEqual(await check(async () => ({}), file), expected);
});

test('an empty file is reported, and the server is not offered', async () => {
  const file = new File([], 'photo.jpg', { type: 'image/jpeg' });
  const expected = { status: texts.photo.refused[400], offered: false };
  assert.deepEqual(await check(async () => ({}), file), expected);
});

/** @param {string[]} labels */
const result = (...labels) => {
  const verdicts = labels.map((label) => ({ label, probability: 0.9, box: {}, probabilities: {} }));
  return /** @type {any} */ ({ photo: '', width: 4, height: 3, verdicts });
};
const failure = { photo: 'b.jpg', error: 'It broke.' };

test('several photos are summed up', () => {
  const { noFaceOnPhoto } = texts;
  for (const [results, sentence] of /** @type {const} */ ([
    [[result('with_mask'), result('without_mask')], '2 people: 1 wearing a mask, 1 without a mask.'],
    [[result(), result()], noFaceOnPhoto],
    [[result('with_mask'), failure], '1 person, wearing a mask. 1 of 2 photos could not be checked.'],
    [[failure, failure], '2 of 2 photos could not be checked.'],
  ])) {
    assert.equal(summaryOf([...results]), sentence);
  }
});

test('the sum appears once all photos are checked, and not for a single one', async () => {
  const picturesOf = (/** @type {number} */ count) =>
    Array.from({ length: count }, (_, i) => new File(['x'], `${i}.jpg`, { type: 'image/jpeg' }));
  const summary = () => part('photos-summary').textContent;
  /** @type {string[]} */
  const shown = [];
  const detect = async () => {
    shown.push(summary());
    return { verdicts: [], width: 4, height: 3 };
  };
  await checkAll(detect, picturesOf(3));
  assert.deepEqual([...shown, summary()], ['', '', '', texts.noFaceOnPhoto]);
  part = newPage();
  await checkAll(detect, picturesOf(1));
  assert.equal(summary(), '');
});
