import '../../../web/node_modules/fake-indexeddb/auto/index.mjs';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AlertLog } from '../../../web/static/js/alerts/alert-log.js';
import { AlertPictures } from '../../../web/static/js/alerts/alert-pictures.js';
import { PictureStore } from '../../../web/static/js/alerts/picture-store.js';
import { SettingsStore } from '../../../web/static/js/alerts/settings.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { fakeStorage } from '../fake-storage.js';
import { newPage } from '../dom.js';
import { withoutDatabase } from './without-database.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const FRAME = { width: 640, height: 480 };

/** @type {(id: string) => any} */
let part;
/** @type {AlertLog} */
let log;
/** @type {PictureStore} */
let store;
/** @type {SettingsStore} */
let settings;
/** @type {any[]} */
let boxes = []; // of the captured faces
let count = 0; // of databases
let fails = false; // whether no picture can be taken

/**
 * What is kept by a new page with these settings.
 * @param {{keepPictures?: boolean, pictureHours?: number}} [chosen]
 */
async function opened(chosen = { keepPictures: true }) {
  part = newPage();
  const stage = {
    facePicture: async (/** @type {any} */ box) => {
      if (fails) throw new DOMException('', 'InvalidStateError');
      boxes.push(box);
      return new Blob(['jpeg']);
    },
  };
  const view = /** @type {any} */ ({ stage, modelVersion: 'x' });
  const storage = fakeStorage(chosen);
  settings = new SettingsStore(() => storage);
  const refresh = async () => {
    await pictures.of(await log.latest(50));
  };
  const pictures = new AlertPictures(view, settings, log, refresh, store);
  await refresh();
  return pictures;
}

/**
 * Raise an alert and end it.
 * @param {AlertPictures} pictures
 * @param {number} face
 */
async function alert(pictures, face) {
  const [box, atMs, label] = [{ left: face }, Date.now(), 'without_mask'];
  const tracks = /** @type {any} */ ([{ id: face, box, label, probability: 0.9 }]);
  for (const type of /** @type {const} */ (['begin', 'notify', 'end'])) {
    /** @type {AlertEvent} */
    const event = { type, id: face, face, label, atMs, durationMs: 0, notified: false };
    const picture = pictures.capture(event, tracks, FRAME);
    if (type !== 'notify') await log.add(event);
    await pictures.keep(await picture);
    await pictures.of(await log.latest(50));
  }
}

/** The faces with a stored picture. */
async function stored() {
  return (await store.keys()).map(([, face]) => face);
}

/** Let the page react. */
async function settle() {
  for (let i = 0; i < 40; i += 1) await setImmediate();
}

/** @param {boolean} on */
async function turn(on) {
  part('set-keepPictures').checked = on;
  part('set-keepPictures').dispatchEvent(new Event('change'));
  await settle();
}

beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setInterval'], now: NOON });
  count += 1;
  log = new AlertLog(`log ${count}`, 3);
  store = new PictureStore(`pictures ${count}`);
  boxes = [];
  fails = false;
});

afterEach(() => mock.timers.reset());

test('by default no picture is taken, and no database is created', async () => {
  await alert(await opened({}), 1);
  assert.deepEqual(boxes, []);
  const names = (await globalThis.indexedDB.databases()).map(({ name }) => name);
  assert.ok(!names.includes(`pictures ${count}`));
});

test('when an alert begins, the picture of its face is stored, and the log shows it', async () => {
  const pictures = await opened();
  await alert(pictures, 7);
  assert.deepEqual(boxes, [{ left: 7 }]);
  const [{ jpeg, ...rest }] = await store.since(0);
  assert.deepEqual(rest, { atMs: NOON, face: 7, label: 'without_mask', probability: 0.9, version: 'x' });
  assert.equal(await jpeg.text(), 'jpeg');
  assert.deepEqual([...(await pictures.of(await log.latest(50))).keys()], [`${NOON} 7`]);
});

test('pictures are deleted after the chosen time, while the page is open', async () => {
  const pictures = await opened({ keepPictures: true, pictureHours: 1 });
  await alert(pictures, 1);
  mock.timers.tick(HOUR_MS / 2);
  await alert(pictures, 2);
  mock.timers.tick(HOUR_MS / 2);
  await settle();
  assert.deepEqual(await stored(), [1, 2]);
  mock.timers.tick(HOUR_MS / 10);
  await settle();
  assert.deepEqual(await stored(), [2]);
  assert.equal((await log.all()).length, 2);
});

test('pictures that became too old while the page was closed are deleted at its start', async () => {
  await alert(await opened(), 1);
  mock.timers.setTime(NOON + 25 * HOUR_MS);
  await opened();
  assert.deepEqual(await stored(), []);
});

test('a shorter time applies at once', async () => {
  await alert(await opened(), 1);
  mock.timers.setTime(NOON + 2 * HOUR_MS);
  part('set-pictureHours').value = '1';
  part('set-pictureHours').dispatchEvent(new Event('change'));
  await settle();
  assert.equal(settings.current.pictureHours, 1);
  assert.deepEqual(await stored(), []);
});

test('pictures are deleted with their entries', async () => {
  const pictures = await opened();
  for (const face of [1, 2, 3, 4]) {
    mock.timers.tick(1000);
    await alert(pictures, face); // the log keeps three
  }
  assert.deepEqual(await stored(), [2, 3, 4]);
  await log.clear();
  await pictures.of(await log.latest(50));
  assert.deepEqual(await stored(), []);
});

test('switching off asks before it deletes pictures', async () => {
  const pictures = await opened();
  await alert(pictures, 1);
  await turn(false);
  assert.equal(part('set-keepPictures').checked, true);
  assert.equal(part('pictures-note').textContent, texts.pictures.confirmOff(1));
  assert.equal(part('pictures-question').hidden, false);
  assert.deepEqual(await stored(), [1]);
  part('pictures-delete').click();
  await settle();
  assert.equal(settings.current.keepPictures, false);
  assert.equal(part('set-keepPictures').checked, false);
  assert.equal(part('pictures-question').hidden, true);
  await alert(pictures, 2);
  assert.deepEqual(await stored(), []);
});

test('without pictures, the switch is off at once; with it on, pictures are kept again', async () => {
  const pictures = await opened();
  await turn(false);
  assert.equal(settings.current.keepPictures, false);
  await turn(true);
  await alert(pictures, 1);
  assert.deepEqual(await stored(), [1]);
});

test('switching off in one page switches off in the others', async () => {
  const pictures = await opened();
  await alert(pictures, 1);
  await new PictureStore(`pictures ${count}`).deleteAll();
  await settle();
  assert.equal(settings.current.keepPictures, false);
  assert.equal(part('set-keepPictures').checked, false);
  await alert(pictures, 2);
  assert.deepEqual(await stored(), []);
});

test('a page that starts switched off deletes only what is too old', async () => {
  await alert(await opened(), 1);
  mock.timers.tick(12 * HOUR_MS);
  await alert(await opened(), 2);
  await opened({});
  await settle();
  assert.deepEqual(await stored(), [1, 2]);
  mock.timers.tick(13 * HOUR_MS);
  await settle();
  assert.deepEqual(await stored(), [2]);
  mock.timers.setTime(NOON + 100 * HOUR_MS);
  await opened({});
  await settle();
  assert.deepEqual(await stored(), []);
});

test('the question about switching off can be dismissed', async () => {
  const pictures = await opened();
  await alert(pictures, 1);
  await turn(false);
  part('pictures-stay').click();
  assert.equal(part('pictures-question').hidden, true);
  assert.equal(part('pictures-note').textContent, '');
  assert.equal(part('set-keepPictures').checked, true);
  assert.deepEqual(await stored(), [1]);
});

test('the question about switching off follows the number of pictures', async () => {
  const pictures = await opened({ keepPictures: true, pictureHours: 1 });
  await alert(pictures, 1);
  await turn(false);
  mock.timers.tick(HOUR_MS / 2);
  await alert(pictures, 2);
  assert.equal(part('pictures-note').textContent, texts.pictures.confirmOff(2));
  mock.timers.tick(HOUR_MS * 0.6);
  await settle();
  assert.equal(part('pictures-note').textContent, texts.pictures.confirmOff(1));
  mock.timers.tick(HOUR_MS);
  await settle();
  assert.deepEqual([part('pictures-note').textContent, part('pictures-question').hidden], ['', true]);
});

test('a picture that cannot be taken, or read, is reported as such', async () => {
  const pictures = await opened();
  fails = true;
  await alert(pictures, 1);
  assert.equal(part('pictures-problem').textContent, texts.pictures.notTaken);
  assert.equal((await log.all()).length, 1);
  const since = mock.method(store, 'since', async () => {
    throw new DOMException('', 'UnknownError');
  });
  await pictures.of(await log.latest(50));
  assert.equal(part('pictures-problem').textContent, texts.pictures.notRead);
  since.mock.restore();
  await pictures.of(await log.latest(50));
  assert.equal(part('pictures-problem').textContent, '');
});

test('what another page has chosen is followed', async () => {
  const pictures = await opened({});
  await turn(true);
  await turn(false);
  settings.update({ keepPictures: true }); // as another page does
  await pictures.follow();
  assert.equal(part('set-keepPictures').checked, true);
  await alert(pictures, 1);
  assert.deepEqual(await stored(), [1]);
});

test('without storage no picture is kept, and the page says so', async () => {
  await withoutDatabase(async () => {
    const pictures = await opened();
    assert.equal(part('pictures-note').textContent, texts.pictures.unavailable);
    await alert(pictures, 1);
    assert.deepEqual(boxes, []);
    await opened({});
    await turn(true);
    assert.equal(settings.current.keepPictures, false);
    assert.equal(part('set-keepPictures').checked, false);
    assert.equal(part('pictures-note').textContent, texts.pictures.unavailable);
  });
});

test('a picture that cannot be stored is reported, and the log stays complete', async () => {
  const pictures = await opened();
  const put = mock.method(store, 'put', async () => {
    throw new DOMException('', 'QuotaExceededError');
  });
  await alert(pictures, 1);
  assert.equal(part('pictures-problem').textContent, texts.pictures.notKept);
  assert.equal((await log.all()).length, 1);
  put.mock.restore();
  await alert(pictures, 2);
  assert.equal(part('pictures-problem').textContent, '');
});

test('only pictures that a user corrected to a label can be exported', async () => {
  const pictures = await opened();
  for (const face of [1, 2, 3]) await alert(pictures, face);
  assert.equal(part('pictures-export').hidden, true);
  await log.correct({ atMs: NOON, face: 1 }, 'with_mask');
  await log.correct({ atMs: NOON, face: 2 }, 'not_a_face');
  await pictures.of(await log.latest(50));
  assert.equal(part('pictures-export').hidden, false);
  assert.equal(part('pictures-export').textContent, texts.pictures.exportAll(1));
});
