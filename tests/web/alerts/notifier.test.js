import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DesktopNotifier } from '../../../web/static/js/alerts/notifier.js';

/**
 * A notification API whose user answers the permission prompt as given.
 * @param {'granted' | 'denied' | 'default'} given
 * @param {boolean} [phone] whether only service workers can show notifications
 */
function newApi(given, phone = false) {
  /** @type {{title: string, options: NotificationOptions}[]} */
  const shown = [];
  class Api {
    static permission = 'default';
    static prompts = 0;

    static async requestPermission() {
      Api.prompts += 1;
      Api.permission = given;
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
  return { Api: /** @type {any} */ (Api), registration, shown };
}

const none = async () => undefined;

test('nothing is asked and nothing shown before the user enables notifications', async () => {
  const { Api, shown } = newApi('granted');
  const notifier = new DesktopNotifier(Api, none);
  assert.equal(await notifier.notify('Alert', 'No mask'), false);
  assert.equal(Api.prompts, 0);
  assert.equal(shown.length, 0);
});

test('each alert is shown once', async () => {
  const { Api, shown } = newApi('granted');
  const notifier = new DesktopNotifier(Api, none);
  assert.equal(await notifier.setEnabled(true), 'granted');
  assert.equal(await notifier.notify('Alert', 'No mask'), true);
  assert.equal(await notifier.notify('Alert', 'No mask'), true);
  assert.deepEqual(shown.map(({ title, options }) => [title, options.body]), [
    ['Alert', 'No mask'],
    ['Alert', 'No mask'],
  ]);
});

test('a notification has no picture and replaces the previous one', async () => {
  const { Api, shown } = newApi('granted');
  const notifier = new DesktopNotifier(Api, none);
  await notifier.setEnabled(true);
  await notifier.notify('Alert', 'No mask');
  const [{ options }] = shown;
  assert.deepEqual(Object.keys(options).toSorted(), ['body', 'renotify', 'tag']);
});

test('once disabled, nothing is shown and nothing asked', async () => {
  const { Api, shown } = newApi('granted');
  const notifier = new DesktopNotifier(Api, none);
  await notifier.setEnabled(true);
  await notifier.setEnabled(false);
  assert.equal(await notifier.notify('Alert', 'No mask'), false);
  assert.equal(Api.prompts, 1);
  assert.equal(shown.length, 0);
});

for (const given of /** @type {const} */ (['denied', 'default'])) {
  test(`notifications stay disabled if the answer is ${given}`, async () => {
    const { Api } = newApi(given);
    const notifier = new DesktopNotifier(Api, none);
    assert.equal(await notifier.setEnabled(true), given);
    assert.equal(notifier.enabled, false);
  });
}

test('a permission that is withdrawn later is respected', async () => {
  const { Api, shown } = newApi('granted');
  const notifier = new DesktopNotifier(Api, none);
  await notifier.setEnabled(true);
  Api.permission = 'denied';
  assert.equal(await notifier.notify('Alert', 'No mask'), false);
  assert.equal(shown.length, 0);
});

test('phones show notifications through the service worker', async () => {
  const { Api, registration, shown } = newApi('granted', true);
  const notifier = new DesktopNotifier(Api, async () => registration);
  await notifier.setEnabled(true);
  assert.equal(await notifier.notify('Alert', 'No mask'), true);
  assert.equal(shown.length, 1);
});

test('a browser that refuses notifications, or has none, causes no error', async () => {
  const refusing = new DesktopNotifier(newApi('granted', true).Api, none);
  await refusing.setEnabled(true);
  assert.equal(await refusing.notify('Alert', 'No mask'), false);
  const missing = new DesktopNotifier(undefined, none);
  assert.equal(missing.permission, 'unsupported');
  assert.equal(await missing.setEnabled(true), 'unsupported');
  assert.equal(missing.enabled, false);
});

test('a failing permission prompt leaves notifications disabled', async () => {
  const { Api } = newApi('granted');
  Api.requestPermission = () => Promise.reject(new TypeError('not here'));
  const notifier = new DesktopNotifier(Api, none);
  assert.equal(await notifier.setEnabled(true), 'default');
  assert.equal(notifier.enabled, false);
});
