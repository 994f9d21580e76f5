/** The page without a network: a service worker keeps its files; a new version is offered. */

/**
 * Keep the page's files, and tell when a newer page waits, or when it took over in another tab: the
 * files of this one are no longer kept then. Where the browser has no service workers, or refuses
 * them as with a self-made certificate, the page works as long as the server answers.
 * @param {Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener'> | undefined}
 *   container `navigator.serviceWorker`
 * @param {object} page
 * @param {(take: () => void) => void} page.offer called when there is a newer page, which `take`
 *   opens
 * @param {() => boolean} page.idle whether a reload disturbs nobody
 * @param {() => void} [page.reload]
 */
export async function keepOffline(container, { offer, idle, reload = () => location.reload() }) {
  const registration = await container?.register('/sw.js').catch(() => undefined);
  if (!container || !registration) return;
  let taken = false;
  const take = () => {
    taken = true;
    if (registration.waiting) registration.waiting.postMessage('take over');
    else reload();
  };
  const check = () => {
    if (registration.waiting && container.controller) offer(take);
  };
  if (container.controller) {
    container.addEventListener('controllerchange', () => {
      if (taken || idle()) reload();
      else offer(take);
    });
  }
  check();
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed') check();
    });
  });
}
