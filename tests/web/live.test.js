import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveDetector } from '../../web/static/js/live.js';
import { crop } from '../../web/static/js/masks.js';
import { Tracker } from '../../web/static/js/tracker.js';
import { assertClose } from './golden.js';
import { pictureOf, scene, square } from './scene.js';

/** @import { Box, Frame } from '../../web/static/js/geometry.js' */

const contract = /** @type {any} */ ({
  labels: ['with_mask', 'without_mask', 'incorrect_mask'],
  input_size: 16,
  smallest_face: 12,
  unsure_below: 0.7,
});
const FRAME = 1000 / 30;

/** A finder that sees what it is told, and notes where it looked. */
class Finder {
  settings = { input_size: 256, iou_threshold: 0.3, score_threshold: 0.5, crop_scale: 1.4 };
  /** @type {Box[]} */
  views = [];
  /** @type {Box[]} */
  whole = [];
  /** @type {Box[]} */
  first = []; // half
  /** @type {Box[] | undefined} */
  closer; // the same as the whole
  score = 0.9;
  closerScore = 0.9;

  /** @param {{width: number, height: number}} picture */
  frame({ width, height }) {
    const half = Math.max(width, height) / 2;
    return square(width / 2, height / 2, 2 * half);
  }

  /** @param {{width: number, height: number}} picture */
  scale({ width, height }) {
    return 256 / Math.max(width, height);
  }

  /**
   * @param {Frame} _
   * @param {Box} view
   */
  async findReduced(_, view) {
    this.views.push(view);
    const { left, right } = view;
    if (right - left === 256) return told(this.whole, this.score);
    if (isHalf(view)) return told(left === 0 ? this.first : [], this.score);
    return told(this.closer ?? this.whole, this.closerScore);
  }
}

/** @type {(boxes: Box[], score: number) => {box: Box, score: number, points: number[][]}[]} */
const told = (boxes, score) => boxes.map((box) => ({ box, score, points: [] }));

/** @param {Box} view of a picture of 256 × 192 */
const isHalf = ({ left, right }) => right - left === 192 && (left === 0 || left === 64);

/** A classifier that is sure of one label, and notes the batches. */
class Classifier {
  /** @type {number[]} */
  batches = [];
  /** @type {Float32Array} */
  last = new Float32Array(0);
  label = 0;

  /** @param {Float32Array} crops */
  async classify(crops) {
    const count = crops.length / (16 * 16 * 3);
    this.batches.push(count);
    this.last = crops;
    return Array.from({ length: count }, () => {
      return Float32Array.from([0.01, 0.01, 0.01], (low, i) => (i === this.label ? 0.98 : low));
    });
  }
}

/** A live detector of a scene, with a clock that stands unless told. */
function begin() {
  const finder = new Finder();
  const classifier = new Classifier();
  const tracker = new Tracker(contract.labels, contract.unsure_below);
  const live = new LiveDetector(
    contract, /** @type {any} */ (finder), /** @type {any} */ (classifier), tracker, undefined, () => 0,
  );
  let frame = 0;
  /**
   * The next frames.
   * @param {Box[]} boxes in the scene
   * @param {number} [count]
   */
  const show = async (boxes, count = 1) => {
    const answers = [];
    for (let i = 0; i < count; i += 1, frame += 1) {
      answers.push(await live.track(pictureOf(scene(boxes)), frame * FRAME));
    }
    return answers;
  };
  return { finder, classifier, live, show };
}

const box = square(100, 90, 50);

test('a face is found now and then, and followed in between', async () => {
  const { finder, show } = begin();
  finder.whole = [box];
  const answers = await show([box], 30);
  const full = answers.filter(({ pass }) => pass === 'full').length;
  assert.equal(full, finder.views.length);
  assert.ok(full >= 8 && full <= 10, `${full} looks in a second`);
  assert.equal(answers.at(-1)?.tracks.length, 1);
  assert.equal(answers.at(-1)?.tracks[0].label, 'with_mask');
  assertClose(answers.at(-1)?.tracks[0].box, box, 2);
  assert.deepEqual(answers.at(-1)?.ms, { read: 0, follow: 0, find: 0, classify: 0, all: 0 });
});

test('a moving face keeps its id between the looks', async () => {
  const { finder, show } = begin();
  const ids = new Set();
  for (let i = 0; i < 20; i += 1) {
    const there = square(80 + 4 * i, 90, 50);
    finder.whole = [there];
    const [{ tracks }] = await show([there]);
    tracks.forEach(({ id }) => ids.add(id));
  }
  assert.deepEqual([...ids], [1]);
});

test('once settled, a face is judged only now and then, and all due ones at once', async () => {
  const { finder, classifier, show } = begin();
  const other = square(156, 90, 50);
  finder.whole = [box, other];
  await show([box, other], 40);
  assert.ok(classifier.batches.slice(2, 10).every((count) => count === 2));
  classifier.batches = [];
  const answers = await show([box, other], 30);
  const judged = classifier.batches.filter(Boolean);
  assert.ok(answers.every(({ tracks }) => tracks.every(({ label }) => label === 'with_mask')));
  assert.ok(judged.length >= 4 && judged.length <= 8, `${judged}`);
  assert.ok(judged.every((count) => count === 2));
});

test('where many faces wait to be judged, they take turns', async () => {
  const { finder, classifier, show } = begin();
  const crowd = Array.from({ length: 6 }, (_, i) => square(24 + 40 * i, 90, 30));
  finder.whole = crowd;
  const answers = await show(crowd, 45);
  assert.ok(classifier.batches.every((count) => count <= 4));
  assert.deepEqual(classifier.batches.slice(4, 7), [4, 4, 4]);
  assert.deepEqual(answers.at(-1)?.tracks.map(({ label }) => label), Array(6).fill('with_mask'));
});

test('a change of the verdict shows within 0.7 s', async () => {
  const { finder, classifier, show } = begin();
  finder.whole = [box];
  await show([box], 45);
  classifier.label = 1;
  const answers = await show([box], 21);
  assert.equal(answers.at(-1)?.tracks[0].label, 'without_mask');
});

test('a face too small is told so and not judged', async () => {
  const { finder, classifier, show } = begin();
  const small = square(100, 90, 11);
  finder.whole = [small];
  const answers = await show([small], 12);
  assert.deepEqual(answers.at(-1)?.tracks.map(({ label }) => label), ['too_small']);
  assert.ok(classifier.batches.every((count) => count === 0));
});

test('a crop is the one that still pictures get, wherever the region begins', async () => {
  const { finder, classifier, live } = begin();
  finder.whole = [box];
  const frame = scene([box]);
  const [left, top] = [20, 30]; // so that the region is not the frame
  const data = new Uint8ClampedArray(150 * 140 * 4);
  for (let y = 0; y < 140; y += 1) {
    const from = ((y + top) * 256 + left) * 4;
    data.set(frame.data.subarray(from, from + 150 * 4), y * 150 * 4);
  }
  const region = () => ({ frame: { data, width: 150, height: 140 }, left, top, scale: 1 });
  for (const now of [0, FRAME]) await live.track({ ...pictureOf(frame), region }, now);
  assertClose([...classifier.last], [...crop(frame, box, 1.4, 16)], 1e-2);
});

test('a face that only a half shows is found; one that it cut off is not', async () => {
  for (const [there, count] of /** @type {const} */ ([
    [square(60, 60, 20), 1],
    [square(184, 60, 18), 0],
  ])) {
    const { finder, show } = begin();
    finder.first = [there];
    finder.closer = [there];
    const answers = await show([there], 40);
    assert.equal(answers.at(-1)?.tracks.length, count, `${there.left}`);
  }
});

test('a new face is told of once a closer look is sure of it, however unsure the first was', async () => {
  const { finder, show } = begin();
  finder.whole = finder.closer = [box];
  finder.score = 0.3;
  finder.closerScore = 0.85;
  assert.deepEqual((await show([box], 60)).at(-1)?.tracks, []);
  finder.closerScore = 0.95;
  assert.equal((await show([box], 60)).at(-1)?.tracks.length, 1);
});

test('closer looks show about four times the face, then three times; they lie in the picture', async () => {
  const { finder, show } = begin();
  finder.whole = [square(20, 90, 40)];
  finder.closer = [];
  await show([], 45);
  const closer = finder.views.filter((view) => view.right - view.left < 256 && !isHalf(view));
  assert.deepEqual(closer.slice(0, 2), [
    { left: 0, top: 10, right: 160, bottom: 170 },
    { left: 0, top: 30, right: 120, bottom: 150 },
  ]);
});

test('what closer looks do not see again is looked at no more than twice a second', async () => {
  const { finder, show } = begin();
  finder.whole = [box];
  finder.closer = [];
  await show([box], 60);
  const closer = finder.views.filter((view) => view.right - view.left < 256 && !isHalf(view));
  assert.ok(closer.length >= 2 && closer.length <= 4, `${closer.length} in two seconds`);
});

test('frames of another size are another scene: nobody is known, ids go on', async () => {
  const { finder, live, show } = begin();
  finder.whole = [box];
  const before = await show([box], 10);
  finder.whole = [];
  const turned = pictureOf(scene([], { width: 192, height: 256 }));
  const answer = await live.track(turned, 11 * FRAME);
  assert.equal(before.at(-1)?.tracks.length, 1);
  assert.deepEqual([answer.pass, answer.tracks], ['full', []]);
});

test('a face that fills the picture is told of without a closer look', async () => {
  const { finder, show } = begin();
  const large = square(120, 96, 150);
  finder.whole = [large];
  finder.closer = [];
  const answers = await show([large], 6);
  assert.equal(answers.at(-1)?.tracks.length, 1);
  assert.equal(answers.filter(({ pass }) => pass === 'full').length, finder.views.length);
});

test('after a reset nobody is known, and the next frame is looked at', async () => {
  const { finder, live, show } = begin();
  finder.whole = [box];
  await show([box], 10);
  live.reset();
  finder.whole = [];
  const [{ tracks, pass }] = await show([]);
  assert.deepEqual(tracks, []);
  assert.equal(pass, 'full');
});
