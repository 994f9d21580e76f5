import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DesktopNotifier } from '../../../web/static/js/alerts/notifier.js';

/**
 * A system that answers the question for permission as given.
 * @param {'granted' | 'denied' | 'default'} given
 * @param {boolean} [phone] whether it takes notifications from the service worker alone
 */
function newSystem(given, phone = false) {
  /** @type {{title: string, options: NotificationOptions}[]} */
  const shown = [];
  class System {
    static permission = 'default';
    static questions = 0;

    static async requestPermission() {
      System.questions += 1;
      System.permission = given;
      return given;
    }

    /**
     * @param {string} title
     * @param {NotificationOptions} options
     */
    constructor(title, options) {
      if (phone) throw new TypeError('Illegal constructor');
      shown.push({ title, options });
    }
  }
  const registration = {
    showNotification: async (/** @type {string} */ title, /** @type {any} */ options) => {
      shown.push({ title, options });
    },
  };
  return { System: /** @type {any} */ (System), registration, shown };
}

const none = async () => undefined;

test('nothing is asked and nothing told before the user switches it on', async () => {
  const { System, shown } = newSystem('granted');
  const notifier = new DesktopNotifier(System, none);
  assert.equal(await notifier.tell('Alert', 'No mask'), false);
  assert.equal(System.questions, 0);
  assert.equal(shown.length, 0);
});

test('an alert is told once', async () => {
  const { System, shown } = newSystem('granted');
  const notifier = new DesktopNotifier(System, none);
  assert.equal(await notifier.turn(true), 'granted');
  assert.equal(await notifier.tell('Alert', 'No mask'), true);
  assert.equal(await notifier.tell('Alert', 'No mask'), true);
  assert.deepEqual(shown.map(({ title, options }) => [title, options.body]), [
    ['Alert', 'No mask'],
    ['Alert', 'No mask'],
  ]);
});

test('there is no picture in it, and the next takes its place', async () => {
  const { System, shown } = newSystem('granted');
  const notifier = new DesktopNotifier(System, none);
  await notifier.turn(true);
  await notifier.tell('Alert', 'No mask');
  const [{ options }] = shown;
  assert.deepEqual(Object.keys(options).toSorted(), ['body', 'renotify', 'tag']);
});

test('switched off, nothing is told and nothing asked', async () => {
  const { System, shown } = newSystem('granted');
  const notifier = new DesktopNotifier(System, none);
  await notifier.turn(true);
  await notifier.turn(false);
  assert.equal(await notifier.tell('Alert', 'No mask'), false);
  assert.equal(System.questions, 1);
  assert.equal(shown.length, 0);
});

for (const given of /** @type {const} */ (['denied', 'default'])) {
  test(`the switch stays off where the answer is ${given}`, async () => {
    const { System } = newSystem(given);
    const notifier = new DesktopNotifier(System, none);
    assert.equal(await notifier.turn(true), given);
    assert.equal(notifier.on, false);
  });
}

test('a permission that is taken back later is respected', async () => {
  const { System, shown } = newSystem('granted');
  const notifier = new DesktopNotifier(System, none);
  await notifier.turn(true);
  System.permission = 'denied';
  assert.equal(await notifier.tell('Alert', 'No mask'), false);
  assert.equal(shown.length, 0);
});

test('phones are told through the service worker', async () => {
  const { System, registration, shown } = newSystem('granted', true);
  const notifier = new DesktopNotifier(System, async () => registration);
  await notifier.turn(true);
  assert.equal(await notifier.tell('Alert', 'No mask'), true);
  assert.equal(shown.length, 1);
});

test('a system that refuses, or has no notifications, stops nothing', async () => {
  const refusing = new DesktopNotifier(newSystem('granted', true).System, none);
  await refusing.turn(true);
  assert.equal(await refusing.tell('Alert', 'No mask'), false);
  const missing = new DesktopNotifier(undefined, none);
  assert.equal(missing.permission, 'unsupported');
  assert.equal(await missing.turn(true), 'unsupported');
  assert.equal(missing.on, false);
});

test('a browser that fails over its question leaves the switch off', async () => {
  const { System } = newSystem('granted');
  System.requestPermission = () => Promise.reject(new TypeError('not here'));
  const notifier = new DesktopNotifier(System, none);
  assert.equal(await notifier.turn(true), 'default');
  assert.equal(notifier.on, false);
});
