import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iou } from '../../../web/static/js/vision/geometry.js';
import { levelsOf } from '../../../web/static/js/tracking/template.js';
import { TRACKER, Tracker } from '../../../web/static/js/tracking/tracker.js';
import {
  DETECTOR, LABELS, UNSURE_BELOW, answer, boxAt, chance, drift, normal, shakenAnswer, times,
} from '../clip.js';
import { drawGray } from '../scene.js';

/** @import { Box } from '../../../web/static/js/vision/geometry.js' */

/**
 * A face in the drawn picture. `found` is where the detector has it, null where it misses it.
 * @typedef {{box: Box, found?: Box | null, score?: number, answer?: Record<string, number>}} Drawn
 */

const RATES = [15, 30]; // frames a second
const SIZE = { width: 320, height: 240 };

/** @type {Map<string, ReturnType<typeof levelsOf>>} */
const drawn = new Map(); // drawing takes longer than tracking

/** @param {Box[]} boxes */
function draw(boxes) {
  const key = JSON.stringify(boxes);
  const levels = drawn.get(key) ?? levelsOf(drawGray(boxes, SIZE));
  drawn.set(key, levels);
  return levels;
}

/** A tracker of drawn frames. */
class Clip {
  tracker = new Tracker(LABELS, UNSURE_BELOW, DETECTOR);
  classified = 0;

  /**
   * The next frame; by default a detector pass covers it.
   * @param {number} now in milliseconds
   * @param {Drawn[]} faces
   * @param {boolean} [pass] whether a pass of the detector ends with this frame
   * @param {number} [minFacePx]
   */
  show(now, faces, pass = true, minFacePx = 0) {
    const levels = draw(faces.map(({ box }) => box));
    this.tracker.follow(levels, now);
    if (pass) {
      const detections = faces
        .filter(({ found }) => found !== null)
        .map(({ box, found, score = 0.9 }) => ({ box: found ?? box, score }));
      this.tracker.correct({ detections, frames: [levels], minFacePx }, now);
    }
    for (const { id, box } of this.tracker.due(now, 9)) {
      const there = faces.find((face) => iou(face.box, box) > 0.4);
      if (!there?.answer) continue;
      this.tracker.classify(id, there.answer, now);
      this.classified += 1;
    }
    return this.tracker.report(now);
  }
}

const box = boxAt(160, 120, 80);
const masked = answer('with_mask');

/**
 * How often a label changes after it was first sure.
 * @param {string[]} labels
 */
function changes(labels) {
  const sure = labels.slice(labels.findIndex((label) => label !== 'unsure'));
  return sure.filter((label, i) => i > 0 && label !== sure[i - 1]).length;
}

/**
 * An answer of about 0.95. Its odds are shaken as those of the shakiest twentieth of real faces.
 * @param {() => number} random
 * @param {number} rate frames a second
 */
function classifier(random, rate) {
  const shake = drift(random, rate);
  return (/** @type {string} */ label) => shakenAnswer(label, 0.95, 0.6 * shake());
}

for (const rate of RATES) {
  test(`a still face keeps its label and id for 30 s at ${rate} frames a second`, () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const clip = new Clip();
      const random = chance(seed);
      const classify = classifier(random, rate);
      let wrongFrom = 3000;
      let frames = 0;
      const tracks = [];
      for (const now of times(rate, 30)) {
        if (now > wrongFrom + 100) wrongFrom = now + 1000 + 1000 * random();
        const given = classify(now < wrongFrom ? 'with_mask' : 'without_mask');
        const jitter = boxAt(160 + normal(random), 120 + normal(random), 80 + normal(random));
        const found = random() > 0.08 ? jitter : null;
        tracks.push(clip.show(now, [{ box, found, answer: given }], frames % Math.round(rate / 5) === 0));
        frames += 1;
      }
      const reported = tracks.slice(tracks.findIndex(({ length }) => length > 0));
      assert.equal(new Set(reported.flat().map(({ id }) => id)).size, 1);
      assert.ok(reported.every(({ length }) => length === 1), 'it does not flicker');
      assert.equal(changes(reported.flat().map(({ label }) => label)), 0, `seed ${seed}`);
      assert.ok(clip.classified < frames * (rate === 30 ? 0.5 : 0.7), `${clip.classified} of ${frames}`);
    }
  });

  for (const [from, to] of [['with_mask', 'without_mask'], ['with_mask', 'incorrect_mask']]) {
    test(`${from} to ${to} is reported within 0.7 s at ${rate} frames a second`, () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const clip = new Clip();
        const random = chance(seed);
        const classify = classifier(random, rate);
        const change = 3000 + 300 * random();
        let reported = NaN;
        for (const now of times(rate, 4)) {
          const [track] = clip.show(now, [{ box, answer: classify(now < change ? from : to) }]);
          if (Number.isNaN(reported) && track?.label === to) reported = now;
        }
        assert.ok(reported > change && reported - change <= 700, `seed ${seed}: ${reported - change} ms`);
      }
    });
  }
}

test('a face keeps its id and box while the camera pans and zooms', () => {
  const clip = new Clip();
  let frame = 0;
  for (const now of times(30, 6)) {
    const t = now / 1000;
    const there = boxAt(160 + 70 * Math.sin(2 * t), 120 + 20 * Math.cos(2 * t), 70 * (1 + 0.3 * Math.sin(t)));
    const tracks = clip.show(now, [{ box: there, answer: masked }], frame % 6 === 0);
    frame += 1;
    if (frame < 10) continue;
    assert.deepEqual(tracks.map(({ id }) => id), [1]);
    assert.ok(iou(tracks[0].box, there) > 0.8, `at ${now}: ${iou(tracks[0].box, there)}`);
  }
});

test('a detection of an earlier frame is followed through the frames since', () => {
  const tracker = new Tracker(LABELS, UNSURE_BELOW, DETECTOR);
  const at = (/** @type {number} */ i) => boxAt(60 + 8 * i, 120, 60);
  const frames = Array.from({ length: 6 }, (_, i) => {
    return draw([at(i)]);
  });
  for (const now of [0, 10]) {
    const detections = [{ box: at(0), score: 0.9 }];
    tracker.correct({ detections, frames, minFacePx: 0 }, now);
  }
  const [track] = tracker.report(10);
  assert.ok(iou(track.box, at(5)) > 0.9, `${track.box.left} is not near ${at(5).left}`);
});

test('two faces that pass each other keep their ids and verdicts', () => {
  const clip = new Clip();
  /** @type {ReturnType<Clip['show']>} */
  let tracks = [];
  let frame = 0;
  for (const now of times(30, 2)) {
    const way = (now - 1000) * 0.12;
    tracks = clip.show(now, [
      { box: boxAt(40 + way, 70, 50), answer: masked },
      { box: boxAt(280 - way, 160, 56), answer: answer('without_mask') },
    ], frame % 4 === 0);
    frame += 1;
  }
  const reported = tracks.map(({ id, label }) => [id, label]);
  assert.deepEqual(reported, [[1, 'with_mask'], [2, 'without_mask']]);
  assert.ok(tracks[0].box.left > tracks[1].box.left, 'they have passed');
});

test('faces side by side are not exchanged, whichever is detected first', () => {
  const clip = new Clip();
  const pair = [{ box: boxAt(100, 100, 60), score: 0.6 }, { box: boxAt(150, 100, 60), score: 0.7 }];
  clip.show(0, pair);
  const tracks = clip.show(50, pair.toReversed());
  assert.deepEqual(tracks.map(({ id, score }) => [id, score]), [[1, 0.6], [2, 0.7]]);
});

test('a face is reported from its second detection on; one detected once never is', () => {
  const clip = new Clip();
  assert.deepEqual(clip.show(0, [{ box }]), []);
  assert.deepEqual(clip.show(50, [{ box }], false), []);
  assert.deepEqual(clip.show(100, [{ box }]).map(({ id }) => id), [1]);
  const phantom = new Clip();
  for (let i = 0; i < 10; i += 1) {
    assert.deepEqual(phantom.show(i * 200, [{ box, found: i % 2 ? null : box }]), []);
  }
});

test('a weak detection starts no track, but goes on with one', () => {
  const clip = new Clip();
  for (let i = 0; i < 5; i += 1) assert.deepEqual(clip.show(i * 200, [{ box, score: 0.45 }]), []);
  for (let i = 5; i < 7; i += 1) clip.show(i * 200, [{ box, score: 0.6 }]);
  for (let i = 7; i < 20; i += 1) assert.equal(clip.show(i * 200, [{ box, score: 0.45 }]).length, 1);
});

test('a track ends after some passes without a detection, however well it can be followed', () => {
  const clip = new Clip();
  for (let i = 0; i < 3; i += 1) clip.show(i * 200, [{ box }]);
  const missed = [{ box, found: null }];
  for (let i = 3; i < 3 + TRACKER.maxMisses; i += 1) assert.equal(clip.show(i * 200, missed).length, 1);
  assert.deepEqual(clip.show(2000, missed), []);
});

test('a pass that cannot detect so small a face does not end its track', () => {
  const clip = new Clip();
  const small = boxAt(100, 100, 18);
  for (let i = 0; i < 3; i += 1) clip.show(i * 100, [{ box: small }]);
  for (let i = 3; i < 20; i += 1) {
    assert.equal(clip.show(i * 100, [{ box: small, found: null }], true, 24).length, 1);
  }
});

test('a detection within a known face, or round it, is no other face', () => {
  const clip = new Clip();
  const [part, round] = [boxAt(150, 110, 24), boxAt(160, 125, 180)];
  for (let i = 0; i < 5; i += 1) {
    const others = [part, round].map((found) => ({ box: boxAt(-500, 0, 10), found }));
    assert.ok(clip.show(i * 100, i < 2 ? [{ box }] : [{ box }, ...others]).length <= 1);
  }
});

test('a face that is gone is reported for a moment, and gets its id back if it returns soon', () => {
  const clip = new Clip();
  for (let now = 0; now <= 1000; now += 50) clip.show(now, [{ box }]);
  assert.equal(clip.show(1000 + TRACKER.maxCoastMs, [], false).length, 1);
  assert.equal(clip.show(1001 + TRACKER.maxCoastMs, [], false).length, 0);
  assert.deepEqual(clip.show(1000 + TRACKER.maxAgeMs, [{ box }]).map(({ id }) => id), [1]);
  clip.show(2001 + TRACKER.maxAgeMs, [], false);
  clip.show(2010 + TRACKER.maxAgeMs, [{ box }]);
  assert.deepEqual(clip.show(2050 + TRACKER.maxAgeMs, [{ box }]).map(({ id }) => id), [2]);
});

test('the smallest face that is new or lost is known', () => {
  const clip = new Clip();
  assert.equal(clip.tracker.smallestUnconfirmedPx, undefined);
  clip.show(0, [{ box }, { box: boxAt(40, 40, 20) }]);
  assert.equal(clip.tracker.smallestUnconfirmedPx, 20);
  clip.show(50, [{ box }, { box: boxAt(40, 40, 20) }]);
  assert.equal(clip.tracker.smallestUnconfirmedPx, undefined);
  clip.show(100, [{ box: boxAt(40, 40, 20) }], false);
  assert.ok(Math.abs((clip.tracker.smallestUnconfirmedPx ?? 0) - 80) < 1);
});

test('ids are not used again after a reset', () => {
  const clip = new Clip();
  for (const now of [0, 50]) clip.show(now, [{ box }]);
  clip.tracker.reset();
  assert.equal(clip.tracker.size, 0);
  for (const now of [100, 150]) clip.show(now, [{ box }]);
  assert.deepEqual(clip.tracker.report(150).map(({ id }) => id), [2]);
});

test('those that have waited longest are classified first; a lost face waits', () => {
  const clip = new Clip();
  const crowd = [0, 1, 2].map((i) => ({ box: boxAt(60 + 90 * i, 100, 60) }));
  clip.show(0, crowd);
  const { tracker } = clip;
  const frame = (/** @type {Drawn[]} */ faces) => {
    return draw(faces.map((face) => face.box));
  };
  tracker.follow(frame(crowd), 100);
  assert.deepEqual(tracker.due(100, 2).map(({ id }) => id), [1, 2]);
  tracker.follow(frame(crowd), 200);
  assert.deepEqual(tracker.due(200, 2).map(({ id }) => id), [3, 1]);
  tracker.follow(frame(crowd.slice(0, 2)), 300);
  assert.deepEqual(tracker.due(300, 9).map(({ id }) => id), [2, 1]);
});

test('a face that was never classified is unsure, one too small says so', () => {
  const clip = new Clip();
  const faces = [{ box }, { box: boxAt(40, 40, 14), answer: {} }];
  /** @type {ReturnType<Clip['show']>} */
  let tracks = [];
  for (let now = 0; now < 400; now += 50) tracks = clip.show(now, faces);
  const [first, second] = tracks;
  assert.deepEqual([first.label, first.probability, first.probabilities], ['unsure', 0, {}]);
  assert.deepEqual([second.label, second.probability, second.probabilities], ['too_small', 0, {}]);
});

test('what was reported before is not changed by later frames', () => {
  const clip = new Clip();
  clip.show(0, [{ box, answer: masked }]);
  const reported = clip.show(50, [{ box: boxAt(164, 120, 80), answer: masked }]);
  const copy = structuredClone(reported);
  clip.show(100, [{ box: boxAt(170, 120, 80), answer: answer('without_mask') }]);
  assert.deepEqual(reported, copy);
});

test('ten thousand frames leave nothing behind', () => {
  const clip = new Clip();
  for (let i = 0; i < 10_000; i += 1) {
    clip.show(i * 60, i % 50 < 3 ? [{ box: boxAt(40 + ((i * 7) % 240), 120, 50) }] : []);
  }
  assert.ok(clip.tracker.size <= 1);
});
