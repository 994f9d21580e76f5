import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DEFAULTS, SettingsStore } from '../../../web/static/js/alerts/settings.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { AlertController } from '../../../web/static/js/alerts/controller.js';
import { newPage } from '../dom.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */
/** @import { LogEntry } from '../../../web/static/js/alerts/alert-log.js' */

/** A log whose browser refuses what the test says. */
class FakeLog {
  /** @type {Set<string>} names of what is refused */
  refused = new Set();
  /** @type {LogEntry[]} */
  entries = [];
  survives = true;

  /** @param {AlertEvent} event */
  async add({ type, label, at, duration }) {
    this.#allow('add');
    if (type === 'begin') this.entries.push({ at, label, duration: null });
    else this.entries = [{ at: at - duration, label, duration }];
  }

  async all() {
    this.#allow('all');
    return this.entries;
  }

  async clear() {
    this.#allow('clear');
    this.entries = [];
  }

  async csv() {
    this.#allow('csv');
    return 'time';
  }

  async lasting() {
    return this.survives;
  }

  /** @param {string} name */
  #allow(name) {
    if (this.refused.has(name)) throw new DOMException('', 'UnknownError');
  }
}

/** @type {(id: string) => any} */
let part;
/** @type {FakeLog} */
let log;
let alert = '';
let summary = '';
let kiosk = '';
let id = 0; // of the faces seen

/** A watch over a page that is just opened. */
async function opened(settings = {}) {
  part = newPage();
  const stage = { tell: (/** @type {string} */ text) => (kiosk = text), warn() {} };
  const view = {
    stage,
    alert: (/** @type {string} */ text) => (alert = text),
    summary: (/** @type {string} */ text) => (summary = text),
  };
  const kept = JSON.stringify({ ...DEFAULTS, ...settings });
  const store = new SettingsStore(() => ({ getItem: () => kept, setItem() {} }));
  const watch = new AlertController(/** @type {any} */ (view), store, log);
  await setImmediate();
  return watch;
}

/**
 * Somebody is in view for two seconds.
 * @param {AlertController} watch
 * @param {string} label
 */
async function see(watch, label) {
  id += 1;
  for (let i = 0; i < 40; i += 1) {
    mock.timers.tick(50);
    watch.see(/** @type {any} */ ([{ id, label, probability: 0.9, probabilities: {} }]));
  }
  await setImmediate();
}

/** @param {string} name of a button */
async function press(name) {
  part(name).click();
  await setImmediate();
}

beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.UTC(2026, 10, 22) });
  log = new FakeLog();
});

afterEach(() => {
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, 'Notification');
});

test('a face without a mask is told, warned of and written down', async () => {
  const watch = await opened();
  await see(watch, 'without_mask');
  assert.equal(summary, texts.faces(['without_mask']));
  assert.equal(alert, texts.warning(['without_mask']));
  assert.equal(kiosk, texts.kiosk.without_mask);
  assert.deepEqual(log.entries.map(({ label, duration }) => [label, duration]), [['without_mask', null]]);
  assert.equal(part('log').children.length, 1);
  watch.end(true);
  await setImmediate();
  assert.equal(alert, '');
  assert.equal(kiosk, texts.kiosk.unsure); // who comes now is not told what was seen before
  assert.ok(Number(log.entries[0].duration) > 0);
});

test('a download that fails is told, until one works', async () => {
  await opened();
  log.refused.add('csv');
  await press('log-download');
  assert.equal(part('log-problem').textContent, texts.alerts.notSaved);
  log.refused.clear();
  await press('log-download');
  assert.equal(part('log-problem').textContent, '');
});

test('a log that cannot be cleared is told, and stays', async () => {
  log.entries = [{ at: 0, label: 'without_mask', duration: 1000 }];
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

for (const refused of ['add', 'all']) {
  test(`an alert is told where the browser refuses to ${refused} what is logged`, async () => {
    log.refused.add(refused);
    const watch = await opened();
    await see(watch, 'without_mask');
    assert.equal(alert, texts.warning(['without_mask']));
    assert.equal(part('log-problem').textContent, texts.alerts.notKept);
  });
}

test('how long the log is kept is told as it is', async () => {
  await opened();
  assert.equal(part('log-kept').textContent, texts.alerts.kept);
  log.survives = false;
  await opened();
  assert.equal(part('log-kept').textContent, texts.alerts.fleeting);
});

test('the counts are there from the start of a camera, and stay where somebody was counted', async () => {
  const watch = await opened();
  part('counts').hidden = true;
  watch.begin();
  assert.equal(part('counts').hidden, false);
  watch.end(false);
  assert.equal(part('counts').hidden, false);
  watch.end(true);
  assert.equal(part('counts').hidden, true);
  watch.begin();
  await see(watch, 'with_mask');
  watch.end(true);
  assert.equal(part('counts').hidden, false);
  assert.equal(part('count-with_mask').textContent, '1');
  await press('counts-reset');
  assert.equal(part('count-with_mask').textContent, '0');
});

test('a browser that fails over its question for notifications leaves them off', async () => {
  const refuse = () => Promise.reject(new TypeError('not here'));
  Object.assign(globalThis, { Notification: { permission: 'default', requestPermission: refuse } });
  await opened();
  part('set-notification').checked = true;
  part('set-notification').dispatchEvent(new Event('change'));
  await setImmediate();
  assert.equal(part('set-notification').checked, false);
  assert.equal(part('refused').textContent, texts.alerts.refused);
});
