/**
 * Judges pictures away from the page's thread, one after the other as they are asked for.
 *
 * in:  {type: 'init'} | {type: 'track', frame: VideoFrame | ImageBitmap} of the live picture |
 *      {type: 'frame', bitmap: ImageBitmap}, by itself | {type: 'reset'}, not answered
 * out: `Progress` … → {type: 'ready', backend, failed?, version} | `Tracked` | `Judged` |
 *      {type: 'error', sentence} | {type: 'unreadable'}, of one photo; and, unasked, {type: 'backend', backend, failed?}
 */

import { memory } from '@tensorflow/tfjs-core';
import { chooseBackend, wasm } from './backend.js';
import { SureFinder, possible } from './closer.js';
import { MaskDetector } from './detector.js';
import { downloadModels } from './download.js';
import { Engine } from './engine.js';
import { BlazeFace } from './faces.js';
import { Graph } from './graph.js';
import { Graphics, graphicsApis } from './graphics.js';
import { LiveDetector } from './live.js';
import { MaskClassifier } from './masks.js';
import { FrameReader } from './reader.js';
import { Tracker } from './tracker.js';

/** @import { Verdict } from './detector.js' */
/** @import { Assets, Models } from './download.js' */
/** @import { Running } from './judge.js' */
/** @import { LiveAnswer } from './live.js' */

/** @typedef {{type: 'loading', done: number, total: number} | {type: 'warming'}} Progress */

/**
 * What every answer to a picture tells: its size, and how many tensors tfjs holds, the same after
 * every picture.
 * @typedef {{width: number, height: number, tensors: number}} Told
 */

/** @typedef {{type: 'tracks'} & LiveAnswer & Told} Tracked */

/**
 * `ms` a step.
 * @typedef {object} Verdicts
 * @property {'verdicts'} type
 * @property {Verdict[]} verdicts
 * @property {{read: number, find: number, classify: number, all: number}} ms
 */

/** @typedef {Verdicts & Told} Judged */

/** @type {Assets} */
const assets = ASSETS; // put in by build.mjs

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });
const reader = new FrameReader();
/** @type {MaskDetector} */
let detector;
/** @type {LiveDetector | undefined} */
let live;
/** @type {Engine} */
let engine;
/** @type {Models | undefined} */
let untried; // the models, until they were tried on the graphics processor

async function init() {
  const downloaded = downloadModels(assets, (done, total) => {
    postMessage({ type: 'loading', done, total });
  });
  downloaded.catch(() => {}); // told below; until the backend has started nobody waits for it
  const urls = {
    simd: assets['tfjs-backend-wasm-simd.wasm'].url,
    plain: assets['tfjs-backend-wasm.wasm'].url,
  };
  const running = await chooseBackend(wasm(urls), async (name) => load(await downloaded, name));
  untried = await downloaded;
  postMessage({ type: 'ready', ...running, version: untried.contract.version });
}

/**
 * Load the models on the present backend, check them, and run each once: the first run is slow.
 * @param {Models} models
 * @param {string} backend its name
 */
async function load({ contract, files }, backend) {
  postMessage({ type: 'warming' });
  const { labels, unsure_below: unsureBelow, finders, input_size: size } = contract;
  const finder = await Graph.load(files.blazeface);
  const graph = await Graph.load(files.classifier);
  const classifier = new MaskClassifier(contract, graph);
  await classifier.check(contract);
  const settings = possible(finders.blazeface);
  detector = new MaskDetector(contract, new SureFinder(new BlazeFace(settings, finder)), classifier);
  await detector.detect(new ImageData(size, size));
  engine = new Engine(backend, { finder, classifier: graph }, tell);
  live = new LiveDetector(
    contract,
    new BlazeFace(settings, engine.finder),
    new MaskClassifier(contract, engine.classifier),
    new Tracker(labels, unsureBelow),
  );
}

/** @param {Running} running */
function tell(running) {
  postMessage({ type: 'backend', ...running });
}

/** @param {VideoFrame | ImageBitmap} frame */
async function track(frame) {
  try {
    if (!live) throw new Error('Expected init first.');
    reader.open(frame);
    const tracked = await live.track(reader, performance.now());
    const { width, height } = reader;
    postMessage({ type: 'tracks', ...tracked, width, height, tensors: memory().numTensors });
  } finally {
    frame.close();
    reader.close();
  }
  if (untried && engine.measured) seekFaster(untried).catch(() => {}); // it stays where it is
}

/** @param {Models} models */
async function seekFaster({ contract, files }) {
  untried = undefined;
  const { gpu } = /** @type {any} */ (navigator);
  const apis = await graphicsApis(() => new OffscreenCanvas(1, 1), gpu).catch(() => []);
  if (apis.length === 0 || typeof Worker === 'undefined') return;
  const worker = new Worker(assets['graphics-worker.js'].url, { type: 'module' });
  await engine.seek(new Graphics(worker, () => engine.giveUp()), contract, files, apis);
}

/** @param {ImageBitmap} bitmap */
async function judge(bitmap) {
  const start = performance.now();
  const image = read(bitmap);
  if (!image) {
    postMessage({ type: 'unreadable' });
    return;
  }
  const readAt = performance.now();
  const faces = await detector.find(image);
  const foundAt = performance.now();
  const verdicts = await detector.judge(image, faces);
  const end = performance.now();
  const ms = {
    read: readAt - start,
    find: foundAt - readAt,
    classify: end - foundAt,
    all: end - start,
  };
  const { width, height } = image;
  postMessage({ type: 'verdicts', verdicts, width, height, ms, tensors: memory().numTensors });
}

/**
 * The pixels of a bitmap, which is closed.
 * @param {ImageBitmap} bitmap
 * @returns {ImageData | undefined} nothing where it is too much for this device's memory
 */
function read(bitmap) {
  if (!context) throw new Error('no 2d canvas in workers');
  const { width, height } = bitmap;
  try {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch {
    return undefined;
  } finally {
    bitmap.close();
  }
}

/** @param {any} data */
async function answer(data) {
  try {
    if (data.type === 'init') await init();
    else if (data.type === 'track') await track(data.frame);
    else if (data.type === 'frame') await judge(data.bitmap);
    else live?.reset();
  } catch (error) {
    postMessage({ type: 'error', sentence: error instanceof Error ? error.message : `${error}` });
  }
}

let last = Promise.resolve(); // one picture at a time: they share canvases and models
addEventListener('message', ({ data }) => {
  last = last.then(() => answer(data));
});
