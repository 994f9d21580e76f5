import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { AlertLog, toCsv } from '../../../web/static/js/alerts/alert-log.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */

const NOON = Date.UTC(2026, 10, 22, 12);

/**
 * Both events of an alert.
 * @param {number} at when it begins
 * @param {number} duration
 * @param {AlertEvent['label']} [label]
 * @returns {AlertEvent[]}
 */
function alert(at, duration, label = 'without_mask') {
  return [
    { type: 'begin', id: 1, label, at, duration: 0 },
    { type: 'end', id: 1, label, at: at + duration, duration },
  ];
}

/**
 * @param {AlertLog} log
 * @param {AlertEvent[]} events
 */
async function addAll(log, events) {
  for (const event of events) await log.add(event);
}

/** A browser without a database, as in some private windows. */
async function withoutDatabase(/** @type {() => Promise<void>} */ run) {
  const open = mock.method(globalThis.indexedDB, 'open', () => {
    throw new DOMException('', 'SecurityError');
  });
  try {
    await run();
  } finally {
    open.mock.restore();
  }
}

/** @param {string} name */
async function checkLog(name) {
  const log = new AlertLog(name, 3);
  const [begin, end] = alert(NOON, 4200);
  await log.add(begin);
  assert.deepEqual(await log.all(), [{ at: NOON, label: 'without_mask', duration: null }]);
  await log.add(end);
  assert.deepEqual(await log.all(), [{ at: NOON, label: 'without_mask', duration: 4200 }]);
  await addAll(log, alert(NOON - 60_000, 1000, 'incorrect_mask'));
  assert.deepEqual((await log.all()).map(({ at }) => at), [NOON - 60_000, NOON]);
  await addAll(log, [...alert(NOON + 1e5, 1), ...alert(NOON + 2e5, 1)]);
  assert.deepEqual((await log.all()).map(({ at }) => at), [NOON, NOON + 1e5, NOON + 2e5]);
  await log.clear();
  assert.deepEqual(await log.all(), []);
  assert.equal(await log.csv(), 'time,verdict,duration_seconds\r\n');
}

test('an alert is written down, completed, put in order, limited and cleared', async () => {
  await checkLog('one');
});

test('so it is where the browser keeps nothing', async () => {
  await withoutDatabase(() => checkLog('none'));
});

test('the log is there again when the page is', async () => {
  await addAll(new AlertLog('kept'), alert(NOON, 2000));
  assert.equal((await new AlertLog('kept').all()).length, 1);
  assert.deepEqual(await new AlertLog('other').all(), []);
});

test('an alert that the page did not see the end of stays without a duration', async () => {
  const log = new AlertLog('unended');
  await log.add(alert(NOON, 0)[0]);
  assert.equal(
    await log.csv(),
    'time,verdict,duration_seconds\r\n2026-11-22T12:00:00.000Z,without_mask,\r\n',
  );
});

test('a label that became graver is the one that is kept', async () => {
  const log = new AlertLog('graver');
  const [begin, end] = alert(NOON, 2000, 'incorrect_mask');
  await addAll(log, [begin, { ...end, label: 'without_mask' }]);
  assert.deepEqual((await log.all()).map(({ label }) => label), ['without_mask']);
});

test('nothing but time, verdict and duration is kept', async () => {
  const log = new AlertLog('bare');
  const [, end] = alert(NOON, 2000);
  await log.add(/** @type {AlertEvent} */ ({ ...end, picture: 'data:image/png;base64,AAAA' }));
  assert.deepEqual((await log.all()).map(Object.keys), [['at', 'label', 'duration']]);
});

test('the table is RFC 4180', () => {
  assert.equal(
    toCsv([
      { at: NOON, label: 'incorrect_mask', duration: 1234 },
      { at: NOON + 61_005, label: 'without_mask', duration: 0 },
    ]),
    'time,verdict,duration_seconds\r\n' +
      '2026-11-22T12:00:00.000Z,incorrect_mask,1.2\r\n' +
      '2026-11-22T12:01:01.005Z,without_mask,0.0\r\n',
  );
});

test('a log says whether it is there at the next visit', async () => {
  assert.equal(await new AlertLog('lasting').lasting(), true);
  await withoutDatabase(async () => assert.equal(await new AlertLog('fleeting').lasting(), false));
});
