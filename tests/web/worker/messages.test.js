/** The workers, with their real models, post the messages that their clients expect. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { assertRequest, assertResponse } from '../message-fields.js';

const ROOT = new URL('../../../', import.meta.url);
const WORKERS = new URL('web/static/js/worker/', ROOT);
const WASM = new URL('web/node_modules/@tensorflow/tfjs-backend-wasm/dist/', ROOT);
const PICTURE = { width: 64, height: 48 };

/** @param {string} name */
const weights = (name) => {
  const url = new URL(`weights/${name}`, ROOT);
  return [name, { url: url.href, bytes: readFileSync(url).length }];
};
/** @param {string} name */
const wasm = (name) => [name, { url: fileURLToPath(new URL(name, WASM)), bytes: 0 }];
const assets = Object.fromEntries([
  ...['centerface.json', 'centerface.bin'].map(weights),
  ...['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'].map(wasm),
  ['detector-worker.js', { url: new URL('detector-worker.js', WORKERS).href, bytes: 0 }],
]);

/** @param {string} name of a module of the page */
function startThread(name) {
  const data = { module: new URL(name, WORKERS).href, assets, root: ROOT.href };
  return new Worker(new URL('worker-thread.js', import.meta.url), { workerData: data });
}

/**
 * Send a request, and wait for its response.
 * @param {Worker} worker
 * @param {object} request
 * @param {boolean} isDetector
 * @returns {Promise<any[]>} the messages up to the response
 */
async function ask(worker, request, isDetector = false) {
  assertRequest(request, isDetector);
  worker.postMessage(request);
  const messages = [];
  do {
    const [message] = await once(worker, 'message');
    assertResponse(message, isDetector);
    messages.push(message);
  } while (['downloading', 'warming'].includes(messages.at(-1).type));
  return messages;
}

/** @type {Worker} */
let worker;
/** @type {any[]} */
let loading;

before(async () => {
  worker = startThread('worker.js');
  loading = await ask(worker, { type: 'load' });
});

after(() => worker.terminate());

test('loading reports its progress and the version', () => {
  const types = loading.map(({ type }) => type);
  assert.deepEqual([...new Set(types)], ['downloading', 'warming', 'ready']);
});

test('frames and photos get results', async () => {
  const [result] = await ask(worker, { type: 'track', frame: PICTURE });
  const { type, tracks, width, height } = result;
  assert.deepEqual({ type, tracks, width, height }, { type: 'tracks', tracks: [], ...PICTURE });
  const [detected] = await ask(worker, { type: 'photo', bitmap: PICTURE });
  assert.equal(detected.type, 'verdicts');
});

test('an error is posted with its message', async () => {
  const [failure] = await ask(worker, { type: 'track', frame: null });
  assert.equal(failure.type, 'error');
});

test('the detector’s worker responds', async () => {
  const { detector: settings } = JSON.parse(
    readFileSync(new URL('models/contract.json', ROOT), 'utf8'),
  );
  const [topology, data] = ['centerface.json', 'centerface.bin'].map(
    (name) => Uint8Array.from(readFileSync(new URL(`weights/${name}`, ROOT))).buffer,
  );
  const [simd, plain] = Object.values(assets).slice(2, 4).map(({ url }) => url);
  const thread = startThread('detector-worker.js');
  const files = { topology, weights: data };
  await ask(thread, { type: 'load', settings, files, urls: { simd, plain } }, true);
  const frame = { data: new Uint8ClampedArray(64 * 48 * 4), ...PICTURE };
  const [found] = await ask(thread, { type: 'detect', frame }, true);
  assert.equal(found.type, 'detections');
  const request = { type: 'detectOnce', frame, side: 64, scoreThreshold: 0.3 };
  const [live] = await ask(thread, request, true);
  assert.deepEqual(live.detections, []);
  await thread.terminate();
});
