/** The page without a network: a service worker keeps its files; a new version is offered. */

/**
 * Keep the page's files, and tell when a newer page waits. Where the browser has no service workers,
 * or refuses them as with a self-made certificate, the page works as long as the server answers.
 * @param {Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener'> | undefined}
 *   container `navigator.serviceWorker`
 * @param {(take: () => void) => void} onNew called when a newer page is kept and waits; `take` lets
 *   it take over
 * @param {() => void} [reload] called once it has
 */
export async function keepOffline(container, onNew, reload = () => location.reload()) {
  const registration = await container?.register('/sw.js').catch(() => undefined);
  if (!container || !registration) return;
  const offer = () => {
    const { waiting } = registration;
    if (!waiting || !container.controller) return;
    onNew(() => {
      container.addEventListener('controllerchange', reload, { once: true });
      waiting.postMessage('take over');
    });
  };
  offer();
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed') offer();
    });
  });
}
