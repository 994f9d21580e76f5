/** What comes in over time in the cases of vectors.js. */

import { LABELS, boxAt, chance, drift, normal, shakenAnswer } from './clip.js';

/** @import { PassIn, ScheduleIn, TrackerIn } from './vectors.js' */

/** @param {number} value @param {number} digits */
const round = (value, digits) => Number(value.toFixed(digits));

/** @param {import('../../web/static/js/vision/geometry.js').Box} box */
const fromBox = ({ left, top, right, bottom }) => [left, top, right, bottom].map((edge) => round(edge, 3));

/**
 * A made clip.
 * @param {number} rate frames a second
 * @param {number} seconds
 * @param {(i: number, answer: (label: string, probability?: number) => number[]) => Omit<TrackerIn, 'now'>} frame
 *   what is there in frame i; `answer` is what the classifier answers
 * @returns {TrackerIn[]}
 */
function clip(rate, seconds, frame) {
  const shake = drift(chance(rate), rate);
  const shaken = (/** @type {string} */ label, probability = 0.95) =>
    Object.values(shakenAnswer(label, probability, 0.6 * shake())).map((one) => round(one, 4));
  return Array.from({ length: rate * seconds }, (_, i) => {
    return { now: round((i * 1000) / rate, 0), ...frame(i, shaken) };
  });
}

/**
 * A pass that detects some blobs.
 * @param {number[][]} ats their places
 * @param {{score?: number, delay?: number, min_face_px?: number}} [options]
 * @returns {PassIn}
 */
function passOf(ats, { score = 0.9, delay = 0, min_face_px = 0 } = {}) {
  return { found: ats.map(([x, y, side]) => ({ box: fromBox(boxAt(x, y, side)), score })), delay, min_face_px };
}

/** @returns {Record<string, TrackerIn[]>} */
export function scenes() {
  const random = chance(3);
  const near = (/** @type {number} */ value) => value + normal(random);
  const still = [80, 60, 44];
  /** @type {(i: number, every: number) => boolean} */
  const isTime = (i, every) => i % every === 0;
  const moving = (/** @type {number} */ i) => [25 + 8 * Math.min(i, 14), 60, 40];
  const growing = (/** @type {number} */ i) => [80, 60, 30 + i];
  const crossing = (/** @type {number} */ i) => [[20 + 4 * i, 40, 30], [140 - 4 * i, 84, 34]];
  /** @type {(score: number) => PassIn} */
  const weak = (score) => {
    const { found, ...rest } = passOf([still], { score });
    return { found: [...found, ...passOf([[30, 90, 30]], { score: 0.45 }).found], ...rest };
  };
  return {
    'a still face; detections jitter, every third pass misses it': clip(15, 3, (i, answer) => ({
      blobs: [{ at: still, probabilities: answer('with_mask') }],
      pass: isTime(i, 3) ? passOf(isTime(i, 9) && i > 0 ? [] : [still.map(near)]) : null,
    })),
    'a mask is taken off': clip(15, 3, (i, answer) => ({
      blobs: [{ at: still, probabilities: answer(i < 22 ? 'with_mask' : 'without_mask') }],
      pass: isTime(i, 3) ? passOf([still]) : null,
    })),
    'a fast face; passes end three frames later': clip(30, 1, (i, answer) => ({
      blobs: [{ at: moving(i), probabilities: answer('without_mask') }],
      pass: i % 6 === 3 ? passOf([moving(i - 3)], { delay: 3 }) : null,
    })),
    'a face comes near': clip(15, 3, (i, answer) => ({
      blobs: [{ at: growing(i), probabilities: answer('incorrect_mask') }],
      pass: isTime(i, 6) ? passOf([growing(i)]) : null,
    })),
    'two faces pass each other': clip(15, 2, (i, answer) => ({
      blobs: crossing(i).map((at, k) => ({ at, probabilities: answer(LABELS[k]) })),
      pass: isTime(i, 3) ? passOf(crossing(i)) : null,
    })),
    'a face goes, comes back, goes and comes back too late': clip(10, 5, (i, answer) => {
      const there = i < 12 || (i > 17 && i < 27) || i > 40;
      const blobs = there ? [{ at: still, probabilities: answer('with_mask') }] : [];
      return { blobs, pass: isTime(i, 2) ? passOf(blobs.map(({ at }) => at)) : null };
    }),
    'a weak detection goes on with a track and starts none': clip(10, 2, (i, answer) => ({
      blobs: [still, [30, 90, 30]].map((at) => ({ at, probabilities: answer('with_mask') })),
      pass: isTime(i, 2) ? weak(i < 4 ? 0.6 : 0.4) : null,
    })),
    'a distant face, which only far passes detect': clip(10, 4, (i, answer) => ({
      blobs: [{ at: [100, 50, 14], probabilities: answer('without_mask') }],
      pass: i < 2 || isTime(i, 10) ? passOf([[100, 50, 14]]) : passOf([], { min_face_px: 20 }),
    })),
    'something detected once; a face too small to classify': clip(10, 2, (i, answer) => ({
      blobs: [{ at: [60, 60, 9], probabilities: answer('with_mask') }],
      pass: passOf(i === 4 ? [[60, 60, 9], [120, 80, 40]] : [[60, 60, 9]]),
    })),
    'a face leaves during a pass': clip(15, 2, (i, answer) => ({
      blobs: i < 3 ? [{ at: still, probabilities: answer('without_mask') }] : [{ at: [30, 90, 20], probabilities: answer('with_mask') }],
      pass: i % 6 === 5 ? passOf(i === 5 ? [still] : [[30, 90, 20]], { delay: i === 5 ? 4 : 0 }) : null,
    })),
    'a face passes where another was lost': clip(15, 3, (i, answer) => {
      const passing = [20 + 4 * Math.max(0, i - 8), 60, 44];
      const blobs = [
        ...(i < 8 ? [{ at: [110, 60, 44], probabilities: answer('with_mask') }] : []),
        { at: passing, probabilities: answer('without_mask') },
      ];
      return { blobs, pass: isTime(i, 3) ? passOf(blobs.map(({ at }) => at)) : null };
    }),
    'a moving face is hidden, stops and comes back': clip(15, 3, (i, answer) => {
      const at = [20 + 6 * Math.min(i, 12), 60, 44];
      const blobs = i < 13 || i > 15 ? [{ at, probabilities: answer('with_mask') }] : [];
      return { blobs, pass: isTime(i, 3) ? passOf(blobs.map((one) => one.at)) : null };
    }),
    'two people cross; the one behind is not detected': clip(15, 4, (i, answer) => {
      const people = [
        { at: [20 + 2.4 * i, 50, 32], color: [40, 60, 160], probabilities: answer('with_mask') },
        { at: [140 - 2.4 * i, 52, 36], color: [200, 180, 60], probabilities: answer('without_mask') },
      ];
      const seen = people.filter(({ at: [x] }, k) => k === 1 || Math.abs(x - people[1].at[0]) > 26);
      return { blobs: people, pass: isTime(i, 3) ? passOf(seen.map(({ at }) => at)) : null };
    }),
    'a person is hidden for 2.5 s; another one comes to the same place': clip(10, 8, (i, answer) => {
      const first = { at: [40, 60, 36], color: [40, 60, 160], probabilities: answer('with_mask') };
      const again = { ...first, at: [110, 60, 36] };
      const other = { ...again, color: [200, 180, 60], probabilities: answer('without_mask') };
      const person = i < 15 ? first : i >= 40 && i < 55 ? again : i >= 67 ? other : undefined;
      const blobs = person ? [person] : [];
      return { blobs, pass: isTime(i, 2) ? passOf(blobs.map(({ at }) => at)) : null };
    }),
    'three frames a second': clip(3, 5, (i, answer) => ({
      blobs: [{ at: [70 + 2 * i, 60, 44], probabilities: answer(i < 8 ? 'with_mask' : 'without_mask') }],
      pass: passOf([[70 + 2 * i, 60, 44]]),
    })),
  };
}

/** @returns {Record<string, ScheduleIn[]>} */
export function plans() {
  /** @type {(frame: (i: number) => Partial<ScheduleIn>, seconds?: number) => ScheduleIn[]} */
  const plan = (frame, seconds = 3) =>
    Array.from({ length: 30 * seconds }, (_, i) => {
      const now = round((i * 1000) / 30, 0);
      return { now, scene: 100, faces: 1, unconfirmed: null, took: 20, ...frame(i) };
    });
  return {
    'near passes often, far ones now and then': plan(() => ({})),
    'a slow device': plan((i) => ({ took: i === 11 ? 800 : 200 }), 6),
    'a near face is new, a distant one is lost': plan((i) => {
      return { unconfirmed: i > 20 && i < 40 ? 0.2 : i > 60 && i < 75 ? 0.03 : null };
    }),
    'another scene': plan((i) => ({ scene: i < 40 ? 100 : 140 })),
    'motion on a slow device without a face': plan((i) => {
      return { scene: 100 + 10 * (i % 7), faces: 0, took: 90 };
    }, 6),
    'motion while there is a face, and while there is none': plan((i) => {
      return { scene: 100 + 2 * i, faces: i < 45 ? 1 : 0 };
    }),
  };
}
