/**
 * The fields of the messages in web/static/js/worker/messages.js. The tests of the workers and of
 * their clients both use this table, so a field cannot be renamed on one side alone.
 */

import assert from 'node:assert/strict';

const PICTURE = ['width', 'height', 'tensors'];

/** @type {Record<string, Record<string, string[]>>} fields besides `type`, by type */
const MESSAGES = {
  requests: { load: [], track: ['frame'], photo: ['bitmap'], reset: [] },
  responses: {
    downloading: ['doneBytes', 'totalBytes'],
    warming: [],
    ready: ['version'],
    tracks: ['tracks', 'pass', 'ms', ...PICTURE],
    verdicts: ['verdicts', ...PICTURE],
    tooLarge: [],
    error: ['message'],
  },
  detectorRequests: {
    load: ['settings', 'files', 'urls'],
    detect: ['frame'],
    detectOnce: ['frame', 'side', 'scoreThreshold'],
  },
  detectorResponses: {
    ready: ['tensors'],
    detections: ['detections', 'tensors'],
    error: ['message'],
  },
};

/**
 * @param {any} message
 * @param {boolean} [isDetector] whether detector-worker.js receives it
 */
export function assertRequest(message, isDetector = false) {
  assertFields(message, isDetector ? MESSAGES.detectorRequests : MESSAGES.requests);
}

/**
 * @param {any} message
 * @param {boolean} [isDetector] whether detector-worker.js posts it
 */
export function assertResponse(message, isDetector = false) {
  assertFields(message, isDetector ? MESSAGES.detectorResponses : MESSAGES.responses);
}

/**
 * @param {any} message
 * @param {Record<string, string[]>} fields
 */
function assertFields({ type, ...rest }, fields) {
  assert.ok(type in fields, `Expected a known type, got ${type}.`);
  assert.deepEqual(Object.keys(rest).sort(), [...fields[type]].sort(), type);
}
