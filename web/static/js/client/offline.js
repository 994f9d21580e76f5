/** The page without a network: a service worker caches its files and new versions are offered. */

import { rooted } from '../files.js';

/**
 * Register the service worker and offer a newer page when one is waiting, or when another tab has
 * activated one: this page's files are no longer cached then. In browsers without service workers,
 * or that refuse them because of a self-signed certificate, the page needs its server.
 * @param {Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener'> | undefined}
 *   container `navigator.serviceWorker`
 * @param {object} page
 * @param {(activate: () => void) => void} page.offer called when there is a newer page, which
 *   `activate` opens
 * @param {() => boolean} page.isIdle whether a reload interrupts nothing
 * @param {() => void} [page.reload]
 */
export async function keepOffline(container, { offer, isIdle, reload = () => location.reload() }) {
  const registration = await container?.register(rooted('/sw.js')).catch(() => undefined);
  if (!container || !registration) return;
  let accepted = false;
  const activate = () => {
    accepted = true;
    if (registration.waiting) registration.waiting.postMessage('take over');
    else reload();
  };
  const offerWaiting = () => {
    if (registration.waiting && container.controller) offer(activate);
  };
  if (container.controller) {
    container.addEventListener('controllerchange', () => {
      if (accepted || isIdle()) reload();
      else offer(activate);
    });
  }
  offerWaiting();
  registration.addEventListener('updatefound', () => {
    const installing = registration.installing;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') offerWaiting();
    });
  });
}
