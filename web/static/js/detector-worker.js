/**
 * Detects faces in a worker of its own, so that a pass of the detector delays no frame.
 *
 * in:  {type: 'init', settings, files, urls}, then {type: 'detect', frame} of a photo |
 *      {type: 'detectOnce', frame, side, scoreThreshold} …
 * out: {type: 'ready', backend, failed?, tensors} | {type: 'detections', detections, tensors} |
 *      {type: 'error', sentence}, in the order of the requests; `tensors` is how many tfjs holds
 */

import { memory } from '@tensorflow/tfjs-core';
import { chooseBackend, wasm } from './backend.js';
import { CenterFace } from './centerface.js';

/** @type {CenterFace} */
let detector;

/** @param {any} data */
async function init({ settings, files, urls }) {
  const running = await chooseBackend(wasm(urls), async () => {
    detector = await CenterFace.load(settings, files);
  });
  postMessage({ type: 'ready', ...running, tensors: memory().numTensors });
}

/** @param {any} data */
async function detect({ type, frame, side, scoreThreshold }) {
  const detections = await (type === 'detect'
    ? detector.detect(frame)
    : detector.detectOnce(frame, side, scoreThreshold));
  postMessage({ type: 'detections', detections, tensors: memory().numTensors });
}

/** @param {any} data */
async function answer(data) {
  try {
    await (data.type === 'init' ? init(data) : detect(data));
  } catch (error) {
    postMessage({ type: 'error', sentence: error instanceof Error ? error.message : `${error}` });
  }
}

let last = Promise.resolve(); // one picture at a time
addEventListener('message', ({ data }) => {
  last = last.then(() => answer(data));
});
