import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepOffline } from '../../../web/static/js/client/offline.js';

/** A service worker that tells its states. */
class Keeper extends EventTarget {
  state = 'installing';
  /** @type {string[]} */
  told = [];

  /** @param {string} state */
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  /** @param {string} message */
  postMessage(message) {
    this.told.push(message);
  }
}

/** @typedef {EventTarget & {waiting?: Keeper, installing?: Keeper}} Registration */

/** @param {object | null} controller what serves the page now */
function newContainer(controller) {
  const registration = /** @type {Registration} */ (new EventTarget());
  const container = Object.assign(new EventTarget(), {
    controller,
    register: async () => registration,
  });
  return { container: /** @type {any} */ (container), registration };
}

/** A page that notes what it is told. */
class Page {
  busy = false;
  reloads = 0;
  /** @type {(() => void)[]} */
  offers = [];
  offer = (/** @type {() => void} */ take) => this.offers.push(take);
  idle = () => !this.busy;
  reload = () => (this.reloads += 1);
}

test('a newer page is offered once it is kept, and taken when asked for', async () => {
  const { container, registration } = newContainer({});
  const page = new Page();
  page.busy = true;
  await keepOffline(container, page);
  const newer = new Keeper();
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  assert.equal(page.offers.length, 0);
  registration.waiting = newer;
  newer.become('installed');
  assert.equal(page.offers.length, 1);
  assert.equal(page.reloads, 0); // not forced
  page.offers[0]();
  assert.deepEqual(newer.told, ['take over']);
  assert.equal(page.reloads, 0); // not before it took over
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(page.reloads, 1);
});

test('one that waits since an earlier visit is offered', async () => {
  const { container, registration } = newContainer({});
  registration.waiting = new Keeper();
  const page = new Page();
  await keepOffline(container, page);
  assert.equal(page.offers.length, 1);
});

test('one that another tab took is taken where nothing goes on', async () => {
  const { container } = newContainer({});
  const page = new Page();
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(page.reloads, 1);
});

test('one that another tab took is offered where the camera is on', async () => {
  const { container } = newContainer({});
  const page = new Page();
  page.busy = true;
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.deepEqual([page.offers.length, page.reloads], [1, 0]);
  page.offers[0]();
  assert.equal(page.reloads, 1);
});

test('the first one has nothing to take over from', async () => {
  const { container, registration } = newContainer(null);
  registration.waiting = new Keeper();
  const page = new Page();
  await keepOffline(container, page);
  container.dispatchEvent(new Event('controllerchange'));
  assert.deepEqual([page.offers.length, page.reloads], [0, 0]);
});

test('a browser without service workers, or one that refuses, is no error', async () => {
  const page = new Page();
  await keepOffline(undefined, page);
  const refusing = { controller: null, register: () => Promise.reject(new Error('certificate')) };
  await keepOffline(/** @type {any} */ (refusing), page);
  assert.equal(page.offers.length, 0);
});
