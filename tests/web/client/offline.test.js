import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepOffline } from '../../../web/static/js/client/offline.js';

/** A service worker whose states the test sets. */
class FakeServiceWorker extends EventTarget {
  state = 'installing';
  /** @type {string[]} */
  messages = [];

  /** @param {string} state */
  setState(state) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  /** @param {string} message */
  postMessage(message) {
    this.messages.push(message);
  }
}

/**
 * @typedef {EventTarget & {waiting?: FakeServiceWorker, installing?: FakeServiceWorker}}
 *   Registration
 */

/** @param {object | null} controller the service worker of the page */
function newContainer(controller) {
  const registration = /** @type {Registration} */ (new EventTarget());
  const container = Object.assign(new EventTarget(), {
    controller,
    register: async () => registration,
  });
  return { container: /** @type {any} */ (container), registration };
}

/** A page that records offers and reloads. */
class FakePage {
  busy = false;
  reloads = 0;
  /** @type {(() => void)[]} */
  offers = [];
  offer = (/** @type {() => void} */ activate) => this.offers.push(activate);
  isIdle = () => !this.busy;
  reload = () => (this.reloads += 1);
}

test('a newer page is offered once it is cached, and activated on request', async () => {
  const { container, registration } = newContainer({});
  const page = new FakePage();
  page.busy = true;
  await keepOffline(container, page);
  const newer = new FakeServiceWorker();
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  assert.equal(page.offers.length, 0);
  registration.waiting = newer;
  newer.setState('installed');
  assert.equal(page.offers.length, 1);
  assert.equal(page.reloads, 0);
  page.offers[0]();
  assert.deepEqual(newer.messages, ['take over']);
  assert.equal(page.reloads, 0); // not before it is active
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(page.reloads, 1);
});

test('a newer page that is already waiting is offered', async () => {
  const { container, registration } = newContainer({});
  registration.waiting = new FakeServiceWorker();
  const page = new FakePage();
  await keepOffline(container, page);
  assert.equal(page.offers.length, 1);
});

test('an idle page reloads after another tab has activated a newer one', async () => {
  const { container } = newContainer({});
  const page = new FakePage();
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(page.reloads, 1);
});

test('a busy page offers to reload after another tab has activated a newer one', async () => {
  const { container } = newContainer({});
  const page = new FakePage();
  page.busy = true;
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.deepEqual([page.offers.length, page.reloads], [1, 0]);
  page.offers[0]();
  assert.equal(page.reloads, 1);
});

test('the first installation is not offered', async () => {
  const { container, registration } = newContainer(null);
  registration.waiting = new FakeServiceWorker();
  const page = new FakePage();
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.deepEqual([page.offers.length, page.reloads], [0, 0]);
});

test('a browser that has no service workers, or refuses them, causes no error', async () => {
  const page = new FakePage();
  await keepOffline(undefined, page);
  const refusing = { controller: null, register: () => Promise.reject(new Error('certificate')) };
  await keepOffline(/** @type {any} */ (refusing), page);
  assert.equal(page.offers.length, 0);
});
