/**
 * Detections of faces, and which of them are the same face; twin of
 * `inference/vision/detections.py`. Pure: needs no detector.
 */

import { area, intersection } from './geometry.js';

/** @import { Box } from './geometry.js' */
/** @import { DetectorSettings } from '../contract.js' */

const MAX_CANDIDATES = 2000; // only the best are considered; no photo shows more faces

/**
 * A detected face. `score` is the confidence, 0 to 1.
 * @typedef {{box: Box, score: number}} Detection
 */

/**
 * Non-maximum suppression: keeps the best of the candidates that are one face.
 * @param {Detection[]} candidates
 * @param {Pick<DetectorSettings, 'iou_threshold' | 'containment_threshold'>} settings
 * @returns {Detection[]} best score first
 */
export function suppress(candidates, settings) {
  const ordered = [...candidates].sort((a, b) => b.score - a.score).slice(0, MAX_CANDIDATES);
  /** @type {Detection[]} */
  const kept = [];
  for (const one of ordered) {
    if (!kept.some(({ box }) => isSameFace(one.box, box, settings))) kept.push(one);
  }
  return kept;
}

/**
 * Whether two boxes are of one face: they overlap, or one lies within the other to a large part and
 * is a part of that face.
 * @param {Box} one
 * @param {Box} other
 * @param {Pick<DetectorSettings, 'iou_threshold' | 'containment_threshold'>} settings
 */
export function isSameFace(one, other, settings) {
  const { iou_threshold: overlap, containment_threshold: containment } = settings;
  const shared = intersection(one, other);
  const [a, b] = [area(one), area(other)];
  return shared > overlap * (a + b - shared) || shared > containment * Math.min(a, b);
}
