/**
 * Keeps the page for when there is no network. Hashed files never change: they come from the cache.
 * The contract and the model may, after a training: the contract is asked for anew, and kept only
 * once the whole model that it names is. Nothing that is uploaded and no verdict is kept.
 */

import { servedAt, sha256Of } from './js/files.js';

/** @type {any} TypeScript's libraries for pages and for service workers exclude each other */
const worker = globalThis;
const { version, files } = KEPT; // put in by build.mjs
const PREFIX = 'page-'; // other projects at this address may keep things of their own
const CACHE = `${PREFIX}${version}`;
const CONTRACT = '/contract.json';
const MODELS = '/static/models/';
const MARK = ['X-Page', 'face-mask-detection']; // the header of our server's answers
const PAGE_PATIENCE = 1500; // ms to wait for a server before what is kept is shown
const CONTRACT_PATIENCE = 3000; // ms

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(files), fetch(CONTRACT).then(keepModel)]);
}

/** @param {(name: string) => boolean} which of the caches of this project goes */
async function forget(which) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && which(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** @param {Request | string} request */
async function find(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request);
}

/** @param {Request} request */
async function kept(request) {
  return (await find(request)) ?? fetch(request);
}

/**
 * @param {Promise<Response>} answer
 * @param {number} patience in ms
 * @returns {Promise<Response | undefined>} undefined if it does not come, or not in time
 */
async function soon(answer, patience) {
  const late = new Promise((resolve) => setTimeout(resolve, patience));
  return Promise.race([answer.catch(() => undefined), late]);
}

/**
 * Whether an answer is that of another project at this address. A gateway in front of a server that
 * is down is none.
 * @param {Response} response
 */
function foreign({ status, headers }) {
  return status < 500 && headers.get(MARK[0]) !== MARK[1];
}

/**
 * The kept page, unless another project has the address now.
 * @param {any} event
 */
async function page(event) {
  const answer = fetch(event.request);
  event.waitUntil(answer.then(leaveIfForeign).catch(() => {}));
  const response = await soon(answer, PAGE_PATIENCE);
  if (response && foreign(response)) return response;
  return (await find('/')) ?? answer;
}

/** @param {Response} response */
async function leaveIfForeign(response) {
  if (!foreign(response)) return;
  await worker.registration.unregister();
  await forget(() => true);
}

/**
 * The server's contract, if it comes soon and fits; else the kept one, if there is one.
 * @param {any} event
 */
async function contract(event) {
  const answer = fetch(event.request);
  const copy = answer.then((response) => response.clone());
  event.waitUntil(copy.then(keepModel).catch(() => {}));
  const response = await soon(answer, CONTRACT_PATIENCE);
  if (response?.ok && fits(await response.clone().text())) return response;
  return (await find(CONTRACT)) ?? answer;
}

/**
 * Whether a contract fits this page: it must name the detector files of this build.
 * @param {string} text
 */
function fits(text) {
  try {
    const hashes = Object.values(JSON.parse(text).detector.browser_sha256);
    return hashes.every((hash) => files.some((file) => file.includes(`-${hash.slice(0, 10)}.`)));
  } catch {
    return false;
  }
}

/**
 * Keep a contract, if it is a new one, once the model that it names is kept.
 * @param {Response} response
 * @throws {Error} the contract or a file of the model did not come right; the old ones stay
 */
async function keepModel(response) {
  const text = await response.text();
  const before = await (await find(CONTRACT))?.text();
  if (text === before) return;
  if (!response.ok || !fits(text)) throw new Error('The contract is not one of this page.');
  const cache = await caches.open(CACHE);
  if (before) await forgetModels(cache, modelFiles(before));
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
 * The files that a contract names.
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
 * @throws {Error} it did not come, or is another file
 */
async function fetchChecked(url, expected) {
  const response = await fetch(url);
  const content = await response.arrayBuffer();
  if (!response.ok || (await sha256Of(content)) !== expected) {
    throw new Error(`${url} is another file.`);
  }
  return content;
}

/**
 * Let go of the models before the kept one; pages that run may still ask for the kept one.
 * @param {Cache} cache
 * @param {{url: string}[]} wanted
 */
async function forgetModels(cache, wanted) {
  const urls = new Set(wanted.map(({ url }) => url));
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith(MODELS) && !urls.has(pathname + search)) await cache.delete(request);
  }
}

/** Bring the page to the front, for who clicks on a notification. */
async function showPage() {
  const [shown] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return shown ? shown.focus() : worker.clients.openWindow('/');
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keep()));
worker.addEventListener('activate', (/** @type {any} */ event) => {
  event.waitUntil(forget((name) => name !== CACHE));
});
worker.addEventListener('message', (/** @type {any} */ { data }) => {
  if (data === 'take over') worker.skipWaiting();
});
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (pathname === '/') event.respondWith(page(event));
  else if (pathname === CONTRACT) event.respondWith(contract(event));
  else if (files.includes(pathname) || pathname.startsWith(MODELS)) {
    event.respondWith(kept(event.request));
  }
});
worker.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(showPage());
});
