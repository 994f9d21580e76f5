import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PictureStore } from '../../../web/static/js/alerts/picture-store.js';

const NOON = Date.UTC(2026, 10, 22, 12);

/**
 * @param {number} atMs
 * @param {number} [face]
 */
function picture(atMs, face = 1) {
  const jpeg = new Blob([`${atMs} ${face}`], { type: 'image/jpeg' });
  return { atMs, face, label: 'without_mask', probability: 0.9, version: 'x', jpeg };
}

/** @param {string} name */
async function exists(name) {
  return (await globalThis.indexedDB.databases()).some((one) => one.name === name);
}

test('pictures are stored, sorted and read', async () => {
  const store = new PictureStore('sorted');
  for (const [atMs, face] of [[NOON + 1, 1], [NOON, 2], [NOON, 1]]) await store.put(picture(atMs, face));
  assert.deepEqual(await store.keys(), [[NOON, 1], [NOON, 2], [NOON + 1, 1]]);
  const [first, second] = await store.since(NOON);
  assert.equal(await first.jpeg.text(), `${NOON} 1`);
  assert.equal(second.face, 2);
  assert.equal((await new PictureStore('sorted').since(NOON + 1)).length, 1);
});

test('the oldest pictures beyond the limit are deleted', async () => {
  const store = new PictureStore('limited', 2);
  for (const atMs of [NOON, NOON + 1, NOON + 2, NOON + 3]) await store.put(picture(atMs));
  assert.deepEqual(await store.keys(), [[NOON + 2, 1], [NOON + 3, 1]]);
});

test('pictures of earlier alerts are deleted', async () => {
  const store = new PictureStore('earlier');
  for (const atMs of [NOON, NOON + 1, NOON + 2]) await store.put(picture(atMs));
  await store.deleteBefore(NOON + 1);
  assert.deepEqual(await store.keys(), [[NOON + 1, 1], [NOON + 2, 1]]);
  await store.deleteBefore(Infinity);
  assert.deepEqual(await store.keys(), []);
});

test('deleting all pictures leaves no database, also where two pages use it', async () => {
  const [store, other] = [new PictureStore('gone'), new PictureStore('gone')];
  await store.put(picture(NOON));
  assert.equal((await other.keys()).length, 1);
  await store.deleteAll();
  assert.equal(await exists('gone'), false);
  assert.deepEqual(await other.keys(), []); // opened again
  await store.put(picture(NOON));
  assert.equal((await other.keys()).length, 1);
});

test('deleting where there is nothing creates no database', async () => {
  await new PictureStore('never').deleteAll();
  assert.equal(await exists('never'), false);
});
