/**
 * Cases for the twins of tracker, schedule, live detector and alert rule: what comes in over time, and what must come out.
 * `node tests/web/vectors.js` writes tests/vectors.json, as this runtime answers.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { ALERT_OPTIONS, AlertRule } from '../../web/static/js/tracking/alerts.js';
import { longerSide } from '../../web/static/js/vision/geometry.js';
import { SCHEDULE, Schedule } from '../../web/static/js/tracking/schedule.js';
import { thumbnail } from '../../web/static/js/tracking/appearance.js';
import { levelsOf } from '../../web/static/js/tracking/template.js';
import { TRACKER, Tracker } from '../../web/static/js/tracking/tracker.js';
import { DETECTOR, LABELS, UNSURE_BELOW, boxAt } from './clip.js';
import { drawGray, drawPeople } from './scene.js';
import { plans, scenes } from './vector-cases.js';
import { live, liveCases, toOut } from './vector-live.js';

/** @import { Box } from '../../web/static/js/vision/geometry.js' */
/** @import { GrayImage } from '../../web/static/js/tracking/template.js' */
/** @import { AlertEvent, AlertOptions } from '../../web/static/js/tracking/alerts.js' */
/** @import { LiveStep, TrackOut } from './vector-live.js' */

/** Smaller faces are not classified. */
const SMALLEST = 12;
const FILE = new URL('../vectors.json', import.meta.url);

/**
 * A blob that is drawn: x and y of its centre and its side, in pixels; probabilities in the order of
 * the labels; its color, RGB, where appearances matter.
 * @typedef {{at: number[], probabilities: number[], color?: number[]}} Blob
 */

/**
 * A pass of the detector that ends with this frame: it saw the one `delay` frames ago.
 * @typedef {{found: {box: number[], score: number}[], delay: number, min_face_px: number}} PassIn
 */

/** @typedef {{now: number, blobs: Blob[], pass: PassIn | null}} TrackerIn */
/** @typedef {TrackerIn & {due: number[], tracks: TrackOut[]}} TrackerStep */
/** @typedef {{now: number, scene: number, faces: number, unconfirmed: number | null, took: number}} ScheduleIn */
/** @typedef {ScheduleIn & {pass: string | null}} ScheduleStep */
/** @typedef {{now: number, faces: [number, string][], events: AlertEvent[]}} AlertStep */
/** @typedef {{name: string, steps: TrackerStep[]}} TrackerCase */
/** @typedef {{name: string, steps: LiveStep[]}} LiveCase */
/** @typedef {{name: string, steps: ScheduleStep[]}} ScheduleCase */
/** @typedef {{name: string, options: AlertOptions, steps: AlertStep[]}} AlertCase */

/**
 * @typedef {object} Vectors
 * @property {string[]} labels
 * @property {number} unsure_below
 * @property {typeof TRACKER} options of the tracker
 * @property {typeof SCHEDULE} schedule_options
 * @property {TrackerCase[]} tracker
 * @property {ScheduleCase[]} schedule
 * @property {LiveCase[]} live
 * @property {AlertCase[]} alerts
 */

/** @returns {Vectors} */
export function readVectors() {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/**
 * What this runtime reports for the frames of a case.
 * @param {TrackerIn[]} steps
 * @returns {TrackerStep[]}
 */
export function track(steps) {
  const tracker = new Tracker(LABELS, UNSURE_BELOW, DETECTOR);
  /** @type {GrayImage[][]} */
  const frames = [];
  /** @type {Blob[][]} */
  const drawn = [];
  return steps.map(({ now, blobs, pass }) => {
    frames.push(levelsOf(drawGray(blobs.map(({ at: [x, y, side] }) => boxAt(x, y, side)))));
    drawn.push(blobs);
    tracker.follow(frames[frames.length - 1], now);
    if (pass) {
      const detections = pass.found.map(({ box, score }) => ({ box: toBox(box), score }));
      const since = frames.slice(-1 - pass.delay);
      const colors = colorsOf(drawn[drawn.length - since.length]);
      tracker.correct({ detections, frames: since, minFacePx: pass.min_face_px, colors }, now);
    }
    const due = tracker.due(now, 2);
    for (const { id, box } of due) tracker.classify(id, answerFor(box, blobs), now);
    return { now, blobs, pass, due: due.map(({ id }) => id), tracks: tracker.report(now).map(toOut) };
  });
}

/**
 * The frame in color; undefined if its blobs have none.
 * @param {Blob[]} blobs
 */
function colorsOf(blobs) {
  const people = blobs.flatMap(({ at: [x, y, side], color }) => {
    return color ? [{ box: boxAt(x, y, side), color }] : [];
  });
  return people.length > 0 ? thumbnail(drawPeople(people), 1) : undefined;
}

/**
 * The classifier's answer for a box: that of the nearest blob; none for a small box.
 * @param {Box} box
 * @param {Blob[]} blobs
 * @returns {Record<string, number>}
 */
function answerFor(box, blobs) {
  if (longerSide(box) < SMALLEST) return {};
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const distance = (/** @type {Blob} */ { at }) => Math.hypot(at[0] - x, at[1] - y);
  const nearest = blobs.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return Object.fromEntries(nearest.probabilities.map((one, i) => [LABELS[i], one]));
}

/**
 * The passes that this runtime starts for a case; each takes as long as `took` says.
 * @param {ScheduleIn[]} steps
 * @returns {ScheduleStep[]}
 */
export function schedule(steps) {
  const made = new Schedule();
  return steps.map((step) => {
    const scene = { data: new Float32Array(12).fill(step.scene), width: 4, height: 3, scale: 1 };
    const pass = made.next(scene, step.faces, step.unconfirmed ?? undefined, step.now);
    if (pass) made.ended(pass, step.took);
    return { ...step, pass: pass ?? null };
  });
}

/**
 * What this runtime answers to the labels of a case.
 * @param {AlertOptions} options
 * @param {Pick<AlertStep, 'now' | 'faces'>[]} steps
 * @returns {AlertStep[]}
 */
export function alert(options, steps) {
  const rule = new AlertRule(options);
  return steps.map(({ now, faces }) => {
    return { now, faces, events: rule.update(faces.map(([id, label]) => ({ id, label })), now) };
  });
}

/**
 * @param {number[]} edges
 * @returns {Box}
 */
function toBox([left, top, right, bottom]) {
  return { left, top, right, bottom };
}

/** @type {Record<string, string>} */
const LETTERS = { n: 'without_mask', w: 'incorrect_mask', m: 'with_mask', u: 'unsure', s: 'too_small' };

/**
 * @param {string} words one update a word, one face a letter, `-` where none is; `+900` waits so many
 *   milliseconds longer
 * @param {number} stepMs between updates
 * @returns {Pick<AlertStep, 'now' | 'faces'>[]}
 */
function updates(words, stepMs) {
  let now = -stepMs;
  return words.split(' ').flatMap((word) => {
    const isWait = word.startsWith('+');
    now = Number((now + (isWait ? Number(word.slice(1)) : stepMs)).toFixed(1));
    if (isWait) return [];
    /** @type {[number, string][]} */
    const faces = [...word].map((letter, k) => [k + 1, LETTERS[letter]]);
    return { now, faces: faces.filter(([, label]) => label) };
  });
}

/** @type {(word: string, times: number) => string} */
const repeat = (word, times) => Array(times).fill(word).join(' ');
const QUICK = { afterMs: 300, cooldownMs: 0 }; // 3 of 4 frames that are 100 ms apart

/** @type {[string, AlertOptions, string, number?][]} with the time between updates, 100 ms if not given */
const ALERTS = [
  ['by default', ALERT_OPTIONS, `u n n n - n n u n ${repeat('n', 8)} m n n ${repeat('m', 8)} ${repeat('n', 10)}`],
  ['at 30 frames a second', ALERT_OPTIONS, `- ${repeat('n n m', 9)} ${repeat('m', 20)} ${repeat('n', 20)}`, 33.3],
  ['at 120 frames a second', ALERT_OPTIONS, `- ${repeat('n', 70)} ${repeat('n n n m m', 8)} ${repeat('m', 70)}`, 8.3],
  ['a frame a second', ALERT_OPTIONS, 'u n m n n n m n m m m n m n m n n', 1000],
  ['five seconds', { afterMs: 5000, cooldownMs: 0 }, `- ${repeat('n', 4)} m ${repeat('n', 4)} ${repeat('m', 6)}`, 1000],
  ['a pause', ALERT_OPTIONS, 'm n n +9000 n n n m m +9000 m m m'],
  ['unsure and too small', QUICK, 'u u u u s s s s us us us us'],
  ['flicker', QUICK, '- n m n m m n n m n n m n n m m m n m m n n n n'],
  ['several faces in turn do not add up', QUICK, '- n -n --n n n -n --n --n'],
  ['a second person', QUICK, '- n n n nn nn nn nn -n -n -n - - -'],
  ['more severe', QUICK, '- w w w wn wn wn n n n w m m m w w w'],
  ['cooldown', { afterMs: 200, cooldownMs: 1000 }, `- n n n m m m ${repeat('n', 12)} m m m`],
  ['a group in the cooldown', { afterMs: 200, cooldownMs: 800 }, `- n n n ${repeat('nwn', 9)} --n --n --n - - -`],
  ['over in the cooldown', { afterMs: 200, cooldownMs: 1000 }, '- n n n m m m n n n m m m n m m m m n n n'],
];

/** @returns {Promise<Vectors>} */
async function newVectors() {
  const clips = Object.entries(liveCases());
  return {
    labels: LABELS,
    unsure_below: UNSURE_BELOW,
    options: TRACKER,
    schedule_options: SCHEDULE,
    schedule: Object.entries(plans()).map(([name, steps]) => ({ name, steps: schedule(steps) })),
    tracker: Object.entries(scenes()).map(([name, steps]) => ({ name, steps: track(steps) })),
    live: await Promise.all(clips.map(async ([name, steps]) => ({ name, steps: await live(steps) }))),
    alerts: ALERTS.map(([name, options, words, stepMs = 100]) => {
      return { name, options, steps: alert(options, updates(words, stepMs)) };
    }),
  };
}

/**
 * JSON with a step a line, so that a change can be read.
 * @param {Vectors} vectors
 */
function toText(vectors) {
  const rows = (/** @type {object[]} */ steps) => steps.map((step) => `\n    ${JSON.stringify(step)}`);
  const cases = (/** @type {{steps: object[]}[]} */ all) =>
    all.map(({ steps, ...rest }) => `\n  ${JSON.stringify(rest).slice(0, -1)},"steps":[${rows(steps)}]}`);
  const { tracker, schedule: plan, live: clips, alerts, ...rest } = vectors;
  const head = JSON.stringify(rest).slice(0, -1);
  const parts = Object.entries({ tracker, schedule: plan, live: clips, alerts });
  return `${head}${parts.map(([name, all]) => `,\n"${name}":[${cases(all)}]`).join('')}}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(FILE, toText(await newVectors()));
