/**
 * Keeps the page for when there is no network. Hashed files never change: they come from the cache.
 * The contract and the model may, after a training: they are asked for anew, and kept together, so
 * that what is kept always fits. Nothing that is uploaded and no verdict is kept.
 */

/** @type {any} TypeScript's libraries for pages and for service workers exclude each other */
const worker = globalThis;
const { version, files } = KEPT; // put in by build.mjs
const CACHE = `page-${version}`;
const CONTRACT = '/contract.json';
const MODELS = '/static/models/';

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(files), fetch(CONTRACT).then(keepModel)]);
}

/** What other versions kept. */
async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** @param {Request | string} request */
async function find(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreSearch: true });
}

/** @param {Request} request */
async function kept(request) {
  return (await find(request)) ?? fetch(request);
}

/** @param {Request} request */
async function fresh(request) {
  return fetch(request).catch(async () => (await find(request)) ?? Response.error());
}

/** @param {any} event */
async function freshContract(event) {
  const response = await fresh(event.request);
  if (response.ok) event.waitUntil(keepModel(response.clone()).catch(() => {}));
  return response;
}

/**
 * Keep a contract, if it is a new one, together with the model that it names.
 * @param {Response} contract
 * @throws {Error} a file did not come; the old ones stay
 */
async function keepModel(contract) {
  const text = await contract.text();
  if (text === (await (await find(CONTRACT))?.text())) return;
  const { tfjs_model: topology, tfjs_weights: weights } = JSON.parse(text).exports;
  const cache = await caches.open(CACHE);
  await cache.addAll([topology, weights].map(({ file }) => file.replace(/^web\//, '/')));
  await cache.put(CONTRACT, new Response(text, contract));
}

/** Bring the page to the front, for who clicks on a notification. */
async function showPage() {
  const [page] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return page ? page.focus() : worker.clients.openWindow('/');
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keep()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(forget()));
worker.addEventListener('message', (/** @type {any} */ { data }) => {
  if (data === 'take over') worker.skipWaiting();
});
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (files.includes(pathname)) event.respondWith(kept(event.request));
  else if (pathname === CONTRACT) event.respondWith(freshContract(event));
  else if (pathname.startsWith(MODELS)) event.respondWith(fresh(event.request));
});
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(showPage());
});
