/**
 * Caches the page for offline use. Hashed files never change, so they are served from the cache.
 * The contract and the model may change: the contract is fetched each time, and cached only after
 * the whole model that it names. Uploads and verdicts are never cached.
 */

import { rooted, servedAt, sha256Of } from './js/files.js';

/** @type {any} TypeScript's libraries for pages and for service workers conflict */
const worker = globalThis;
const { version } = CACHED;
const files = CACHED.files.map(rooted);
const PREFIX = rooted('') ? `page${rooted('/')}-` : 'page-'; // the origin may have other caches
const CACHE = `${PREFIX}${version}`;
const PAGE = rooted('/');
const CONTRACT = rooted('/contract.json');
const MODELS = rooted('/static/models/');
const SERVER_HEADER = ['X-Page', 'face-mask-detection']; // in all responses of our server
const PAGE_TIMEOUT_MS = 1500; // after which the cached page is shown
const CONTRACT_TIMEOUT_MS = 3000;

async function cacheAll() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(files), fetch(CONTRACT).then(cacheModel)]);
}

/** @param {(name: string) => boolean} isObsolete whether a cache of this page is deleted */
async function deleteCaches(isObsolete) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && isObsolete(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** @param {Request | string} request */
async function findCached(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request);
}

/** @param {Request} request */
async function cacheFirst(request) {
  return (await findCached(request)) ?? fetch(request);
}

/**
 * @param {Promise<Response>} response
 * @param {number} timeoutMs
 * @returns {Promise<Response | undefined>} undefined if it fails or times out
 */
async function withTimeout(response, timeoutMs) {
  const timeout = new Promise((resolve) => setTimeout(resolve, timeoutMs));
  return Promise.race([response.catch(() => undefined), timeout]);
}

/**
 * Whether a response is that of another project at this origin. Errors of a gateway, in front of a
 * server that is down, are not.
 * @param {Response} response
 */
function isForeign({ status, headers }) {
  return status < 500 && headers.get(SERVER_HEADER[0]) !== SERVER_HEADER[1];
}

/**
 * The cached page, unless another project is at this origin now.
 * @param {any} event
 */
async function respondPage(event) {
  const fetched = fetch(event.request);
  event.waitUntil(fetched.then(unregisterIfForeign).catch(() => {}));
  const response = await withTimeout(fetched, PAGE_TIMEOUT_MS);
  if (response && isForeign(response)) return response;
  return (await findCached(PAGE)) ?? fetched;
}

/** @param {Response} response */
async function unregisterIfForeign(response) {
  if (!isForeign(response)) return;
  await worker.registration.unregister();
  await deleteCaches(() => true);
}

/**
 * The server's contract, if it arrives in time and fits this page; else the cached one, if any.
 * @param {any} event
 */
async function respondContract(event) {
  const fetched = fetch(event.request);
  const copy = fetched.then((response) => response.clone());
  event.waitUntil(copy.then(cacheModel).catch(() => {}));
  const response = await withTimeout(fetched, CONTRACT_TIMEOUT_MS);
  if (response?.ok && fitsPage(await response.clone().text())) return response;
  return (await findCached(CONTRACT)) ?? fetched;
}

/**
 * Whether a contract names the detector files of this build.
 * @param {string} text
 */
function fitsPage(text) {
  try {
    const hashes = Object.values(JSON.parse(text).detector.browser_sha256);
    return hashes.every((hash) => files.some((file) => file.includes(`-${hash.slice(0, 10)}.`)));
  } catch {
    return false;
  }
}

/**
 * Cache a new contract, after the model that it names.
 * @param {Response} response with the contract
 * @throws {Error} the contract or a file of the model is wrong; the cache is unchanged
 */
async function cacheModel(response) {
  const text = await response.text();
  const previous = await (await findCached(CONTRACT))?.text();
  if (text === previous) return;
  if (!response.ok || !fitsPage(text)) throw new Error('Expected a contract of this page.');
  const cache = await caches.open(CACHE);
  if (previous) await deleteModels(cache, modelFiles(previous));
  const fetched = modelFiles(text).map(async ({ url, sha256 }) => ({
    url,
    content: await fetchChecked(url, sha256),
  }));
  for (const { url, content } of await Promise.all(fetched)) {
    await cache.put(url, new Response(content));
  }
  await cache.put(CONTRACT, new Response(text, response));
}

/**
 * The model's files that a contract names.
 * @param {string} text
 * @returns {{url: string, sha256: string}[]}
 */
function modelFiles(text) {
  const { tfjs_model: topology, tfjs_weights: weights } = JSON.parse(text).exports ?? {};
  return [topology, weights].filter(Boolean).map((file) => {
    return { url: servedAt(file), sha256: file.sha256 };
  });
}

/**
 * @param {string} url
 * @param {string} expected SHA-256
 * @throws {Error} the file cannot be fetched or has another hash
 */
async function fetchChecked(url, expected) {
  const response = await fetch(url);
  const content = await response.arrayBuffer();
  const found = response.ok ? await sha256Of(content) : `status ${response.status}`;
  if (found !== expected) throw new Error(`${url}: expected SHA-256 ${expected}, got ${found}.`);
  return content;
}

/**
 * Delete all models but one, which open pages may still request.
 * @param {Cache} cache
 * @param {{url: string}[]} kept
 */
async function deleteModels(cache, kept) {
  const urls = new Set(kept.map(({ url }) => url));
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith(MODELS) && !urls.has(pathname + search)) await cache.delete(request);
  }
}

/** Bring the page to the front, or open it. */
async function showPage() {
  const [shown] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return shown ? shown.focus() : worker.clients.openWindow(PAGE);
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(cacheAll()));
worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(deleteCaches((name) => name !== CACHE));
});
worker.addEventListener('message', (/** @type {any} */ { data }) => {
  if (data === 'take over') worker.skipWaiting();
});
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (pathname === PAGE) event.respondWith(respondPage(event));
  else if (pathname === CONTRACT) event.respondWith(respondContract(event));
  else if (files.includes(pathname) || pathname.startsWith(MODELS)) {
    event.respondWith(cacheFirst(event.request));
  }
});
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(showPage());
});
