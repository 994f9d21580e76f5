import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountsStore } from '../../../web/static/js/alerts/counts-store.js';
import { HOUR_MS } from '../../../web/static/js/local-time.js';
import { hourOf, merge } from '../../../web/static/js/tracking/hours.js';
import { withoutDatabase } from './without-database.js';

/** @import { Change } from '../../../web/static/js/tracking/hours.js' */

const NOON = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * HOUR_MS;

/**
 * @param {number} atMs
 * @param {Change['name'][]} names each with a step of 1
 */
const hours = (atMs, ...names) => {
  return names.map((name) => [hourOf({ atMs, name, step: 1 })]).reduce(merge);
};

/** @param {string} name */
async function checkStore(name) {
  const store = new CountsStore(name);
  assert.deepEqual(await store.since(), []);
  await store.add(hours(NOON + 1000, 'people', 'with_mask'));
  await store.add([...hours(NOON - HOUR_MS, 'people'), ...hours(NOON + 2000, 'people', 'unsure')]);
  const [first, second, ...others] = await store.since();
  assert.deepEqual([first.hourMs, first.people], [NOON - HOUR_MS, 1]);
  const { hourMs, sinceMs, people, with_mask: masked, unsure } = second;
  assert.deepEqual([hourMs, sinceMs, people, masked, unsure], [NOON, NOON + 1000, 2, 1, 1]);
  assert.deepEqual(others, []);
  assert.deepEqual(await store.since(NOON), [second]);
  await store.clear();
  assert.deepEqual(await store.since(), []);
}

test('counts are added to those of the same hour', () => checkStore('one'));

test('the same holds without a database', () => withoutDatabase(() => checkStore('none')));

test('counts outlive the page', async () => {
  await new CountsStore('kept').add(hours(NOON, 'people'));
  assert.equal((await new CountsStore('kept').since())[0].people, 1);
  assert.deepEqual(await new CountsStore('other').since(), []);
});

test('tabs that store at the same time lose nothing', async () => {
  const tabs = [new CountsStore('tabs'), new CountsStore('tabs'), new CountsStore('tabs')];
  const writes = Array.from({ length: 30 }, (_, i) => tabs[i % 3].add(hours(NOON + i, 'people')));
  await Promise.all(writes);
  assert.equal((await tabs[0].since())[0].people, 30);
});

test('hours are kept for 400 days before the latest day of counting', async () => {
  const store = new CountsStore('old');
  await store.add(hours(NOON - 400 * DAY_MS, 'people'));
  for (let i = 0; i < 24; i += 1) await store.add(hours(NOON + i * HOUR_MS, 'people'));
  assert.equal((await store.since()).length, 25);
  await store.add(hours(NOON + 24 * HOUR_MS, 'people'));
  assert.equal((await store.since())[0].hourMs, NOON);
});

test('a clock that is wrong for some hours deletes nothing, also later', async () => {
  const store = new CountsStore('wrong');
  const future = NOON + 9999 * DAY_MS;
  for (let i = 0; i < 20; i += 1) await store.add(hours(NOON + i * HOUR_MS, 'people'));
  for (let i = 0; i < 20; i += 1) await store.add(hours(future + i * HOUR_MS, 'people'));
  for (let i = 20; i < 40; i += 1) await store.add(hours(NOON + i * HOUR_MS, 'people'));
  assert.equal((await store.since()).length, 60);
});

test('no count is negative if another tab has deleted the hour of a correction', async () => {
  const store = new CountsStore('deleted');
  await store.add([hourOf({ atMs: NOON, name: 'unsure', step: -1 })]);
  assert.equal((await store.since())[0].unsure, 0);
});

test('a store reports whether it is persistent', async () => {
  assert.equal(await new CountsStore('persistent').isPersistent(), true);
  await withoutDatabase(async () => {
    assert.equal(await new CountsStore('temporary').isPersistent(), false);
  });
});
