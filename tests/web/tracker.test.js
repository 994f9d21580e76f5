import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iou } from '../../web/static/js/geometry.js';
import { TRACKER, Tracker } from '../../web/static/js/tracker.js';
import {
  LABELS, UNSURE_BELOW, answer, boxAt, chance, drift, normal, shakenAnswer, sighting, times,
} from './clip.js';

/** @import { Box } from '../../web/static/js/geometry.js' */
/** @import { Track } from '../../web/static/js/tracker.js' */

const RATES = [15, 30]; // updates a second
const newTracker = () => new Tracker(LABELS, UNSURE_BELOW);

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
 * @param {number} rate updates a second
 */
function classifier(random, rate) {
  const shake = drift(random, rate);
  return (/** @type {string} */ label) => shakenAnswer(label, 0.95, 0.6 * shake());
}

/**
 * A still face with the faults of real finders and classifiers: jitter of boxes and answers,
 * pictures in which it is not found, and every second or two a tenth of a second of wrong answers.
 * @param {number} rate updates a second
 * @param {number} seed
 * @param {(tracker: Tracker, box: Box, now: number) => boolean} classified whether the classifier looks
 */
function stillFace(rate, seed, classified = () => true) {
  const tracker = newTracker();
  const random = chance(seed);
  const classify = classifier(random, rate);
  let wrongFrom = 3000;
  const tracks = [];
  for (const now of times(rate, 30)) {
    if (now > wrongFrom + 100) wrongFrom = now + 1000 + 1000 * random();
    const given = classify(now < wrongFrom ? 'with_mask' : 'without_mask');
    const box = boxAt(320 + 2 * normal(random), 240 + 2 * normal(random), 150 + 2 * normal(random));
    const found = random() > 0.08;
    const looked = classified(tracker, box, now);
    const faces = found ? [sighting(box, looked ? given : undefined)] : [];
    tracks.push(tracker.update(faces, now));
  }
  return tracks;
}

for (const rate of RATES) {
  test(`a still face keeps its label and id for 30 s at ${rate} updates a second`, () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const tracks = stillFace(rate, seed).slice(2);
      assert.deepEqual([...new Set(tracks.flat().map(({ id }) => id))], [1]);
      assert.equal(changes(tracks.flat().map(({ label }) => label)), 0, `seed ${seed}`);
      assert.ok(tracks.every((seen) => seen.length === 1), 'it does not flicker');
    }
  });

  test(`so it does where settled faces are left out, at ${rate} updates a second`, () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      let [asked, looked] = [0, 0];
      const tracks = stillFace(rate, seed, (tracker, box, now) => {
        const [due] = tracker.due([{ box }], now);
        asked += 1;
        looked += due ? 1 : 0;
        return due;
      });
      assert.equal(changes(tracks.flat().map(({ label }) => label)), 0, `seed ${seed}`);
      assert.ok(looked < asked * (rate === 30 ? 0.5 : 0.7), `${looked} of ${asked} classified`);
    }
  });

  for (const [from, to] of [
    ['with_mask', 'without_mask'],
    ['without_mask', 'with_mask'],
    ['with_mask', 'incorrect_mask'],
  ]) {
    test(`${from} to ${to} is told within 0.7 s at ${rate} updates a second`, () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const tracker = newTracker();
        const random = chance(seed);
        const classify = classifier(random, rate);
        const change = 4000 + 300 * random();
        let told = NaN;
        for (const now of times(rate, 5)) {
          const given = classify(now < change ? from : to);
          const box = boxAt(320, 240, 150);
          const [due] = tracker.due([{ box }], now);
          const face = sighting(box, due ? given : undefined);
          const [track] = tracker.update([face], now);
          if (Number.isNaN(told) && track?.label === to) told = now;
        }
        assert.ok(told > change && told - change <= 700, `seed ${seed}: ${told - change} ms`);
      }
    });
  }

  test(`a face keeps its id while the camera pans and zooms, at ${rate} updates a second`, () => {
    const tracker = newTracker();
    const random = chance(5);
    for (const now of times(rate, 20)) {
      const t = now / 1000;
      const side = 120 * (1 + 0.5 * Math.sin(t));
      const face = boxAt(320 + 180 * Math.sin(t * 1.5), 240 + 60 * Math.cos(t * 2), side);
      const found = random() > 0.1;
      const tracks = tracker.update(found ? [sighting(face, answer('with_mask'))] : [], now);
      if (found && now > 2000) {
        assert.deepEqual(tracks.map(({ id }) => id), [1]);
        assert.ok(iou(tracks[0].box, face) > 0.8, `at ${now}: ${iou(tracks[0].box, face)}`);
      }
    }
  });
}

test('five faces in a pan stay themselves, in whatever order they are found', () => {
  const tracker = newTracker();
  const random = chance(7);
  const scores = [0.5, 0.6, 0.7, 0.8, 0.9]; // tell which face is which
  /** @type {Map<number, number>} */
  const owners = new Map();
  for (const now of times(15, 10)) {
    const faces = scores.map((score, i) => {
      const x = 100 + 110 * i + 80 * Math.sin(now / 400);
      return { ...sighting(boxAt(x, 200, 70), answer('with_mask')), score };
    });
    const tracks = tracker.update(faces.toSorted(() => random() - 0.5), now);
    assert.deepEqual(tracks.map(({ id }) => id), tracks.length === 0 ? [] : [1, 2, 3, 4, 5]);
    for (const { id, score } of tracks) {
      assert.equal(score, owners.get(id) ?? score);
      owners.set(id, score);
    }
  }
  assert.deepEqual([...owners.values()].toSorted(), scores);
});

test('two faces that pass each other keep their ids and verdicts', () => {
  const tracker = newTracker();
  /** @type {Track[]} */
  let tracks = [];
  for (const now of times(15, 4)) {
    const way = (now - 1000) * 0.15;
    tracks = tracker.update([
      sighting(boxAt(40 + way, 200, 100), answer('with_mask')),
      sighting(boxAt(640 - way, 240, 110), answer('without_mask')),
    ], now);
  }
  const told = tracks.map(({ id, label }) => [id, label]);
  assert.deepEqual(told, [[1, 'with_mask'], [2, 'without_mask']]);
  assert.ok(tracks[0].box.left > tracks[1].box.left, 'they have passed');
});

test('faces that overlap are not exchanged, whichever is found first', () => {
  const tracker = newTracker();
  const pair = [sighting(boxAt(100, 100, 100)), sighting(boxAt(150, 100, 100))];
  tracker.update(pair, 0);
  const tracks = tracker.update(pair.toReversed(), 50);
  assert.deepEqual(tracks.map(({ id, box }) => [id, box.left]), [[1, 50], [2, 100]]);
});

test('where one of two close faces is missing, the other stays itself', () => {
  const tracker = newTracker();
  const pair = [sighting(boxAt(100, 100, 100)), sighting(boxAt(150, 100, 100))];
  for (const now of [0, 50]) tracker.update(pair, now);
  const [first, second] = tracker.update([sighting(boxAt(100, 110, 100))], 100);
  assert.ok(first.box.top > 50);
  assert.equal(second.box.top, 50);
});

test('a second face at the place of a known one is another', () => {
  const tracker = newTracker();
  tracker.update([sighting(boxAt(100, 100, 100))], 0);
  const pair = [sighting(boxAt(100, 100, 100)), sighting(boxAt(110, 100, 100))];
  tracker.update(pair, 50);
  assert.deepEqual(tracker.update(pair, 100).map(({ id }) => id), [1, 2]);
});

test('one who runs past is expected ahead, where the pictures are few', () => {
  const tracker = newTracker();
  const ids = new Set();
  let x = 0;
  for (let i = 0; i < 20; i += 1) {
    x += Math.min(i * 15, 150); // up to one and a half sides from picture to picture
    for (const { id } of tracker.update([sighting(boxAt(x, 100, 100))], i * 200)) ids.add(id);
  }
  assert.deepEqual([...ids], [1]);
});

test('a face is told of from its second sighting on', () => {
  const tracker = newTracker();
  const face = sighting(boxAt(100, 100, 50), answer('with_mask'));
  assert.deepEqual(tracker.update([face], 0), []);
  assert.deepEqual(tracker.update([face], 50).map(({ id }) => id), [1]);
});

test('a false face that is seen once is never told of', () => {
  const tracker = newTracker();
  const face = sighting(boxAt(100, 100, 50), answer('without_mask'));
  for (let now = 0; now < 9000; now += 900) assert.deepEqual(tracker.update([face], now), []);
});

test('an unseen face stays for a moment, then goes, and gets its id back if it returns soon', () => {
  const tracker = newTracker();
  const face = sighting(boxAt(100, 100, 50), answer('with_mask'));
  for (let now = 0; now <= 1000; now += 50) tracker.update([face], now);
  assert.equal(tracker.update([], 1000 + TRACKER.coast).length, 1);
  assert.equal(tracker.update([], 1001 + TRACKER.coast).length, 0);
  assert.deepEqual(tracker.update([face], 1000 + TRACKER.keep).map(({ id }) => id), [1]);
  tracker.update([], 2001 + TRACKER.keep);
  tracker.update([face], 2010 + TRACKER.keep);
  assert.deepEqual(tracker.update([face], 2050 + TRACKER.keep).map(({ id }) => id), [2]);
});

test('ids are not used again after a reset', () => {
  const tracker = newTracker();
  const face = sighting(boxAt(100, 100, 50));
  tracker.update([face], 0);
  tracker.reset();
  assert.deepEqual(tracker.update([], 10), []);
  tracker.update([face], 50);
  assert.deepEqual(tracker.update([face], 100).map(({ id }) => id), [2]);
});

test('a face elsewhere, or of another size, is another face', () => {
  for (const other of [boxAt(200, 100, 50), boxAt(100, 100, 100)]) {
    const tracker = newTracker();
    tracker.update([sighting(boxAt(100, 100, 50))], 0);
    tracker.update([sighting(other)], 50);
    assert.deepEqual(tracker.update([sighting(other)], 100).map(({ id }) => id), [2]);
  }
});

test('a face that was never classified is unsure, one too small says so', () => {
  const tracker = newTracker();
  const [box, small] = [boxAt(100, 100, 50), boxAt(300, 100, 9)];
  for (let now = 0; now < 300; now += 50) tracker.update([sighting(box), sighting(small, {})], now);
  const [first, second] = tracker.update([sighting(box), sighting(small, {})], 300);
  assert.deepEqual([first.label, first.probability, first.probabilities], ['unsure', 0, {}]);
  assert.deepEqual([second.label, second.probability, second.probabilities], ['too_small', 0, {}]);
});

test('due names the faces that are new or not settled, and changes nothing', () => {
  const tracker = newTracker();
  const known = sighting(boxAt(100, 100, 50), answer('with_mask'));
  for (let now = 0; now <= 1000; now += 50) tracker.update([known], now);
  const faces = [{ box: boxAt(300, 100, 50) }, { box: boxAt(102, 100, 50) }];
  assert.deepEqual(tracker.due(faces, 1050), [true, false]);
  assert.deepEqual(tracker.due(faces, 1050), [true, false]);
  assert.deepEqual(tracker.due(faces, 1000 + TRACKER.recheck), [true, true]);
});

test('what was told before is not changed by later pictures', () => {
  const tracker = newTracker();
  tracker.update([sighting(boxAt(100, 100, 50), answer('with_mask'))], 0);
  const told = tracker.update([sighting(boxAt(110, 100, 50), answer('with_mask'))], 50);
  const copy = structuredClone(told);
  tracker.update([sighting(boxAt(130, 100, 60), answer('without_mask'))], 100);
  assert.deepEqual(told, copy);
});
