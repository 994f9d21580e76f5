import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { IDLE_WRITE_INTERVAL_MS, PeopleCounter, WRITE_INTERVAL_MS } from '../../../web/static/js/alerts/people-counter.js';
import { hourStart } from '../../../web/static/js/local-time.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { hourOf, merge } from '../../../web/static/js/tracking/hours.js';
import { mockClocks, resetClocks, setClock } from '../clocks.js';
import { newPage } from '../dom.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */
/** @import { HourCounts } from '../../../web/static/js/tracking/hours.js' */

const NOON = new Date(2026, 10, 22, 12).getTime();
const STEP = 100; // milliseconds between frames

/** A store that can refuse. */
class FakeStore {
  /** @type {HourCounts[]} */
  hours = [];
  writes = 0;
  refuses = false;
  persistent = true;

  /** @param {HourCounts[]} hours */
  async add(hours) {
    if (this.refuses) throw new DOMException('', 'UnknownError');
    this.writes += 1;
    this.hours = merge(this.hours, hours);
  }

  /** @param {number} [startMs] */
  async since(startMs = 0) {
    return this.hours.filter(({ hourMs }) => hourMs >= startMs);
  }

  async clear() {
    if (this.refuses) throw new DOMException('', 'UnknownError');
    this.hours = [];
  }

  async isPersistent() {
    return this.persistent;
  }

  /** The hour at a time. */
  at(/** @type {number} */ atMs) {
    const [hour] = this.hours.filter(({ hourMs }) => hourMs === hourStart(atMs));
    return hour;
  }
}

/** @type {(id: string) => any} */
let part;
/** @type {FakeStore} */
let store;
/** @type {PeopleCounter} */
let counter;

/** Open the page. */
async function open() {
  part = newPage();
  part('counts').hidden = true;
  counter = new PeopleCounter(store);
  await setImmediate();
}

/**
 * Show faces for some seconds.
 * @param {Record<number, string>} labels by the id of the face
 * @param {number} seconds
 * @param {number[]} [alerts] ids of the faces whose alert begins
 */
async function show(labels, seconds, alerts = []) {
  const tracks = Object.entries(labels).map(([id, label]) => ({ id: Number(id), label }));
  for (let i = 0; i < (seconds * 1000) / STEP; i += 1) {
    mock.timers.tick(STEP);
    const events = i === 0 ? alerts.map((face) => ({ type: 'begin', face })) : [];
    counter.update(tracks, /** @type {AlertEvent[]} */ (events), performance.now());
  }
  await setImmediate();
}

/** @param {string} name */
const shown = (name) => part(`count-${name}`).textContent;

beforeEach(async () => {
  mockClocks(['setTimeout'], NOON);
  store = new FakeStore();
  await open();
});

afterEach(resetClocks);

test('people are shown and stored, also after the page is opened again', async () => {
  assert.equal(part('counts').hidden, true);
  counter.start();
  assert.equal(part('counts').hidden, false);
  await show({ 1: 'with_mask', 2: 'without_mask', 3: 'too_small' }, 4);
  await counter.write();
  await open();
  assert.equal(part('counts').hidden, false);
  const names = ['people', 'with_mask', 'without_mask', 'incorrect_mask', 'unsure'];
  assert.deepEqual(names.map(shown), ['3', '1', '1', '0', '1']);
  assert.match(part('counts-since').textContent, /^since 12:00/);
  assert.equal(part('chart-share').textContent, texts.counts.share(0.5));
});

test('people are stored within seconds, the time alone once a minute, and all when the camera stops', async () => {
  counter.start();
  for (let i = 0; i < 180; i += 1) await show({}, 1);
  assert.equal(store.writes, 180_000 / IDLE_WRITE_INTERVAL_MS);
  store.writes = 0;
  await show({ 1: 'with_mask' }, 1 + WRITE_INTERVAL_MS / 1000);
  assert.deepEqual([store.at(NOON).people, store.writes], [1, 1]);
  for (let i = 2; i < 32; i += 1) await show({ [i]: 'with_mask' }, 2);
  assert.ok(store.writes > 10 && store.writes <= 1 + 60_000 / WRITE_INTERVAL_MS, `${store.writes}`);
  const { writes } = store;
  while (store.writes === writes) await show({ 40: 'with_mask' }, STEP / 1000);
  await show({ 41: 'with_mask' }, 2);
  const { people } = store.at(NOON);
  counter.stop(true);
  await setImmediate();
  assert.equal(store.at(NOON).people, people + 1);
});

test('a person counts in the hour of their first count', async () => {
  mock.timers.tick(3_597_000);
  counter.start();
  await show({ 1: 'without_mask' }, 2);
  await counter.write();
  await show({ 1: 'without_mask' }, 2, [1]);
  await show({ 1: 'with_mask' }, 4);
  await counter.write();
  const { people, with_mask: masked, without_mask: bare, put_on_after_alert: putOn } = store.at(NOON);
  assert.deepEqual([people, masked, bare, putOn], [1, 1, 0, 1]);
  assert.equal(store.at(NOON + 3_600_000).people, 0);
  assert.equal(shown('put_on_after_alert'), '1');
});

test('the time that the camera was watched is stored, without pauses', async () => {
  counter.start();
  await show({}, 60);
  counter.stop(false);
  mock.timers.tick(600_000);
  await show({}, 60);
  mock.timers.tick(600_000); // as when the computer sleeps
  await show({}, 60);
  await counter.write();
  const { watchedMs, people } = store.at(NOON);
  assert.equal(people, 0);
  assert.ok(watchedMs > 179_000 && watchedMs <= 180_000, `${watchedMs}`);
});

test('the counts begin again at midnight', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 2);
  mock.timers.tick(12 * 3_600_000);
  await show({ 2: 'without_mask' }, 2);
  assert.deepEqual(['people', 'with_mask', 'without_mask'].map(shown), ['1', '0', '1']);
  const [today, yesterday, before] = part('counts-days').children;
  const cells = (/** @type {any} */ row) => row.children.map((/** @type {any} */ one) => one.children[0]);
  assert.deepEqual(cells(today).slice(1, 3), ['1', '0']);
  assert.deepEqual(cells(yesterday).slice(1, 3), ['1', '1']);
  assert.deepEqual(cells(before).slice(1, 3), ['–', '–']);
});

test('the counts begin again at midnight also while the camera is off', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 2);
  counter.stop(true);
  await setImmediate();
  for (const [people, ms] of [['1', 1000], ['0', 12 * 3_600_000], ['0', 24 * 3_600_000]]) {
    mock.timers.tick(Number(ms));
    await setImmediate();
    assert.equal(shown('people'), people);
  }
  await store.add([hourOf({ atMs: Date.now(), name: 'people', step: 5 })]);
  mock.timers.tick(1000);
  await counter.refresh(); // as when the page is shown again
  assert.equal(shown('people'), '5');
});

for (const hours of [-5, 5]) {
  test(`a clock that is set by ${hours} hours changes neither counts nor times`, async () => {
    counter.start();
    await show({ 1: 'without_mask' }, 2, [1]);
    setClock(Date.now() + hours * 3_600_000);
    await show({ 1: 'with_mask', 2: 'with_mask' }, 4);
    await counter.write();
    const [first, second] = [store.at(NOON), store.at(NOON + hours * 3_600_000)];
    const counts = [first, second].map((hour) => [hour.people, hour.with_mask, hour.without_mask, hour.put_on_after_alert]);
    assert.deepEqual(counts, [[1, 1, 0, 1], [1, 1, 0, 0]]);
    assert.ok(first.watchedMs < 2001 && second.watchedMs < 4001);
  });
}

test('the rows of the table stay while their cells change', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 2);
  const [row] = part('counts-days').children;
  const [, people] = row.children;
  assert.equal(people.textContent, '1');
  await show({ 1: 'with_mask', 2: 'with_mask' }, 2);
  assert.deepEqual([part('counts-days').children[0], row.children[1]], [row, people]);
  assert.equal(people.textContent, '2');
});

test('a double click asks only', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 4);
  part('counts-reset').click();
  mock.timers.tick(400);
  part('counts-reset').click();
  await setImmediate();
  assert.equal(part('counts-reset').textContent, texts.counts.confirmReset);
  assert.equal(store.hours.length, 1);
});

test('counts that cannot be stored are shown, reported, and stored later', async () => {
  store.refuses = true;
  counter.start();
  await show({ 1: 'with_mask' }, 4);
  assert.equal(part('counts-problem').textContent, texts.counts.notKept);
  await show({ 1: 'with_mask' }, 4);
  assert.equal(shown('people'), '1');
  store.refuses = false;
  await show({ 1: 'with_mask' }, 4);
  assert.equal(part('counts-problem').textContent, '');
  assert.equal(store.at(NOON).people, 1);
});

test('the counts of other tabs are shown too', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 2);
  await store.add([hourOf({ atMs: NOON, name: 'people', step: 5 })]);
  await show({ 2: 'with_mask' }, 5);
  await show({}, 1);
  assert.equal(shown('people'), '7');
});

test('a reset asks first, deletes all days, and counts who is in view again', async () => {
  store.hours = [hourOf({ atMs: NOON - 1e8, name: 'people', step: 5 })];
  await open();
  counter.start();
  await show({ 1: 'with_mask' }, 4);
  part('counts-reset').click();
  assert.equal(part('counts-reset').textContent, texts.counts.confirmReset);
  await setImmediate();
  assert.equal(store.hours.length, 2);
  mock.timers.tick(600); // no double click
  part('counts-reset').click();
  await setImmediate();
  assert.equal(part('counts-reset').textContent, texts.counts.reset);
  assert.deepEqual([store.hours, shown('people'), part('counts-since').textContent], [[], '0', '']);
  await show({ 1: 'with_mask' }, 2);
  await counter.write();
  assert.deepEqual(store.hours.map(({ people }) => people), [1]);
});

test('a reset that is not confirmed is forgotten', async () => {
  part('counts-reset').click();
  mock.timers.tick(5000);
  assert.equal(part('counts-reset').textContent, texts.counts.reset);
});

test('a failed reset is reported, and the counts stay', async () => {
  counter.start();
  await show({ 1: 'with_mask' }, 4);
  store.refuses = true;
  part('counts-reset').click();
  mock.timers.tick(600);
  part('counts-reset').click();
  await setImmediate();
  assert.equal(part('counts-problem').textContent, texts.counts.notCleared);
  assert.equal(shown('people'), '1');
});

test('without counts the card is hidden with the camera', async () => {
  counter.start();
  counter.stop(false);
  assert.equal(part('counts').hidden, false);
  counter.stop(true);
  assert.equal(part('counts').hidden, true);
});

test('the page says whether the counts outlive it', async () => {
  assert.equal(part('counts-kept').textContent, texts.counts.kept);
  store.persistent = false;
  await open();
  assert.equal(part('counts-kept').textContent, texts.counts.keptForNow);
});
