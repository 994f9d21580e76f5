import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepOffline } from '../../web/static/js/offline.js';

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

test('a newer page is offered once it is kept, and taken when asked for', async () => {
  const { container, registration } = newContainer({});
  /** @type {(() => void)[]} */
  const offers = [];
  let reloads = 0;
  await keepOffline(container, (take) => offers.push(take), () => (reloads += 1));
  const newer = new Keeper();
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  assert.equal(offers.length, 0);
  registration.waiting = newer;
  newer.become('installed');
  assert.equal(offers.length, 1);
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(reloads, 0); // not forced
  offers[0]();
  assert.deepEqual(newer.told, ['take over']);
  container.dispatchEvent(new Event('controllerchange'));
  assert.equal(reloads, 1);
});

test('one that waits since an earlier visit is offered', async () => {
  const { container, registration } = newContainer({});
  registration.waiting = new Keeper();
  let offers = 0;
  await keepOffline(container, () => (offers += 1));
  assert.equal(offers, 1);
});

test('the first one has nothing to take over from', async () => {
  const { container, registration } = newContainer(null);
  registration.waiting = new Keeper();
  await keepOffline(container, () => assert.fail('nothing to offer'));
});

test('a browser without service workers, or one that refuses, is no error', async () => {
  await keepOffline(undefined, () => assert.fail());
  const refusing = { controller: null, register: () => Promise.reject(new Error('certificate')) };
  await keepOffline(/** @type {any} */ (refusing), () => assert.fail());
});
