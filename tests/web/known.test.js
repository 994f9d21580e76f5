import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DENIED } from '../../web/static/js/denied.js';
import { iou } from '../../web/static/js/geometry.js';
import { KNOWN, KnownFaces } from '../../web/static/js/known.js';
import { pyramid } from '../../web/static/js/refine.js';
import { scene, square } from './scene.js';

/** @import { Box } from '../../web/static/js/geometry.js' */

const view = { left: 0, top: 0, right: 256, bottom: 192 };
const half = { left: 0, top: 0, right: 192, bottom: 192 };
const box = square(80, 90, 50);

/** @param {Box} there */
const face = (there, score = 0.9) => ({ box: there, score, points: [] });

/**
 * A look at a scene.
 * @param {Box[]} boxes in it
 * @param {object} [sight]
 */
const at = (boxes, sight = {}) => {
  return { view, whole: true, levels: pyramid(scene(boxes), 1), now: 0, ...sight };
};

/** One that knows the face in `box`. */
function knowing() {
  const known = new KnownFaces(0.3);
  known.see([face(box)], at([box]));
  believe(known);
  return known;
}

/**
 * Closer looks see all again that is in doubt.
 * @param {KnownFaces} known
 */
function believe(known) {
  for (let one = known.doubtful; one; one = known.doubtful) known.confirm(one, [face(one.box)], 0);
}

test('a face is followed, and its motion foreseen', () => {
  const known = knowing();
  for (let frame = 1; frame <= 8; frame += 1) {
    const there = square(80 + frame * 9, 90, 50);
    known.follow(pyramid(scene([there]), 1), frame * 33);
    assert.ok(iou(known.faces[0].box, there) > 0.85, `frame ${frame}`);
  }
  assert.equal(known.lost, false);
});

test('one that is gone is lost, and given up at the next look', () => {
  const known = knowing();
  known.follow(pyramid(scene([]), 1), 33);
  assert.equal(known.lost, true);
  known.see([], at([]));
  assert.deepEqual(known.faces, []);
});

test('a new one is told of once a closer look is sure of it, at about the same place', () => {
  for (const [found, count] of /** @type {const} */ ([
    [[face(square(84, 88, 46), KNOWN.sure)], 1],
    [[face(box, KNOWN.sure - 0.01)], 0],
    [[face(square(84, 88, 80))], 0],
    [[], 0],
  ])) {
    const known = new KnownFaces(0.3);
    known.see([face(box, KNOWN.sure)], at([box]));
    assert.deepEqual(known.faces, []);
    known.confirm(/** @type {any} */ (known.doubtful), [...found], 33);
    assert.equal(known.faces.length, count);
    assert.equal(known.doubtful, undefined);
  }
});

test('of what only a half shows, small, a closer look must be surer', () => {
  const { sure, smallSure } = KNOWN;
  for (const [side, score, count] of /** @type {const} */ ([
    [30, smallSure, 1],
    [30, smallSure - 0.01, 0],
    [50, sure, 1],
  ])) {
    const known = new KnownFaces(0.3);
    const there = square(80, 90, side);
    known.see([face(there, score)], at([there], { view: half, whole: false }));
    known.confirm(/** @type {any} */ (known.doubtful), [face(there, score)], 33);
    assert.equal(known.faces.length, count, `${side} ${score}`);
  }
});

test('the likeliest is looked at first', () => {
  const known = new KnownFaces(0.3);
  known.see([face(box, 0.4), face(square(200, 90, 50), 0.8)], at([box]));
  assert.deepEqual(known.doubtful?.box, square(200, 90, 50));
});

test('what a closer look denied is in doubt again only after a while, and then in another way', () => {
  const known = new KnownFaces(0.3);
  known.see([face(box)], at([box]));
  known.confirm(/** @type {any} */ (known.doubtful), [], 0);
  known.see([face(square(82, 91, 52))], at([box], { now: DENIED.wait - 1 }));
  known.see([face(box, 0.9 + DENIED.surer)], at([box], { now: 1 }));
  assert.ok(known.doubtful); // somebody may have come
  known.see([], at([box], { now: 1 }));
  const denials = () => known.doubtful?.denials;
  assert.equal(denials(), undefined);
  known.see([face(square(200, 90, 50))], at([box], { now: DENIED.wait - 1 }));
  assert.equal(denials(), 0); // another place
  known.see([face(box)], at([box], { now: DENIED.wait }));
  assert.equal(denials(), 1);
});

test('the longer a place is denied, the seldomer it is looked at', () => {
  const known = new KnownFaces(0.3);
  const times = [];
  for (let now = 0; now < 5000; now += 100) {
    known.see([face(box)], at([box], { now }));
    if (known.doubtful) {
      known.confirm(known.doubtful, [], now);
      times.push(now);
    }
  }
  assert.deepEqual(times, [0, 500, 1500, 3000, 4500]);
});

test('one that is seen less than clearly for long is given up unless a closer look sees it', () => {
  for (const [score, count] of /** @type {const} */ ([[KNOWN.clear, 1], [KNOWN.clear - 0.01, 0]])) {
    const known = knowing();
    for (let look = 0; look <= KNOWN.faint; look += 1) {
      assert.equal(known.doubtful, undefined);
      known.see([face(box, 0.4)], at([box]));
    }
    known.confirm(/** @type {any} */ (known.doubtful), [face(box, score)], 0);
    assert.equal(known.faces.length, count);
    assert.equal(known.doubtful, undefined);
  }
});

test('what is in doubt is given up by the first look that overlooks it', () => {
  const known = new KnownFaces(0.3);
  known.see([face(box)], at([box]));
  known.see([], at([box]));
  assert.equal(known.doubtful, undefined);
});

test('one that reaches over a known face is none, until that is gone for some time', () => {
  const wide = square(90, 95, 85); // so near that it could be the known one, were it not larger
  const known = knowing();
  const both = [face(box), face(wide)];
  for (let look = 0; look < 3; look += 1) known.see(both, at([box]));
  assert.deepEqual(
    known.faces.map((one) => one.box),
    [box],
  );
  known.follow(pyramid(scene([]), 1), 33); // the known one is gone
  for (let look = 0; look < 3; look += 1) known.see([face(wide)], at([wide], { now: 33 }));
  assert.equal(known.faces.length, 0);
  const later = at([wide], { now: 33 + KNOWN.remembered });
  known.see([face(wide)], later);
  believe(known);
  assert.deepEqual(
    known.faces.map((one) => one.box),
    [wide],
  );
});

test('one that was given up is told of again as soon as it is back', () => {
  const known = knowing();
  known.follow(pyramid(scene([]), 1), 33);
  known.see([], at([], { now: 33 }));
  assert.equal(known.faces.length, 0);
  known.see([face(box)], at([box], { now: 66 }));
  believe(known);
  assert.equal(known.faces.length, 1);
});

test('one that looks overlook is kept for some, as long as it can be followed', () => {
  const known = knowing();
  for (let look = 0; look < KNOWN.misses; look += 1) known.see([], at([box]));
  assert.equal(known.faces.length, 1);
  known.see([], at([box]));
  assert.equal(known.faces.length, 0);
});

test('a look elsewhere does not overlook it', () => {
  const known = knowing();
  const right = { left: 150, top: 0, right: 256, bottom: 106 };
  for (let look = 0; look < 9; look += 1) known.see([], at([box], { view: right, whole: false }));
  assert.equal(known.faces.length, 1);
});

test('what the whole shows keeps its box when a half shows it too', () => {
  const known = knowing();
  known.see([face(square(83, 92, 48))], at([box], { view: half, whole: false }));
  assert.deepEqual(known.faces.map((one) => one.box), [box]);
  known.see([face(square(83, 92, 48))], at([box]));
  assert.deepEqual(known.faces[0].box, square(83, 92, 48));
});

test('two that are followed to the same place are one', () => {
  const known = new KnownFaces(0.3);
  const near = square(80, 128, 50);
  known.see([face(box), face(near)], at([box]));
  believe(known);
  assert.equal(known.faces.length, 2);
  known.see([face(box), face(square(84, 90, 50))], at([box]));
  known.follow(pyramid(scene([box]), 1), 33);
  assert.equal(known.faces.filter((one) => iou(one.box, box) > 0.5).length, 1);
});

test('all can be forgotten', () => {
  const known = knowing();
  known.clear();
  assert.deepEqual(known.faces, []);
});
