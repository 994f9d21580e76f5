/** One face of many boxes; twin of `merge` in `inference/faces.py`. */

import { iou } from './geometry.js';

/** @import { Face } from './faces.js' */

/**
 * One face for each heap of overlapping ones: their mean, weighted by score.
 *
 * The mean is steadier from frame to frame than the best box alone (BlazeFace, section 3.4).
 * @param {Face[]} faces
 * @param {number} iouThreshold boxes that overlap more than this are one face
 * @returns {Face[]} the surest first
 */
export function merge(faces, iouThreshold) {
  let rest = [...faces].sort((a, b) => b.score - a.score);
  const merged = [];
  while (rest.length > 0) {
    const [best, ...others] = rest;
    const heap = others.filter((face) => iou(best.box, face.box) > iouThreshold);
    merged.push(mean([best, ...heap]));
    rest = others.filter((face) => !heap.includes(face));
  }
  return merged;
}

/**
 * @param {Face[]} heap the surest first
 * @returns {Face}
 */
function mean(heap) {
  const total = heap.reduce((sum, face) => sum + face.score, 0);
  /** @param {(face: Face) => number} read */
  const average = (read) => heap.reduce((sum, face) => sum + read(face) * face.score, 0) / total;
  return {
    box: {
      left: average(({ box }) => box.left),
      top: average(({ box }) => box.top),
      right: average(({ box }) => box.right),
      bottom: average(({ box }) => box.bottom),
    },
    score: heap[0].score,
    points: heap[0].points.map((_, i) => [0, 1].map((axis) => average((f) => f.points[i][axis]))),
  };
}
