import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { texts } from '../../../web/static/js/texts/texts.js';
import { LogTable, keyOf } from '../../../web/static/js/view/log-table.js';
import { newPage } from '../dom.js';

const NONE = new Map();

/** @type {(id: string) => any} */
let part;
/** @type {any[]} */
let corrections = [];
/** @type {LogTable} */
let table;

/** @param {number} atMs */
function entry(atMs, change = {}) {
  return { atMs, face: 1, label: 'without_mask', durationMs: null, ...change };
}

/** Parts of the row at this index. */
function row(/** @type {number} */ i) {
  const [time, result, duration] = part('log').children[i].children;
  const [thumbnail] = time.children[0].children;
  const [tag, corrected, wrong] = result.children[0].children;
  return { thumbnail, tag, corrected, wrong, duration };
}

beforeEach(() => {
  part = newPage();
  corrections = [];
  table = new LogTable((...given) => corrections.push(given));
});

test('rows stay the same elements, in order, while entries come, change and go', () => {
  table.show([entry(2), entry(1)], NONE);
  const [second, first] = part('log').children;
  table.show([entry(3), entry(2, { durationMs: 1500 }), entry(1)], NONE);
  assert.deepEqual(part('log').children.slice(1), [second, first]);
  assert.equal(row(1).duration.textContent, texts.alerts.lasted(2));
  table.show([entry(3), entry(2)], NONE);
  assert.deepEqual(part('log').children.slice(1), [second]);
  table.show([], NONE);
  assert.deepEqual(part('log').children, []);
});

test('a picture has a thumbnail as long as it is stored', () => {
  const pictures = new Map([[keyOf(entry(1)), new Blob(['jpeg'])]]);
  table.show([entry(1)], NONE);
  assert.equal(row(0).thumbnail.hidden, true);
  table.show([entry(1)], pictures);
  assert.equal(row(0).thumbnail.hidden, false);
  const [image] = row(0).thumbnail.children;
  assert.match(image.getAttribute('src'), /^blob:/);
  table.show([entry(1)], pictures);
  assert.equal(row(0).thumbnail.children[0], image);
  const revoke = mock.method(URL, 'revokeObjectURL');
  table.show([entry(1)], NONE);
  assert.deepEqual(revoke.mock.calls.at(-1)?.arguments, [image.getAttribute('src')]);
  revoke.mock.restore();
  assert.equal(row(0).thumbnail.hidden, true);
  assert.deepEqual(row(0).thumbnail.children, []);
});

test('focus in a row that goes moves to the summary, and the memory of its picture is freed', () => {
  table.show([entry(2), entry(1)], new Map([[keyOf(entry(1)), new Blob(['jpeg'])]]));
  const { thumbnail, wrong } = row(1);
  const url = thumbnail.children[0].getAttribute('src');
  wrong.focus();
  table.show([entry(2), entry(1)], new Map([[keyOf(entry(1)), new Blob(['jpeg'])]]));
  assert.equal(globalThis.document.activeElement, wrong);
  const revoke = mock.method(URL, 'revokeObjectURL');
  table.show([entry(2)], NONE);
  assert.equal(globalThis.document.activeElement, part('log-details').querySelector('summary'));
  assert.deepEqual(revoke.mock.calls.at(-1)?.arguments, [url]);
  revoke.mock.restore();
});

test('focus on a picture that goes moves to the button beside it', () => {
  table.show([entry(1)], new Map([[keyOf(entry(1)), new Blob(['jpeg'])]]));
  row(0).thumbnail.focus();
  table.show([entry(1)], NONE);
  assert.equal(globalThis.document.activeElement, row(0).wrong);
});

test('a correction is shown and can be undone', () => {
  table.show([entry(1)], NONE);
  assert.equal(row(0).wrong.textContent, texts.pictures.wrong);
  table.show([entry(1, { corrected: 'not_a_face' })], NONE);
  assert.equal(row(0).corrected.textContent, texts.pictures.corrected(texts.pictures.notAFace));
  table.show([entry(1, { corrected: 'with_mask' })], NONE);
  assert.equal(row(0).corrected.textContent, texts.pictures.corrected(texts.words.with_mask));
  assert.equal(row(0).wrong.textContent, texts.pictures.undo);
  row(0).wrong.click();
  assert.deepEqual(corrections, [[entry(1, { corrected: 'with_mask' }), undefined]]);
});
