import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
// @ts-expect-error: it has no types
import forceCloseDatabase from '../../../web/node_modules/fake-indexeddb/build/esm/forceCloseDatabase.js';
import { deleteDB } from '../../../web/node_modules/idb/build/index.js';
import { AlertLog } from '../../../web/static/js/alerts/alert-log.js';
import { CountsStore } from '../../../web/static/js/alerts/counts-store.js';
import { PictureStore } from '../../../web/static/js/alerts/picture-store.js';
import { hourOf } from '../../../web/static/js/tracking/hours.js';

let asked = 0;
const storage = {
  persist: async () => {
    asked += 1;
    throw new TypeError('not here');
  },
};
Object.defineProperty(globalThis, 'navigator', { value: { storage }, configurable: true });

const NOON = Date.UTC(2026, 10, 22, 12);
const ALERT = { id: 1, face: 1, label: 'without_mask', atMs: NOON, durationMs: 0, notified: false };

/** The three stores: what adds a record, and what counts them. */
const STORES = {
  alerts() {
    const log = new AlertLog('alerts');
    return { add: () => log.add({ type: 'begin', ...ALERT }), count: async () => (await log.all()).length };
  },
  counts() {
    const store = new CountsStore('counts');
    const hour = hourOf({ atMs: NOON, name: 'people', step: 1 });
    return { add: () => store.add([hour]), count: async () => (await store.since()).length };
  },
  pictures() {
    const store = new PictureStore('pictures');
    const picture = { atMs: NOON, face: 1, label: '', probability: 1, version: '', jpeg: new Blob() };
    return { add: () => store.put(picture), count: async () => (await store.keys()).length };
  },
};

for (const [name, newStore] of Object.entries(STORES)) {
  test(`${name} are stored again after the browser has closed the database`, async () => {
    /** @type {any[]} */
    const opened = [];
    const { open } = globalThis.indexedDB;
    const opening = mock.method(globalThis.indexedDB, 'open', (/** @type {any} */ ...given) => {
      const request = Reflect.apply(open, globalThis.indexedDB, given);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    });
    const store = newStore();
    await store.add();
    opened.forEach(forceCloseDatabase);
    assert.equal(await store.count(), 1);
    await store.add();
    assert.equal(opened.length, 2);
    opening.mock.restore();
  });

  test(`${name} are stored again after another page has deleted the database`, async () => {
    const store = newStore();
    await store.add();
    await deleteDB(name);
    assert.equal(await store.count(), 0);
    await store.add();
    assert.equal(await store.count(), 1);
  });
}

test('the browser is asked once to keep what is stored, and may refuse', async () => {
  await STORES.alerts().add();
  await STORES.counts().add();
  assert.equal(asked, 1);
});
