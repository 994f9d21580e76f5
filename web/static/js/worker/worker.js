/**
 * Detects, tracks and classifies faces away from the page's thread, one picture after the other.
 * The detector has a worker of its own, see detector-worker.js.
 *
 * in:  {type: 'init'} | {type: 'track', frame: VideoFrame | ImageBitmap} of the live picture |
 *      {type: 'frame', bitmap: ImageBitmap} of a photo | {type: 'reset'}, not answered
 * out: `Progress` … → {type: 'ready', version} | `Tracked` | `Judged` |
 *      {type: 'error', sentence} | {type: 'unreadable'}, of one photo
 */

import { memory } from '@tensorflow/tfjs-core';
import { startWasm } from '../vision/backend.js';
import { DetectorClient } from './detector-client.js';
import { MaskDetector } from '../vision/detector.js';
import { downloadModels } from './download.js';
import { LiveDetector } from '../tracking/live.js';
import { MaskClassifier } from '../vision/classifier.js';
import { FrameReader } from './frame-reader.js';
import { serve } from './worker-client.js';

/** @import { Verdict } from '../vision/detector.js' */
/** @import { Assets } from './download.js' */
/** @import { LiveResult } from '../tracking/live.js' */

/** @typedef {{type: 'loading', done: number, total: number} | {type: 'warming'}} Progress */

/**
 * Part of every result: the picture's size, and how many tensors both workers' tfjs hold, the same
 * after every picture.
 * @typedef {{width: number, height: number, tensors: number}} PictureInfo
 */

/** @typedef {{type: 'tracks'} & LiveResult & PictureInfo} Tracked */

/** @typedef {{type: 'verdicts', verdicts: Verdict[]} & PictureInfo} Judged */

/** @type {Assets} */
const assets = ASSETS; // put in by build.mjs
const urls = {
  simd: assets['tfjs-backend-wasm-simd.wasm'].url,
  plain: assets['tfjs-backend-wasm.wasm'].url,
};

const reader = new FrameReader();
/** @type {DetectorClient} */
let faceDetector;
/** @type {MaskDetector} */
let detector;
/** @type {LiveDetector} */
let live;

async function init() {
  const worker = new Worker(assets['detector-worker.js'].url, { type: 'module' });
  faceDetector = new DetectorClient(worker);
  const downloading = downloadModels(assets, (done, total) => {
    postMessage({ type: 'loading', done, total });
  });
  const [{ contract, files }] = await Promise.all([downloading, startWasm(urls)]);
  postMessage({ type: 'warming' });
  const [classifier] = await Promise.all([
    MaskClassifier.load(contract, files.classifier),
    faceDetector.load(contract.detector, files.detector, urls),
  ]);
  detector = new MaskDetector(contract, faceDetector, classifier);
  live = new LiveDetector(contract, faceDetector, classifier);
  postMessage({ type: 'ready', version: contract.version });
}

/** How many tensors both workers' tfjs hold. */
function tensors() {
  return memory().numTensors + faceDetector.tensors;
}

/** @param {VideoFrame | ImageBitmap} frame */
async function track(frame) {
  try {
    reader.open(frame);
    const tracked = await live.track(reader, performance.now());
    const { width, height } = reader;
    postMessage({ type: 'tracks', ...tracked, width, height, tensors: tensors() });
  } finally {
    reader.close(); // and the frame
  }
}

/** @param {ImageBitmap} bitmap */
async function judge(bitmap) {
  const image = read(bitmap);
  if (!image) {
    postMessage({ type: 'unreadable' });
    return;
  }
  const verdicts = await detector.detect(image);
  const { width, height } = image;
  postMessage({ type: 'verdicts', verdicts, width, height, tensors: tensors() });
}

/**
 * The pixels of a bitmap, which is closed. Transparency shows white, as on the server.
 * @param {ImageBitmap} bitmap
 * @returns {ImageData | undefined} nothing where it is too much for this device's memory
 */
function read(bitmap) {
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

// One picture at a time, since answers come in the order of the requests. Frames wait while a photo
// is classified; the page's stall watch allows for that.
serve(async (data) => {
  if (data.type === 'init') await init();
  else if (data.type === 'track') await track(data.frame);
  else if (data.type === 'frame') await judge(data.bitmap);
  else live?.reset();
});
