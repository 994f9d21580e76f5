/**
 * Judges frames away from the page's thread. It holds the only tfjs of the page.
 *
 * in:  {type: 'init'} | {type: 'frame', bitmap: ImageBitmap}, one at a time
 * out: `Progress` … → {type: 'ready', backend, version} | `Judged` | {type: 'error', sentence}
 */

import { memory } from '@tensorflow/tfjs-core';
import { chooseBackend, wasm } from './backend.js';
import { MaskDetector } from './detector.js';
import { downloadModels } from './download.js';

/** @import { Verdict } from './detector.js' */
/** @import { Assets } from './download.js' */

/** @typedef {{type: 'loading', done: number, total: number} | {type: 'warming'}} Progress */

/**
 * `ms` a step; `tensors` is how many tfjs holds, the same after every frame.
 * @typedef {object} Judged
 * @property {'verdicts'} type
 * @property {Verdict[]} verdicts
 * @property {number} width of the frame
 * @property {number} height
 * @property {{read: number, find: number, classify: number, all: number}} ms
 * @property {number} tensors
 */

/** @type {Assets} */
const assets = ASSETS; // put in by build.mjs

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });
/** @type {MaskDetector} */
let detector;

async function init() {
  const [backend, { contract, files }] = await Promise.all([
    chooseBackend([
      wasm({
        simd: assets['tfjs-backend-wasm-simd.wasm'].url,
        plain: assets['tfjs-backend-wasm.wasm'].url,
      }),
    ]),
    downloadModels(assets, (done, total) => postMessage({ type: 'loading', done, total })),
  ]);
  postMessage({ type: 'warming' });
  detector = await MaskDetector.load(contract, files);
  await detector.detect(new ImageData(contract.input_size, contract.input_size));
  postMessage({ type: 'ready', backend, version: contract.version });
}

/** @param {ImageBitmap} bitmap */
async function judge(bitmap) {
  const start = performance.now();
  const frame = read(bitmap);
  const readAt = performance.now();
  const faces = await detector.find(frame);
  const foundAt = performance.now();
  const verdicts = await detector.judge(frame, faces);
  const end = performance.now();
  const ms = {
    read: readAt - start,
    find: foundAt - readAt,
    classify: end - foundAt,
    all: end - start,
  };
  const { width, height } = frame;
  postMessage({ type: 'verdicts', verdicts, width, height, ms, tensors: memory().numTensors });
}

/**
 * The pixels of a bitmap, which is closed.
 * @param {ImageBitmap} bitmap
 * @returns {ImageData}
 */
function read(bitmap) {
  const { width, height } = bitmap;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  if (!context) throw new Error('no 2d canvas in workers');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

addEventListener('message', async ({ data }) => {
  try {
    await (data.type === 'init' ? init() : judge(data.bitmap));
  } catch (error) {
    postMessage({ type: 'error', sentence: error instanceof Error ? error.message : `${error}` });
  }
});
