/** Which detections are of which faces; twin of `inference/tracking/association.py`. */

import { extractAppearance } from './appearance.js';
import { iou, squareAround } from '../vision/geometry.js';
import { extractTemplate, follow } from './template.js';

/** @import { Appearance } from './appearance.js' */
/** @import { DetectorPass } from './tracker.js' */
/** @import { Template } from './template.js' */
/** @import { TrackedFace } from './track.js' */
/** @import { Box } from '../vision/geometry.js' */

/**
 * A detection in the current frame.
 * @typedef {object} Found
 * @property {Box} box
 * @property {number} score
 * @property {Template} template
 * @property {Appearance} [appearance]
 */

/**
 * The detections that can be followed from the first frame, where they were made, to the last.
 * @param {Omit<DetectorPass, 'minFacePx'>} pass without `colors` if appearances are not needed
 * @param {number} minSimilarity see `TRACKER`
 * @returns {Found[]}
 */
export function followDetections({ detections, frames: [first, ...later], colors }, minSimilarity) {
  return detections.flatMap(({ box, score }) => {
    const template = extractTemplate(first, box);
    let there = { box, similarity: 1 };
    for (const levels of later) there = follow(levels, template, [there.box]);
    if (there.similarity < minSimilarity) return [];
    const appearance = colors && extractAppearance(colors, box);
    return [{ box: there.box, score, template, appearance }];
  });
}

/**
 * Whether the square around a detection, of `scale` times its longer side, meets no other's.
 * @param {Found} one
 * @param {Found[]} found
 * @param {number} scale
 */
export function isAlone(one, found, scale) {
  const area = squareAround(one.box, scale);
  const others = found.filter((other) => other !== one);
  return others.every(({ box }) => iou(area, squareAround(box, scale)) === 0);
}

/**
 * The known faces by the index of their detections, best overlap first.
 *
 * For the few faces of a webcam this greedy choice gives what an optimal assignment would, except in
 * crowds that jump by more than half their distance between two passes.
 * @param {Found[]} found
 * @param {{face: TrackedFace, box: Box}[]} expected where each face may be; several places for one
 *   face are possible
 * @param {number} scale see `matchScale` of `TRACKER`
 * @param {number} minIou see `matchIou` there
 * @returns {Map<number, TrackedFace>}
 */
export function match(found, expected, scale, minIou) {
  const places = expected.map(({ face, box }) => ({ face, square: squareAround(box, scale) }));
  const pairs = found.flatMap(({ box }, index) => {
    const around = squareAround(box, scale);
    return places.map(({ face, square }) => ({ index, face, overlap: iou(around, square) }));
  });
  const matches = new Map();
  const taken = new Set();
  for (const { index, face, overlap } of pairs.sort((a, b) => b.overlap - a.overlap)) {
    if (overlap < minIou || matches.has(index) || taken.has(face)) continue;
    matches.set(index, face);
    taken.add(face);
  }
  return matches;
}
