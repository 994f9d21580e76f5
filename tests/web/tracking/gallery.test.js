import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appearanceDistance, extractAppearance, thumbnail } from '../../../web/static/js/tracking/appearance.js';
import { TALLY } from '../../../web/static/js/tracking/tally.js';
import { levelsOf } from '../../../web/static/js/tracking/template.js';
import { TRACKER, Tracker } from '../../../web/static/js/tracking/tracker.js';
import { DETECTOR, LABELS, UNSURE_BELOW, boxAt } from '../clip.js';
import { drawGray, drawPeople } from '../scene.js';

/** @import { Box } from '../../../web/static/js/vision/geometry.js' */

/** @typedef {{box: Box, color: number[]}} Person */

const SIZE = { width: 320, height: 240 };
const BLUE = [40, 60, 160];
const YELLOW = [200, 180, 60];
const HERE = boxAt(90, 90, 60);
const THERE = boxAt(220, 90, 60);

/** A tracker of people in color, each frame of whom the detector sees. */
class Door {
  tracker = new Tracker(LABELS, UNSURE_BELOW, DETECTOR);
  now = 0;

  /**
   * Show the same for some time, ten frames a second.
   * @param {Person[]} people
   * @param {number} ms
   * @param {Person[]} [detected]
   * @returns {number[]} the ids reported at its end
   */
  show(people, ms, detected = people) {
    const levels = levelsOf(drawGray(people.map(({ box }) => box), SIZE));
    const colors = thumbnail(drawPeople(people, SIZE), 1);
    const detections = detected.map(({ box }) => ({ box, score: 0.9 }));
    for (let i = 0; i < ms / 100; i += 1) {
      this.tracker.follow(levels, this.now);
      this.tracker.correct({ detections, frames: [levels], minFacePx: 0, colors }, this.now);
      this.now += 100;
    }
    return this.tracker.report(this.now - 100).map(({ id }) => id);
  }
}

test('a person who comes out from behind a pillar keeps the id', () => {
  const door = new Door();
  assert.deepEqual(door.show([{ box: HERE, color: BLUE }], 1000), [1]);
  assert.deepEqual(door.show([], 2500), []);
  assert.deepEqual(door.show([{ box: THERE, color: BLUE }], 500), [1]);
});

test('another person at the same place gets a new id', () => {
  const door = new Door();
  door.show([{ box: HERE, color: BLUE }], 1000);
  door.show([], 1500);
  assert.deepEqual(door.show([{ box: HERE, color: YELLOW }], 1000), [2]);
});

test('a person who comes back too late gets a new id', () => {
  const door = new Door();
  door.show([{ box: HERE, color: BLUE }], 1000);
  door.show([], TRACKER.maxAbsenceMs + 200);
  assert.deepEqual(door.show([{ box: HERE, color: BLUE }], 500), [2]);
  assert.ok(TRACKER.maxAbsenceMs < TALLY.maxGapMs, 'one who comes back is not counted twice');
});

test('an id is never shared', () => {
  const door = new Door();
  door.show([{ box: HERE, color: BLUE }], 1000);
  door.show([], 1500);
  const alike = [HERE, THERE].map((box) => ({ box, color: BLUE }));
  assert.deepEqual(door.show(alike, 1000), [1, 3]);
});

test('people who cross keep their ids', () => {
  const door = new Door();
  /** @type {number[]} */
  let ids = [];
  for (let x = 60; x < 270; x += 6) {
    const left = { box: boxAt(x, 80, 60), color: BLUE };
    const right = { box: boxAt(320 - x, 84, 66), color: YELLOW };
    const hidden = Math.abs(2 * x - 320) < 50;
    ids = door.show([left, right], 100, hidden ? [right] : [left, right]);
  }
  const [first, second] = door.tracker.report(door.now - 100);
  assert.deepEqual(ids, [1, 2]);
  assert.ok(first.box.left > second.box.left, 'they have passed');
});

test('a track that jumped to the person in front gives that one the own id back', () => {
  const door = new Door();
  door.show([{ box: HERE, color: BLUE }, { box: boxAt(200, 90, 60), color: YELLOW }], 1000);
  assert.deepEqual(door.show([{ box: boxAt(94, 90, 60), color: YELLOW }], 1000), [2]);
});

test('a face partly hidden waits for its identity, and is new in the end', () => {
  const door = new Door();
  const somewhatAlike = { box: HERE, color: [90, 70, 90] };
  door.show([{ box: HERE, color: BLUE }], 1000);
  door.show([], 1500);
  assert.deepEqual(door.show([somewhatAlike], 400), []);
  assert.deepEqual(door.show([{ box: HERE, color: BLUE }], 100), [1]);
  door.show([], 1500);
  assert.deepEqual(door.show([somewhatAlike], TRACKER.maxDoubtMs + 100), [3]);
});

test('no face is recognized after a reset', () => {
  const door = new Door();
  door.show([{ box: HERE, color: BLUE }], 1000);
  door.show([], 1500);
  door.tracker.reset();
  assert.deepEqual(door.show([{ box: HERE, color: BLUE }], 500), [2]);
});

test('an appearance does not depend on the light, and is finite beyond the frame', () => {
  const of = (/** @type {number[]} */ color, light = 1) => {
    const frame = drawPeople([{ box: HERE, color }], SIZE);
    const data = frame.data.map((value) => value * light);
    return extractAppearance(thumbnail({ ...frame, data }, 1), HERE);
  };
  assert.ok(appearanceDistance(of(BLUE), of(BLUE, 0.8)) < 0.1);
  assert.ok(appearanceDistance(of(BLUE), of(YELLOW)) > TRACKER.maxDistance);
  for (const [width, height] of [[1, 1], [9, 3], [320, 240]]) {
    const image = thumbnail(drawPeople([], { width, height }), 1);
    assert.ok(extractAppearance(image, boxAt(400, 300, 90)).every(Number.isFinite));
  }
});
