/**
 * Detects faces in a worker of its own, so that a pass of the detector delays no frame.
 *
 * in:  {type: 'init', settings, files, urls}, then {type: 'detect', frame} of a photo |
 *      {type: 'detectOnce', frame, side, scoreThreshold} …
 * out: {type: 'ready', tensors} | {type: 'detections', detections, tensors} |
 *      {type: 'error', sentence}, in the order of the requests; `tensors` is how many tfjs holds
 */

import { memory } from '@tensorflow/tfjs-core';
import { startWasm } from '../vision/backend.js';
import { CenterFace } from '../vision/centerface.js';
import { serve } from './worker-client.js';

/** @type {CenterFace} */
let detector;

/** @param {any} data */
async function init({ settings, files, urls }) {
  await startWasm(urls);
  detector = await CenterFace.load(settings, files);
  postMessage({ type: 'ready', tensors: memory().numTensors });
}

/** @param {any} data */
async function detect({ type, frame, side, scoreThreshold }) {
  const detections = await (type === 'detect'
    ? detector.detect(frame)
    : detector.detectOnce(frame, side, scoreThreshold));
  postMessage({ type: 'detections', detections, tensors: memory().numTensors });
}

serve((data) => (data.type === 'init' ? init(data) : detect(data)));
