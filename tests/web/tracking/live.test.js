import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveDetector } from '../../../web/static/js/tracking/live.js';
import { crop } from '../../../web/static/js/vision/faces.js';
import { assertClose } from '../golden.js';
import { pictureOf, scene, square } from '../scene.js';

/** @import { Box, Frame } from '../../../web/static/js/vision/geometry.js' */

const contract = /** @type {any} */ ({
  labels: ['with_mask', 'without_mask', 'incorrect_mask'],
  input_size: 16,
  smallest_face: 12,
  unsure_below: 0.7,
  detector: {
    near_side: 128, far_side: 256, live_score_threshold: 0.3, iou_threshold: 0.3, containment_threshold: 0.7,
    crop_scale: 1.25,
    crop_shift: 0.1,
  },
});
const FRAME_MS = 1000 / 30;
const box = square(100, 90, 50);

/** A detector that detects what it is given; its results come when `release` is called, or at once. */
class Detector {
  /** @type {Box[]} */
  boxes = [];
  /** @type {{side: number, width: number, height: number}[]} */
  calls = [];
  waits = false;
  /** @type {(() => void)[]} */
  waiting = [];
  /** @type {Error | undefined} */
  error;

  /** @param {Frame} frame whose pixels are taken, as by a worker @param {number} side */
  async detectOnce({ data, width, height }, side) {
    structuredClone(data, { transfer: [data.buffer] });
    this.calls.push({ side, width, height });
    const scale = side / 256;
    const detections = this.boxes.map(({ left, top, right, bottom }) => {
      const there = { left: left * scale, top: top * scale, right: right * scale, bottom: bottom * scale };
      return { box: there, score: 0.9 };
    });
    if (this.waits) await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
    if (this.error) throw this.error;
    return detections;
  }

  async release() {
    for (const resolve of this.waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A classifier that is sure of one label, and notes the batches. */
class Classifier {
  /** @type {number[]} */
  batches = [];
  last = new Float32Array(0);
  label = 0;

  /** @param {Float32Array} crops */
  async classify(crops) {
    const count = crops.length / (16 * 16 * 3);
    this.batches.push(count);
    if (count > 0) this.last = Float32Array.from(crops);
    return Array.from({ length: count }, () => {
      return Float32Array.from([0.01, 0.01, 0.01], (low, i) => (i === this.label ? 0.98 : low));
    });
  }
}

/** A live detector of a drawn scene, with a clock that stands still. */
function begin() {
  const detector = new Detector();
  const classifier = new Classifier();
  const live = new LiveDetector(contract, detector, classifier, () => 0);
  let now = -FRAME_MS;
  /**
   * The next frames.
   * @param {Box[]} boxes in the scene
   * @param {number} [count]
   * @param {number} [interval]
   */
  const show = async (boxes, count = 1, interval = FRAME_MS) => {
    const results = [];
    for (let i = 0; i < count; i += 1) {
      now += interval;
      results.push(await live.track(pictureOf(scene(boxes)), now));
      await new Promise((resolve) => setImmediate(resolve)); // results of the detector come in
    }
    return results;
  };
  return { detector, classifier, live, show };
}

test('a face is detected now and then, and followed in between', async () => {
  const { detector, show } = begin();
  detector.boxes = [box];
  const results = await show([box], 60);
  const passes = results.filter(({ pass }) => pass).length;
  assert.ok(passes >= 10 && passes <= 15, `${passes} passes in two seconds`);
  const last = results[results.length - 1];
  assert.deepEqual(last.tracks.map(({ id, label }) => [id, label]), [[1, 'with_mask']]);
  assertClose(last.tracks[0].box, box, 2);
  assert.deepEqual(last.ms, { read: 0, track: 0, classify: 0, all: 0 });
  assert.deepEqual(detector.calls.slice(0, 2), [
    { side: 128, width: 128, height: 96 },
    { side: 256, width: 256, height: 192 },
  ]);
});

test('a near pass takes the frame that was read for tracking', async () => {
  const { detector, live } = begin();
  const picture = pictureOf(scene([box]));
  /** @type {number[]} */
  const reads = [];
  const reduced = (/** @type {number} */ side) => {
    reads.push(side);
    return picture.reduced(side);
  };
  for (let i = 0; i < 30; i += 1) await live.track({ ...picture, reduced }, i * FRAME_MS);
  assert.ok(detector.calls.length > 5);
  assert.equal(reads.filter((side) => side === 128).length, 30);
});

test('the milliseconds of each step are reported', async () => {
  const detector = new Detector();
  detector.boxes = [box];
  let time = 0;
  const clock = () => (time += 5);
  const slow = new Classifier();
  slow.classify = async () => {
    time += 100;
    return [];
  };
  const live = new LiveDetector(contract, detector, slow, clock);
  await live.track(pictureOf(scene([box])), 0);
  const { ms } = await live.track(pictureOf(scene([box])), 33);
  assert.deepEqual(ms, { read: 5, track: 5, classify: 105, all: 115 });
});

test('a running pass delays no frame, and its result is brought up to the present', async () => {
  const { detector, show } = begin();
  detector.waits = true;
  const at = (/** @type {number} */ i) => square(60 + 5 * i, 90, 50);
  detector.boxes = [at(0)];
  for (let i = 0; i < 6; i += 1) assert.deepEqual((await show([at(i)]))[0].tracks, []);
  assert.equal(detector.calls.length, 1);
  await detector.release();
  detector.boxes = [at(6)];
  assert.equal((await show([at(6)]))[0].pass, 'near');
  for (let i = 7; i < 12; i += 1) {
    await show([at(i)]);
    detector.boxes = [at(i + 1)];
    await detector.release();
  }
  const [{ tracks }] = await show([at(12)]);
  assert.equal(tracks.length, 1);
  assertClose(tracks[0].box, at(12), 5);
});

test('frames that are far apart wait for their pass', async () => {
  const { detector, show } = begin();
  detector.boxes = [box];
  const results = await show([box], 4, 500);
  assert.ok(results.slice(1).every(({ pass }) => pass));
  assert.equal(results[2].tracks.length, 1);
});

test('a pass that fails is reported with the next frame', async () => {
  const { detector, show } = begin();
  detector.error = new Error('no memory');
  await show([box]);
  await assert.rejects(show([box]), /no memory/);
  detector.error = undefined;
  await show([box]); // and the next one starts
});

test('once stable, a face is classified only now and then', async () => {
  const { detector, classifier, show } = begin();
  const other = square(186, 90, 50);
  detector.boxes = [box, other];
  await show([box, other], 60);
  classifier.batches = [];
  const results = await show([box, other], 30);
  const classified = classifier.batches.reduce((sum, count) => sum + count);
  assert.ok(results.every(({ tracks }) => tracks.every(({ label }) => label === 'with_mask')));
  assert.ok(classified >= 8 && classified <= 16, `${classified} in a second`);
});

test('in a crowd faces take turns', async () => {
  const { detector, classifier, show } = begin();
  const crowd = Array.from({ length: 6 }, (_, i) => square(24 + 40 * i, 90, 28));
  detector.boxes = crowd;
  const results = await show(crowd, 60);
  assert.ok(classifier.batches.every((count) => count <= 2));
  const labels = results[results.length - 1].tracks.map(({ label }) => label);
  assert.deepEqual(labels, Array(6).fill('with_mask'));
});

test('a change of the verdict shows within 0.7 s', async () => {
  const { detector, classifier, show } = begin();
  detector.boxes = [box];
  await show([box], 60);
  classifier.label = 1;
  const results = await show([box], 21);
  assert.equal(results[20].tracks[0].label, 'without_mask');
});

test('a face too small is reported as such and not classified', async () => {
  const { detector, classifier, show } = begin();
  const small = square(100, 90, 11);
  detector.boxes = [small];
  const results = await show([small], 30);
  assert.deepEqual(results[29].tracks.map(({ label }) => label), ['too_small']);
  assert.ok(classifier.batches.every((count) => count === 0));
});

test('a crop is that of still photos, wherever the region begins', async () => {
  const { detector, classifier, live } = begin();
  detector.boxes = [box];
  const frame = scene([box]);
  const [left, top] = [20, 30]; // so that the region is not the frame
  const data = new Uint8ClampedArray(150 * 140 * 4);
  for (let y = 0; y < 140; y += 1) {
    const from = ((y + top) * 256 + left) * 4;
    data.set(frame.data.subarray(from, from + 150 * 4), y * 150 * 4);
  }
  const region = () => ({ frame: { data, width: 150, height: 140 }, left, top, scale: 1 });
  await live.track({ ...pictureOf(frame), region }, 0);
  await live.track({ ...pictureOf(frame), region }, 0); // the same moment: the box is the detected one
  assertClose([...classifier.last], [...crop(frame, box, 1.25, 0.1, 16)], 1.5);
});

test('frames of another size are another scene: no face is known, ids go on', async () => {
  const { detector, live, show } = begin();
  detector.boxes = [box];
  const before = await show([box], 20);
  assert.equal(before[19].tracks.length, 1);
  detector.boxes = [];
  const turned = pictureOf(scene([], { width: 192, height: 256 }));
  assert.deepEqual((await live.track(turned, 21 * FRAME_MS)).tracks, []);
  assert.deepEqual(detector.calls[detector.calls.length - 1], { side: 128, width: 96, height: 128 });
  detector.boxes = [square(96, 90, 50)];
  const upright = pictureOf(scene([square(96, 90, 50)], { width: 192, height: 256 }));
  let last = await live.track(upright, 22 * FRAME_MS);
  for (let i = 23; i < 40; i += 1) last = await live.track(upright, i * FRAME_MS);
  assert.deepEqual(last.tracks.map(({ id }) => id), [2]);
});

test('after a reset no face is known, and the result of an earlier pass is dropped', async () => {
  const { detector, live, show } = begin();
  detector.boxes = [box];
  await show([box], 20);
  detector.waits = true;
  while (detector.waiting.length === 0) await show([box]);
  live.reset();
  await detector.release();
  detector.waits = false;
  detector.boxes = [];
  const results = await show([], 20);
  assert.equal(results[0].pass, undefined);
  assert.ok(results.every(({ tracks }) => tracks.length === 0));
});

test('the result of a pass that takes long is brought up to the present as well', async () => {
  const { detector, show } = begin();
  detector.waits = true;
  const at = (/** @type {number} */ i) => square(60 + i, 90, 50);
  detector.boxes = [at(0)];
  for (let i = 0; i < 60; i += 1) await show([at(i)]);
  assert.equal(detector.calls.length, 1);
  await detector.release();
  detector.waits = false;
  detector.boxes = [at(60)];
  const [{ tracks }] = (await show([at(60)], 8)).slice(-1);
  assert.deepEqual(tracks.map(({ id }) => id), [1]);
});
