/**
 * Detects, tracks and classifies faces outside the page's thread, one picture after the other. The
 * detector has a worker of its own; see detector-worker.js.
 */

import { memory } from '@tensorflow/tfjs-core';
import { rooted } from '../files.js';
import { LiveDetector } from '../tracking/live.js';
import { startWasm } from '../vision/backend.js';
import { MaskClassifier } from '../vision/classifier.js';
import { MaskDetector } from '../vision/detector.js';
import { DetectorProxy } from './detector-proxy.js';
import { downloadModels } from './download.js';
import { FrameReader } from './frame-reader.js';
import { serve } from './rpc.js';

/** @import { Assets } from './download.js' */
/** @import { WorkerRequest, WorkerResponse } from './messages.js' */

/** @type {Assets} */
const assets = Object.fromEntries(
  Object.entries(ASSETS).map(([name, asset]) => [name, { ...asset, url: rooted(asset.url) }]),
);
const urls = {
  simd: assets['tfjs-backend-wasm-simd.wasm'].url,
  plain: assets['tfjs-backend-wasm.wasm'].url,
};

const reader = new FrameReader();
/** @type {DetectorProxy} */
let faceDetector;
/** @type {MaskDetector} */
let detector;
/** @type {LiveDetector} */
let live;

/** @param {WorkerResponse} response */
const post = (response) => postMessage(response);

async function load() {
  const worker = new Worker(assets['detector-worker.js'].url, { type: 'module' });
  faceDetector = new DetectorProxy(worker);
  const downloading = downloadModels(assets, (doneBytes, totalBytes) => {
    post({ type: 'downloading', doneBytes, totalBytes });
  });
  const [{ contract, files }] = await Promise.all([downloading, startWasm(urls)]);
  post({ type: 'warming' });
  const [classifier] = await Promise.all([
    MaskClassifier.load(contract, files.classifier),
    faceDetector.load(contract.detector, files.detector, urls),
  ]);
  detector = new MaskDetector(contract, faceDetector, classifier);
  live = new LiveDetector(contract, faceDetector, classifier);
  post({ type: 'ready', version: contract.version });
}

/** Number of tensors that both workers hold. */
function tensors() {
  return memory().numTensors + faceDetector.tensors;
}

/** @param {VideoFrame | ImageBitmap} frame */
async function track(frame) {
  try {
    reader.open(frame);
    const result = await live.track(reader, performance.now());
    const { width, height } = reader;
    post({ type: 'tracks', ...result, width, height, tensors: tensors() });
  } finally {
    reader.close(); // closes the frame too
  }
}

/** @param {number} timeMs */
async function wait(timeMs) {
  await new Promise((resolve) => setTimeout(resolve, timeMs));
  post({ type: 'waited' });
}

/** @param {ImageBitmap} bitmap */
async function detectPhoto(bitmap) {
  const image = readPixels(bitmap);
  if (!image) {
    post({ type: 'tooLarge' });
    return;
  }
  const verdicts = await detector.detect(image);
  const { width, height } = image;
  post({ type: 'verdicts', verdicts, width, height, tensors: tensors() });
}

/**
 * The pixels of a bitmap, which is closed. Transparent pixels become white, as on the server.
 * @param {ImageBitmap} bitmap
 * @returns {ImageData | undefined} undefined if it does not fit into memory
 */
function readPixels(bitmap) {
  const { width, height } = bitmap;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return undefined;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch {
    return undefined;
  } finally {
    bitmap.close();
  }
}

// Frames wait while a photo is processed; the page's watchdog allows for that.
serve(async (/** @type {WorkerRequest} */ request) => {
  if (request.type === 'load') await load();
  else if (request.type === 'track') await track(request.frame);
  else if (request.type === 'photo') await detectPhoto(request.bitmap);
  else if (request.type === 'wait') await wait(request.timeMs);
  else live?.reset();
});
