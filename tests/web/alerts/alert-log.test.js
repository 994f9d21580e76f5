import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { openDB } from '../../../web/node_modules/idb/build/index.js';
import { AlertLog, toCsv } from '../../../web/static/js/alerts/alert-log.js';
import { withoutDatabase } from './without-database.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */

const NOON = Date.UTC(2026, 10, 22, 12);

/**
 * Both events of an alert.
 * @param {number} atMs start
 * @param {number} durationMs
 * @param {AlertEvent['label']} [label]
 * @returns {AlertEvent[]}
 */
function alert(atMs, durationMs, label = 'without_mask') {
  return [
    { type: 'begin', id: 1, face: 4, label, atMs, durationMs: 0, notified: false },
    { type: 'end', id: 1, face: 4, label, atMs: atMs + durationMs, durationMs, notified: true },
  ];
}

/**
 * @param {AlertLog} log
 * @param {AlertEvent[]} events
 */
async function addAll(log, events) {
  for (const event of events) await log.add(event);
}

/** @param {string} name */
async function checkLog(name) {
  const log = new AlertLog(name, 3);
  const [begin, end] = alert(NOON, 4200);
  await log.add(begin);
  assert.deepEqual(await log.all(), [{ atMs: NOON, face: 4, label: 'without_mask', durationMs: null }]);
  await log.add(end);
  assert.deepEqual(await log.all(), [{ atMs: NOON, face: 4, label: 'without_mask', durationMs: 4200 }]);
  await addAll(log, alert(NOON - 60_000, 1000, 'incorrect_mask'));
  assert.deepEqual((await log.all()).map(({ atMs }) => atMs), [NOON - 60_000, NOON]);
  await addAll(log, [...alert(NOON + 1e5, 1), ...alert(NOON + 2e5, 1)]);
  assert.deepEqual((await log.all()).map(({ atMs }) => atMs), [NOON, NOON + 1e5, NOON + 2e5]);
  const { entries, count, startMs } = await log.latest(2);
  assert.deepEqual([entries.map(({ atMs }) => atMs), count, startMs], [[NOON + 2e5, NOON + 1e5], 3, NOON]);
  assert.equal((await log.latest(3)).entries.length, 3);
  await log.clear();
  assert.deepEqual(await log.all(), []);
  assert.deepEqual(await log.latest(2), { entries: [], count: 0, startMs: Infinity });
  assert.equal(await log.csv(), '\ufeffTime (time),Result (verdict),Code (code),Duration (duration_seconds),Corrected (corrected)\r\n');
}

test('alerts are logged, completed, sorted, limited and cleared', async () => {
  await checkLog('one');
});

test('the same holds without a database', async () => {
  await withoutDatabase(() => checkLog('none'));
});

for (const stored of [true, false]) {
  test(`two people at the same moment are two entries, ${stored ? 'stored' : 'in memory'}`, async () => {
    const check = async () => {
      const log = new AlertLog('together');
      const [begin, end] = alert(NOON, 2000);
      await addAll(log, [begin, { ...begin, face: 5 }, { ...end, face: 5 }]);
      assert.deepEqual((await log.all()).map(({ face, durationMs }) => [face, durationMs]), [[4, null], [5, 2000]]);
    };
    await (stored ? check() : withoutDatabase(check));
  });
}

for (const stored of [true, false]) {
  test(`a correction outlasts the alert and can be undone, ${stored ? 'stored' : 'in memory'}`, async () => {
    const check = async () => {
      const log = new AlertLog('corrected');
      const [begin, end] = alert(NOON, 2000);
      const corrections = async () => (await log.all()).map(({ corrected, durationMs }) => [corrected, durationMs]);
      await log.add(begin);
      await log.correct({ atMs: NOON, face: 4 }, 'not_a_face');
      await log.add(end);
      assert.deepEqual(await corrections(), [['not_a_face', 2000]]);
      assert.deepEqual(await log.corrected(), await log.all());
      await log.correct({ atMs: NOON, face: 4 }, undefined);
      assert.deepEqual(await corrections(), [[undefined, 2000]]);
      assert.deepEqual(await log.corrected(), []);
      await log.correct({ atMs: NOON, face: 5 }, 'with_mask'); // there is none
      assert.deepEqual(await corrections(), [[undefined, 2000]]);
    };
    await (stored ? check() : withoutDatabase(check));
  });
}

test('a log of an earlier version is kept', async () => {
  const old = await openDB('old', 1, {
    upgrade: (database) => database.createObjectStore('alerts', { keyPath: 'at' }),
  });
  await old.put('alerts', { at: NOON, label: 'without_mask', duration: 1000 });
  old.close();
  const log = new AlertLog('old');
  await addAll(log, alert(NOON, 2000));
  assert.deepEqual((await log.all()).map(({ face, durationMs }) => [face, durationMs]), [[0, 1000], [4, 2000]]);
  assert.equal(await log.isPersistent(), true);
});

test('a log of the version between is kept', async () => {
  const old = await openDB('between', 2, {
    upgrade: (database) => database.createObjectStore('alerts', { keyPath: ['at', 'face'] }),
  });
  await old.put('alerts', { at: NOON, face: 3, label: 'without_mask', duration: 1000 });
  old.close();
  assert.deepEqual(await new AlertLog('between').all(), [
    { atMs: NOON, face: 3, label: 'without_mask', durationMs: 1000 },
  ]);
});

test('a log of the version without an index is kept', async () => {
  const old = await openDB('plain', 3, {
    upgrade: (database) => database.createObjectStore('alerts', { keyPath: ['atMs', 'face'] }),
  });
  const entry = { atMs: NOON, face: 3, label: 'without_mask', durationMs: 1000, corrected: 'with_mask' };
  await old.put('alerts', entry);
  old.close();
  const log = new AlertLog('plain');
  assert.deepEqual(await log.all(), [entry]);
  assert.deepEqual(await log.corrected(), [entry]);
});

test('adding to a long log reads only what the page shows', async () => {
  const log = new AlertLog('long');
  for (let i = 0; i < 60; i += 1) await log.add(alert(NOON + i, 0)[0]);
  const all = mock.method(globalThis.IDBObjectStore.prototype, 'getAll');
  await log.add(alert(NOON + 60, 0)[0]);
  const { entries, count } = await log.latest(50);
  all.mock.restore();
  assert.deepEqual([entries.length, count, all.mock.callCount()], [50, 61, 1]);
  assert.equal(entries[0].atMs, NOON + 60);
});

test('a newer page can change the database', async () => {
  const log = new AlertLog('later');
  await addAll(log, alert(NOON, 2000));
  const newer = await openDB('later', 9);
  assert.equal(newer.version, 9);
  newer.close();
  await assert.rejects(log.all());
});

test('an older page that keeps the database open costs only persistence', async () => {
  const old = await openDB('busy', 1, {
    upgrade: (database) => database.createObjectStore('alerts', { keyPath: 'at' }),
  });
  const log = new AlertLog('busy');
  await addAll(log, alert(NOON, 2000));
  assert.equal((await log.all()).length, 1);
  assert.equal(await log.isPersistent(), false);
  old.close();
});

test('the log outlives the page', async () => {
  await addAll(new AlertLog('kept'), alert(NOON, 2000));
  assert.equal((await new AlertLog('kept').all()).length, 1);
  assert.deepEqual(await new AlertLog('other').all(), []);
});

test('an alert that did not end before the page was closed has no duration', async () => {
  const log = new AlertLog('unended');
  await log.add(alert(NOON, 0)[0]);
  assert.match(await log.csv(), /,no mask,without_mask,,\r\n$/);
});

test('a label that became more severe replaces the first one', async () => {
  const log = new AlertLog('severe');
  const [begin, end] = alert(NOON, 2000, 'incorrect_mask');
  await addAll(log, [begin, { ...end, label: 'without_mask' }]);
  assert.deepEqual((await log.all()).map(({ label }) => label), ['without_mask']);
});

test('only time, track, verdict and duration are stored', async () => {
  const log = new AlertLog('bare');
  const [, end] = alert(NOON, 2000);
  await log.add(/** @type {AlertEvent} */ ({ ...end, picture: 'data:image/png;base64,AAAA' }));
  assert.deepEqual((await log.all()).map(Object.keys), [['atMs', 'face', 'label', 'durationMs']]);
});

test('the CSV has the local time, the page’s word and the code of each verdict', () => {
  process.env.TZ = 'Europe/Berlin';
  assert.equal(
    toCsv([
      { atMs: NOON, face: 1, label: 'incorrect_mask', durationMs: 1234 },
      { atMs: NOON + 61_005, face: 2, label: 'without_mask', durationMs: 0, corrected: 'with_mask' },
    ]),
    '\ufeffTime (time),Result (verdict),Code (code),Duration (duration_seconds),Corrected (corrected)\r\n' +
      '2026-11-22T13:00:00+01:00,worn incorrectly,incorrect_mask,1.2,\r\n' +
      '2026-11-22T13:01:01+01:00,no mask,without_mask,0.0,with_mask\r\n',
  );
});

test('a log reports whether it is persistent', async () => {
  assert.equal(await new AlertLog('persistent').isPersistent(), true);
  await withoutDatabase(async () => {
    assert.equal(await new AlertLog('temporary').isPersistent(), false);
  });
});
