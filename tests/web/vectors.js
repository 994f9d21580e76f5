/**
 * Cases for the twins of tracker and alarm: what comes in over time, and what must come out.
 * `node tests/web/vectors.js` writes them to tests/vectors.json anew, as this runtime answers.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { ALARM, Alarm } from '../../web/static/js/alarm.js';
import { TRACKER, Tracker } from '../../web/static/js/tracker.js';
import { LABELS, UNSURE_BELOW, boxAt, chance, drift, normal, shakenAnswer } from './clip.js';

/** @import { Box } from '../../web/static/js/geometry.js' */
/** @import { AlarmEvent, AlarmOptions } from '../../web/static/js/alarm.js' */

const FILE = new URL('../vectors.json', import.meta.url);

/**
 * A face of a picture: left, top, right, bottom; probabilities in the order of the labels, null if
 * not classified, none if too small.
 * @typedef {{box: number[], score: number, probabilities: number[] | null}} FaceIn
 */

/**
 * @typedef {{id: number, box: number[], label: string, probability: number, settled: boolean}} TrackOut
 */

/** @typedef {{now: number, faces: FaceIn[], tracks: TrackOut[]}} TrackerStep */
/** @typedef {{now: number, faces: [number, string][], events: AlarmEvent[]}} AlarmStep */
/** @typedef {{name: string, steps: TrackerStep[]}} TrackerCase */
/** @typedef {{name: string, options: AlarmOptions, steps: AlarmStep[]}} AlarmCase */

/**
 * @typedef {object} Vectors
 * @property {string[]} labels
 * @property {number} unsure_below
 * @property {typeof TRACKER} options of the tracker
 * @property {TrackerCase[]} tracker
 * @property {AlarmCase[]} alarm
 */

/** @returns {Vectors} */
export function readVectors() {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/**
 * What this runtime answers to the faces of a case.
 * @param {Pick<TrackerStep, 'now' | 'faces'>[]} steps
 * @returns {TrackerStep[]}
 */
export function track(steps) {
  const tracker = new Tracker(LABELS, UNSURE_BELOW);
  return steps.map(({ now, faces }) => {
    const sightings = faces.map(({ box, score, probabilities }) => {
      return { box: toBox(box), score, probabilities: toRecord(probabilities) };
    });
    const tracks = tracker.update(sightings, now).map(({ id, box, label, probability, settled }) => {
      return { id, box: fromBox(box), label, probability: round(probability, 5), settled };
    });
    return { now, faces, tracks };
  });
}

/**
 * What this runtime answers to the labels of a case.
 * @param {AlarmOptions} options
 * @param {Pick<AlarmStep, 'now' | 'faces'>[]} steps
 * @returns {AlarmStep[]}
 */
export function alert(options, steps) {
  const alarm = new Alarm(options);
  return steps.map(({ now, faces }) => {
    return { now, faces, events: alarm.update(faces.map(([id, label]) => ({ id, label })), now) };
  });
}

/**
 * @param {number} value
 * @param {number} digits
 */
function round(value, digits) {
  return Number(value.toFixed(digits));
}

/**
 * @param {number[]} edges
 * @returns {Box}
 */
function toBox([left, top, right, bottom]) {
  return { left, top, right, bottom };
}

/** @param {Box} box */
function fromBox({ left, top, right, bottom }) {
  return [left, top, right, bottom].map((edge) => round(edge, 3));
}

/**
 * @param {number[] | null} probabilities
 * @returns {Record<string, number> | undefined}
 */
function toRecord(probabilities) {
  return probabilities
    ? Object.fromEntries(probabilities.map((probability, i) => [LABELS[i], probability]))
    : undefined;
}

/**
 * A made clip.
 * @param {number} rate updates a second
 * @param {number} seconds
 * @param {(t: number, shaken: (label: string, probability?: number) => number[]) => FaceIn[]} scene
 *   what is there after `t` seconds; `shaken` is what the classifier answers
 */
function clip(rate, seconds, scene) {
  const shake = drift(chance(rate), rate);
  const shaken = (/** @type {string} */ label, probability = 0.95) =>
    Object.values(shakenAnswer(label, probability, 0.6 * shake())).map((one) => round(one, 4));
  return Array.from({ length: rate * seconds }, (_, i) => {
    return { now: round((i * 1000) / rate, 0), faces: scene(i / rate, shaken) };
  });
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {number[] | null} probabilities
 * @returns {FaceIn}
 */
function face(x, y, side, probabilities) {
  return { box: fromBox(boxAt(x, y, side)), score: 0.9, probabilities };
}

/** @returns {Record<string, Pick<TrackerStep, 'now' | 'faces'>[]>} */
function scenes() {
  const random = chance(3);
  const near = (/** @type {number} */ value) => value + 2 * normal(random);
  return {
    'a still face, now and then missed or judged wrongly': clip(15, 4, (t, shaken) => {
      const wrong = t > 2 && t < 2.1;
      const seen = face(near(320), near(240), near(150), shaken(wrong ? 'without_mask' : 'with_mask'));
      return random() < 0.1 ? [] : [seen];
    }),
    'a mask is taken off; a settled face is judged every fourth time': clip(15, 4, (t, shaken) => {
      const given = shaken(t < 2 ? 'with_mask' : 'without_mask');
      const judged = t < 1 || t > 2.2 || Math.round(t * 15) % 4 === 0;
      return [face(320, 240, 150, judged ? given : null)];
    }),
    'a pan and a zoom': clip(30, 2, (t, shaken) => {
      return [face(320 + 150 * Math.sin(3 * t), 240, 120 + 40 * Math.sin(4 * t), shaken('with_mask'))];
    }),
    'two faces pass each other': clip(15, 3, (t, shaken) => [
      face(80 + 160 * t, 200, 100, shaken('with_mask')),
      face(560 - 160 * t, 240, 110, shaken('without_mask')),
    ]),
    'a face goes, comes back, goes and comes back too late': clip(10, 5, (t, shaken) => {
      const there = t < 1 || (t > 1.6 && t < 2.5) || t > 3.8;
      return there ? [face(320, 240, 150, shaken('incorrect_mask'))] : [];
    }),
    'a face comes near: too small, unsure, then sure': clip(10, 4, (t, shaken) => {
      const answer = shaken('without_mask', t < 2 ? 0.5 : 0.97);
      return [face(320, 240, 8 + 6 * t, t < 1 ? [] : answer)];
    }),
    'three pictures a second': clip(3, 8, (t, shaken) => {
      return [face(near(320), near(240), 150, shaken(t < 4 ? 'with_mask' : 'without_mask'))];
    }),
  };
}

/** @type {Record<string, string>} */
const LETTERS = { n: 'without_mask', w: 'incorrect_mask', m: 'with_mask', u: 'unsure', s: 'too_small' };

/**
 * @param {string} words one update a word, one face a letter, `-` where none is
 * @returns {Pick<AlarmStep, 'now' | 'faces'>[]}
 */
function updates(words) {
  return words.split(' ').map((word, i) => {
    /** @type {[number, string][]} */
    const faces = [...word].map((letter, k) => [k + 1, LETTERS[letter]]);
    return { now: i * 100, faces: faces.filter(([, label]) => label) };
  });
}

/** @type {[string, AlarmOptions, string][]} */
const ALERTS = [
  ['by default', ALARM, 'u n n n - n n u n n m n n m m m m m m m m m m n n n n n n n n n n'],
  ['unsure and too small', { frames: 2, of: 3, coolDown: 0 }, 'u u u s s s us us us'],
  ['gaps', { frames: 3, of: 5, coolDown: 0 }, 'n m n m n m m n m m m n n m m m'],
  ['one after the other is nobody who persists', { frames: 3, of: 5, coolDown: 0 }, 'n -n --n n -n --n'],
  ['the gravest', { frames: 2, of: 3, coolDown: 0 }, 'w w wn wn w w w m m n n w w m m'],
  ['cool-down', { frames: 2, of: 2, coolDown: 1000 }, `n n m m${' n'.repeat(12)} m m`],
  ['shown in the cool-down, never told', { frames: 2, of: 2, coolDown: 1000 }, 'n n m m n n m m n m m m m m n n'],
  ['more frames than there are', { frames: 9, of: 4, coolDown: 0 }, 'n n n n n m m m m m'],
];

/** @returns {Vectors} */
function newVectors() {
  return {
    labels: LABELS,
    unsure_below: UNSURE_BELOW,
    options: TRACKER,
    tracker: Object.entries(scenes()).map(([name, steps]) => ({ name, steps: track(steps) })),
    alarm: ALERTS.map(([name, options, words]) => {
      return { name, options, steps: alert(options, updates(words)) };
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
  const { tracker, alarm, ...rest } = vectors;
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},\n"tracker":[${cases(tracker)}],\n"alarm":[${cases(alarm)}]}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(FILE, toText(newVectors()));
