import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DEFAULTS, SettingsStore } from '../../../web/static/js/alerts/settings.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { AlertController } from '../../../web/static/js/alerts/controller.js';
import { isCounted } from '../../../web/static/js/view/zone.js';
import { mockClocks, resetClocks, setClock } from '../clocks.js';
import { newPage } from '../dom.js';
import { fakeStorage } from '../fake-storage.js';
import { FakeLog } from './fake-log.js';

/** @import { Settings } from '../../../web/static/js/alerts/settings.js' */

/** @type {(id: string) => any} */
let part;
/** @type {FakeLog} */
let log;
/** @type {ReturnType<typeof fakeStorage>} */
let storage;
let alert = '';
let summary = '';
/** @type {string[]} announced to screen readers; empty where the region was emptied */
let announced = [];
/** @type {string[]} the same of alerts */
let interrupted = [];
let kiosk = '';
let id = 0; // of the latest face
/** @type {any} */
let zone;
const MIDDLE = { left: 40, top: 40, right: 60, bottom: 60 };
let boxes = [MIDDLE];

/**
 * A controller of a new page.
 * @param {Partial<Settings>} [settings] that are stored
 * @param {{sound?: any, fullScreen?: boolean}} [options]
 */
async function opened(settings = {}, { sound, fullScreen = false } = {}) {
  part = newPage();
  const stage = {
    highlight() {},
    setZone: (/** @type {any} */ chosen) => (zone = chosen),
    /** @type {(box: any, picture: any) => boolean} */
    counts: (box, picture) => isCounted(box, picture, zone, false),
  };
  const view = {
    stage,
    screen: { on: fullScreen, showMessage: (/** @type {string} */ text) => (kiosk = text) },
    alert: (/** @type {string} */ text) => (alert = text),
    summary: (/** @type {string} */ text) => (summary = text),
    announce: (/** @type {string} */ text) => announced.push(text),
    interrupt: (/** @type {string} */ text) => interrupted.push(text),
  };
  storage = fakeStorage({ ...DEFAULTS, ...settings });
  const store = new SettingsStore(() => storage);
  const controller = new AlertController(/** @type {any} */ (view), store, log, undefined, sound);
  await setImmediate();
  return controller;
}

/**
 * Show new faces for two seconds.
 * @param {AlertController} controller
 * @param {string[]} labels one per face
 */
async function show(controller, ...labels) {
  id += 1;
  const tracks = labels.map((label, i) => {
    return { id: id + i, label, box: boxes[i % boxes.length], probability: 0.9, probabilities: {} };
  });
  for (let i = 0; i < 40; i += 1) {
    mock.timers.tick(50);
    controller.update(/** @type {any} */ (tracks), { width: 100, height: 100 });
  }
  id += labels.length;
  await setImmediate();
}

/** @param {string} name of a button */
async function press(name) {
  mock.timers.tick(600); // no double click
  part(name).click();
  await setImmediate();
}

beforeEach(() => {
  mockClocks(['setTimeout', 'setInterval'], Date.UTC(2026, 10, 22));
  log = new FakeLog();
  announced = [];
  interrupted = [];
});

afterEach(() => {
  resetClocks();
  Reflect.deleteProperty(globalThis, 'Notification');
  Reflect.deleteProperty(globalThis, 'navigator');
});

test('a face without a mask is shown, raises an alert and is logged', async () => {
  const controller = await opened();
  await show(controller, 'without_mask');
  assert.equal(summary, texts.summary(['without_mask']));
  assert.equal(alert, texts.warning(['without_mask']));
  assert.equal(kiosk, texts.kiosk.without_mask);
  const [{ label, durationMs }] = log.entries;
  assert.deepEqual([label, durationMs], ['without_mask', null]);
  assert.equal(part('log').children.length, 1);
  controller.stop(true);
  await setImmediate();
  assert.equal(alert, '');
  assert.equal(kiosk, texts.kiosk.unsure);
  assert.ok(Number(log.entries[0].durationMs) > 0);
});

test('each person has an entry, and one sentence counts them', async () => {
  const controller = await opened();
  await show(controller, 'without_mask', 'incorrect_mask', 'without_mask', 'with_mask');
  assert.equal(alert, texts.warning(['without_mask', 'incorrect_mask', 'without_mask']));
  assert.deepEqual(log.entries.map(({ label }) => label), ['without_mask', 'incorrect_mask', 'without_mask']);
  controller.stop(true);
  await setImmediate();
  assert.ok(log.entries.every(({ durationMs }) => Number(durationMs) > 0));
});

test('the cooldown limits notifications, not the log', async () => {
  /** @type {string[]} */
  const shown = [];
  class FakeNotification {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    /**
     * @param {string} _
     * @param {NotificationOptions} options
     */
    constructor(_, { body }) {
      shown.push(`${body}`);
    }
  }
  Object.assign(globalThis, { Notification: FakeNotification, navigator: {} });
  const controller = await opened({ notification: true, cooldownS: 3 });
  await show(controller, 'without_mask');
  await show(controller, 'without_mask', 'without_mask');
  assert.equal(log.entries.length, 3);
  assert.deepEqual(shown, [texts.warning(['without_mask']), texts.warning(['without_mask', 'without_mask'])]);
});

test('results are announced, but not what an alert says', async () => {
  const controller = await opened();
  await show(controller, 'with_mask');
  await show(controller, 'without_mask');
  assert.equal(summary, texts.summary(['without_mask']));
  await show(controller);
  await show(controller, 'with_mask', 'without_mask');
  await show(controller, 'without_mask', 'without_mask');
  controller.stop(true);
  const expected = [['with_mask'], [], ['with_mask', 'without_mask']].map(texts.summary);
  assert.deepEqual(announced.filter(Boolean), expected);
  assert.equal(announced.at(-1), '');
});

test('an alert interrupts once, not for each person who comes and goes', async () => {
  const controller = await opened({ cooldownS: 0 });
  for (let i = 0; i < 8; i += 1) await show(controller, ...Array(1 + (i % 4)).fill('without_mask'));
  const heard = interrupted.filter(Boolean);
  assert.equal(heard[0], texts.warning(['without_mask']));
  assert.equal(heard.length, 2, 'at most every ten seconds');
  controller.stop(true);
  assert.equal(interrupted.at(-1), '');
});

test('in full screen the message is announced, if the user wants it', async () => {
  const controller = await opened({}, { fullScreen: true });
  for (let i = 0; i < 3; i += 1) await show(controller, 'with_mask');
  assert.equal(announced.at(-1), texts.kiosk.with_mask);
  for (let i = 0; i < 3; i += 1) await show(controller);
  assert.equal(announced.at(-1), texts.kiosk.noFace);
  announced = [];
  await show(await opened({ announce: false }, { fullScreen: true }), 'with_mask');
  assert.deepEqual(announced.filter(Boolean), []);
});

test('a kiosk that speaks announces nothing', async () => {
  const controller = await opened({}, { fullScreen: true });
  controller.kiosk.configure({}, /** @type {any} */ ({ update() {} }));
  await show(controller, 'with_mask', 'without_mask');
  assert.equal(alert, texts.warning(['without_mask']));
  assert.deepEqual([...announced, ...interrupted].filter(Boolean), []);
});

test('results are not announced if the user does not want it', async () => {
  const controller = await opened({ announce: false });
  await show(controller, 'with_mask');
  assert.equal(summary, texts.summary(['with_mask']));
  assert.deepEqual(announced.filter(Boolean), []);
});

test('an alert begins after the time that was chosen', async () => {
  const controller = await opened();
  part('set-afterS').value = '5';
  part('set-afterS').dispatchEvent(new Event('change'));
  await show(controller, 'without_mask');
  assert.equal(alert, '');
  part('set-afterS').value = '1';
  part('set-afterS').dispatchEvent(new Event('change'));
  await show(controller, 'without_mask');
  assert.equal(alert, texts.warning(['without_mask']));
});

test('faces outside of the zone, and small ones, neither alert nor count', async () => {
  const controller = await opened({ zoneLeft: 50, minFacePercent: 15 });
  const [left, small] = [{ ...MIDDLE, left: 10, right: 30 }, { ...MIDDLE, bottom: 50 }];
  boxes = [left, small];
  controller.start();
  await show(controller, 'without_mask', 'without_mask');
  assert.deepEqual([alert, summary, log.entries], ['', texts.summary([]), []]);
  boxes = [{ ...MIDDLE, left: 41, right: 61 }, left];
  await show(controller, 'without_mask', 'without_mask');
  boxes = [MIDDLE];
  assert.equal(summary, texts.summary(['without_mask']));
  assert.equal(log.entries.length, 1);
});

test('the latest entries have rows, and all are counted', async () => {
  log.entries = Array.from({ length: 60 }, (_, i) => ({ atMs: i, face: i, label: 'without_mask', durationMs: 1 }));
  await opened();
  assert.equal(part('log').children.length, 50);
  assert.equal(part('log-count').textContent, '60');
  assert.equal(part('log-older').textContent, texts.alerts.older(10));
});

test('settings of another tab are followed', async () => {
  const sound = fakeSound();
  const controller = await opened({ volumePercent: 15 }, { sound });
  storage.setItem('settings', JSON.stringify({ ...DEFAULTS, volumePercent: 100 }));
  await controller.reload();
  assert.equal(sound.volumePercent, 100);
  assert.equal(part('set-volumePercent').value, '100');
});

test('a failed download is reported until one succeeds', async () => {
  await opened();
  log.refused.add('csv');
  await press('log-download');
  assert.equal(part('log-problem').textContent, texts.alerts.notSaved);
  log.refused.clear();
  await press('log-download');
  assert.equal(part('log-problem').textContent, '');
});

test('a log that cannot be cleared is reported, and stays', async () => {
  log.entries = [{ atMs: 0, face: 1, label: 'without_mask', durationMs: 1000 }];
  await opened();
  log.refused.add('clear');
  await press('log-clear');
  await press('log-clear');
  assert.equal(part('log-problem').textContent, texts.alerts.notCleared);
  assert.equal(part('log').children.length, 1);
  log.refused.clear();
  await press('log-clear');
  await press('log-clear');
  assert.equal(part('log-problem').textContent, '');
  assert.equal(part('log').children.length, 0);
});

for (const refused of ['add', 'latest']) {
  test(`an alert is shown if the log refuses to ${refused}`, async () => {
    log.refused.add(refused);
    const controller = await opened();
    await show(controller, 'without_mask');
    assert.equal(alert, texts.warning(['without_mask']));
    assert.equal(part('log-problem').textContent, texts.alerts.notKept);
  });
}

test('the page shows whether the log is persistent', async () => {
  await opened();
  assert.equal(part('log-kept').textContent, texts.alerts.kept);
  log.persistent = false;
  await opened();
  assert.equal(part('log-kept').textContent, texts.alerts.keptForNow);
});

test('the counts are shown while the camera is on, and stay once a face was counted', async () => {
  const controller = await opened();
  part('counts').hidden = true;
  controller.start();
  assert.equal(part('counts').hidden, false);
  controller.stop(false);
  assert.equal(part('counts').hidden, false);
  controller.stop(true);
  assert.equal(part('counts').hidden, true);
  controller.start();
  await show(controller, 'with_mask');
  controller.stop(true);
  assert.equal(part('counts').hidden, false);
  assert.equal(part('count-with_mask').textContent, '1');
  await press('counts-reset');
  await press('counts-reset');
  assert.equal(part('count-with_mask').textContent, '0');
});

test('a failing permission prompt leaves notifications off', async () => {
  const refuse = () => Promise.reject(new TypeError('not here'));
  Object.assign(globalThis, { Notification: { permission: 'default', requestPermission: refuse } });
  await opened();
  part('set-notification').checked = true;
  part('set-notification').dispatchEvent(new Event('change'));
  await setImmediate();
  assert.equal(part('set-notification').checked, false);
  assert.equal(part('notification-blocked').textContent, texts.alerts.blocked);
});

test('the demo raises alerts, but no person is counted and no alert logged', async () => {
  const controller = await opened();
  controller.start(true);
  await show(controller, 'without_mask');
  assert.equal(alert, texts.warning(['without_mask']));
  assert.deepEqual(log.entries, []);
  controller.stop(true);
  controller.start();
  await show(controller, 'with_mask');
  controller.stop(true);
  assert.equal(part('count-people').textContent, '1');
  assert.deepEqual(log.entries, []);
});

test('a kiosk says its own messages, aloud while someone is there', async () => {
  const controller = await opened();
  /** @type {Set<string>} */
  const said = new Set();
  const speaker = { update: (/** @type {string} */ text) => said.add(text) };
  controller.kiosk.configure({ with_mask: 'Come in!' }, /** @type {any} */ (speaker));
  controller.start();
  await show(controller, 'with_mask');
  assert.equal(kiosk, 'Come in!');
  assert.deepEqual([...said], ['', 'Come in!']);
  said.clear();
  await show(controller);
  assert.equal(kiosk, texts.kiosk.noFace);
  assert.ok(said.has('') && !said.has(texts.kiosk.noFace));
  controller.kiosk.askStaff();
  assert.equal(kiosk, texts.kiosk.staff);
});

/** A sound that counts how often it is played. */
function fakeSound() {
  return {
    volumePercent: 0,
    played: 0,
    enable: async () => true,
    play() {
      this.played += 1;
    },
  };
}

test('the volume of the settings is that of the sound, and is stored when it is changed', async () => {
  const sound = fakeSound();
  await opened({ volumePercent: 15 }, { sound });
  assert.equal(sound.volumePercent, 15);
  part('set-volumePercent').value = '100';
  part('set-volumePercent').dispatchEvent(new Event('change'));
  await setImmediate();
  assert.equal(sound.volumePercent, 100);
  assert.equal(storage.settings.volumePercent, 100);
});

test('while alerts are muted they are silent, but the sound can be tried', async () => {
  const sound = fakeSound();
  const controller = await opened({ sound: true, cooldownS: 0 }, { sound });
  controller.mute(true);
  await show(controller, 'without_mask');
  assert.equal(sound.played, 0);
  await press('try-sound');
  assert.equal(sound.played, 1);
  controller.mute(false);
  await show(controller, 'without_mask');
  assert.equal(sound.played, 2);
});

for (const hours of [-5, 5]) {
  test(`a clock that is set by ${hours} hours changes neither durations nor alerts`, async () => {
    const controller = await opened({ sound: true, cooldownS: 600 }, { sound: fakeSound() });
    const startMs = Date.now();
    await show(controller, 'without_mask');
    setClock(Date.now() + hours * 3_600_000);
    assert.equal(alert, texts.warning(['without_mask']));
    controller.stop(true);
    await setImmediate();
    const [{ atMs, durationMs }, ...others] = log.entries;
    assert.deepEqual(others, []);
    assert.ok(atMs >= startMs && atMs <= startMs + 2000);
    assert.ok(Number(durationMs) > 1000 && Number(durationMs) < 2000, `${durationMs}`);
    await show(controller, 'without_mask');
    assert.ok(Math.abs(log.entries[1].atMs - Date.now()) < 2000);
  });
}
