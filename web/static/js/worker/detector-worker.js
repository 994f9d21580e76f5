/** Detects faces in a worker of its own, so that a pass of the detector delays no frame. */

import { memory } from '@tensorflow/tfjs-core';
import { startWasm } from '../vision/backend.js';
import { CenterFace } from '../vision/centerface.js';
import { serve } from './rpc.js';

/** @import { DetectOnceRequest, DetectRequest, DetectorLoadRequest } from './messages.js' */
/** @import { DetectorRequest, DetectorResponse } from './messages.js' */

/** @type {CenterFace} */
let detector;

/** @param {DetectorResponse} response */
const post = (response) => postMessage(response);

/** @param {DetectorLoadRequest} request */
async function load({ settings, files, urls }) {
  await startWasm(urls);
  detector = await CenterFace.load(settings, files);
  post({ type: 'ready', tensors: memory().numTensors });
}

/** @param {DetectRequest | DetectOnceRequest} request */
async function detect(request) {
  const detections = await (request.type === 'detect'
    ? detector.detect(request.frame)
    : detector.detectOnce(request.frame, request.side, request.scoreThreshold));
  post({ type: 'detections', detections, tensors: memory().numTensors });
}

serve((/** @type {DetectorRequest} */ request) =>
  request.type === 'load' ? load(request) : detect(request),
);
