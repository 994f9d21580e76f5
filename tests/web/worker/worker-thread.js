/**
 * Runs one of the page's workers in a thread of Node, with the globals that it uses. `workerData`:
 * `module` is its URL, `assets` the built files with `url`s that are file URLs or paths.
 */

import { readFileSync } from 'node:fs';
import { Worker, parentPort, workerData } from 'node:worker_threads';

const { module, assets, root } = workerData;
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);

/** @param {string} url a file URL, or a path on the page's server */
function read(url) {
  if (url.startsWith('file:')) return readFileSync(new URL(url));
  const path = url.replace(/\?.*/, '').replace('/static/', 'web/static/');
  return readFileSync(new URL(path === '/contract.json' ? 'models/contract.json' : path, root));
}

/** A dedicated worker, with the events of a browser's. */
class BrowserWorker extends EventTarget {
  #thread;

  /** @param {string} url */
  constructor(url) {
    super();
    const data = { module: url, assets, root };
    this.#thread = new Worker(new URL(import.meta.url), { workerData: data });
    this.#thread.on('message', (one) => {
      this.dispatchEvent(new MessageEvent('message', { data: one }));
    });
    this.#thread.unref();
  }

  /** @type {(message: any, transferred?: any[]) => void} */
  postMessage(message, transferred) {
    this.#thread.postMessage(message, transferred);
  }
}

/** A canvas that is gray, whatever is drawn. */
class GrayCanvas {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    Object.assign(this, { width, height });
  }

  getContext() {
    return {
      canvas: this,
      fillRect() {},
      drawImage() {},
      getImageData: (/** @type {number[]} */ ...[, , width, height]) => {
        return { data: new Uint8ClampedArray(width * height * 4).fill(128), width, height };
      },
    };
  }
}

Object.assign(globalThis, {
  ASSETS: assets,
  Worker: BrowserWorker,
  OffscreenCanvas: GrayCanvas,
  fetch: async (/** @type {string} */ url) => new Response(read(url)),
  postMessage: (/** @type {any} */ data) => port.postMessage(data),
  addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ listen) => {
    if (type !== 'message') return;
    port.on('message', (data) => {
      const picture = data.frame ?? data.bitmap;
      if (picture && !picture.data) picture.close = () => {};
      listen({ data });
    });
  },
});
await import(module);
