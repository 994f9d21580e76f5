/** The live detector on drawn frames, for vectors.js: frames so far apart that each waits for its pass. */

import { LiveDetector } from '../../web/static/js/tracking/live.js';
import { DETECTOR, LABELS, UNSURE_BELOW, answer, boxAt, chance, normal } from './clip.js';
import { pictureOf, scene } from './scene.js';

/** @import { Track } from '../../web/static/js/tracking/track.js' */
/** @import { Frame } from '../../web/static/js/vision/geometry.js' */

export const SIZE = { width: 320, height: 240 };
const NEAR_SIDE = 320;
const FAR_SIDE = 640;
const MIN_NEAR_PX = 26; // only far passes detect smaller faces
const INPUT_SIZE = 16;
const CONTRACT = /** @type {any} */ ({
  labels: LABELS,
  input_size: INPUT_SIZE,
  smallest_face: 12,
  unsure_below: UNSURE_BELOW,
  detector: {
    ...DETECTOR, near_side: NEAR_SIDE, far_side: FAR_SIDE, live_score_threshold: 0.3, crop_scale: 1.25,
    crop_shift: 0.1,
  },
});

/**
 * A face: where it is drawn (x and y of its centre, side), and the score at which it is detected, 0
 * if it is missed.
 * @typedef {{at: number[], score: number}} Face
 */

/** @typedef {{now: number, faces: Face[], probabilities: number[]}} LiveIn the same for all faces */

/** @typedef {{id: number, box: number[], label: string, probability: number, stable: boolean}} TrackOut */

/**
 * What comes out: the side of the detector's pass in this frame, null without one, and the tracks.
 * @typedef {LiveIn & {side: number | null, tracks: TrackOut[]}} LiveStep
 */

/**
 * What this runtime reports for the frames of a case. An empty frame comes first, and a reset: the
 * page's very first frame never waits.
 * @param {LiveIn[]} steps
 * @returns {Promise<LiveStep[]>}
 */
export async function live(steps) {
  /** @type {{step: LiveIn, side: number | null}} */
  const now = { step: { now: 0, faces: [], probabilities: [] }, side: null };
  const detectOnce = async (/** @type {Frame} */ _, /** @type {number} */ side) => {
    now.side = side;
    const scale = side / SIZE.width;
    return now.step.faces
      .filter(({ at, score }) => score > 0 && (side === FAR_SIDE || at[2] >= MIN_NEAR_PX))
      .map(({ at: [x, y, length], score }) => {
        return { box: boxAt(x * scale, y * scale, length * scale), score };
      });
  };
  const classify = async (/** @type {Float32Array} */ crops) => {
    const count = crops.length / (INPUT_SIZE * INPUT_SIZE * 3);
    return Array.from({ length: count }, () => Float64Array.from(now.step.probabilities));
  };
  const detector = new LiveDetector(CONTRACT, { detectOnce }, /** @type {any} */ ({ classify }), () => 0);
  await detector.track(pictureOf(scene([], SIZE)), 0);
  detector.reset();
  const result = [];
  for (const step of steps) {
    Object.assign(now, { step, side: null });
    const boxes = step.faces.map(({ at: [x, y, side] }) => boxAt(x, y, side));
    const { tracks } = await detector.track(pictureOf(scene(boxes, SIZE)), step.now);
    result.push({ ...step, side: now.side, tracks: tracks.map(toOut) });
  }
  return result;
}

/**
 * @param {Track} track
 * @returns {TrackOut}
 */
export function toOut({ id, box: { left, top, right, bottom }, label, probability, stable }) {
  const box = [left, top, right, bottom].map((edge) => round(edge, 3));
  return { id, box, label, probability: round(probability, 5), stable };
}

/** @returns {Record<string, LiveIn[]>} */
export function liveCases() {
  const random = chance(7);
  const jitter = (/** @type {number} */ value) => round(value + normal(random), 2);
  /** @type {(everyMs: number, count: number, frame: (i: number) => Omit<LiveIn, 'now'>) => LiveIn[]} */
  const clip = (everyMs, count, frame) =>
    Array.from({ length: count }, (_, i) => ({ now: (i + 1) * everyMs, ...frame(i) }));
  const probabilities = (/** @type {string} */ label) =>
    Object.values(answer(label, 0.96)).map((one) => round(one, 4));
  return {
    'a near face moves, a distant one stays; masks are taken off': clip(200, 25, (i) => ({
      faces: [
        { at: [90 + 4 * i, jitter(120), 70], score: i % 7 === 3 ? 0 : 0.9 },
        { at: [40, 40, 18], score: 0.6 },
      ],
      probabilities: probabilities(i < 14 ? 'with_mask' : 'without_mask'),
    })),
    'three faces come and go at two frames a second': clip(500, 12, (i) => ({
      faces: [60, 160, 260]
        .filter((_, k) => i >= k && i < 6 + 2 * k)
        .map((x) => ({ at: [x, jitter(120), 60], score: 0.8 })),
      probabilities: probabilities('incorrect_mask'),
    })),
    'a face at one frame a second': clip(1000, 5, (i) => ({
      faces: [{ at: [150, jitter(120), 60], score: 0.8 }],
      probabilities: probabilities(i < 3 ? 'without_mask' : 'with_mask'),
    })),
    'another face in every frame of a time lapse': clip(60_000, 5, (i) => ({
      faces: [{ at: [60 + 50 * i, 120, i === 3 ? 18 : 60], score: 0.8 }],
      probabilities: probabilities('without_mask'),
    })),
    'frames at irregular times': [200, 400, 2400, 2600, 8600, 8800, 9800, 10_700].map((now) => ({
      now,
      faces: [{ at: [150, jitter(120), 60], score: 0.8 }],
      probabilities: probabilities('without_mask'),
    })),
  };
}

/** @param {number} value @param {number} digits */
export function round(value, digits) {
  return Number(value.toFixed(digits));
}
