/** What tests/vectors.json does not show of the schedule. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCHEDULE, Schedule } from '../../../web/static/js/tracking/schedule.js';

/** @import { Pass } from '../../../web/static/js/tracking/schedule.js' */

const FRAME_MS = 1000 / 30;

/** @param {number} value @param {number} [width] */
const gray = (value, width = 4) => {
  return { data: new Float32Array(width * 3).fill(value), width, height: 3, scale: 0.1 };
};

/**
 * The passes of ten seconds with one face in a still picture.
 * @param {Record<Pass, number>} durationMs
 */
function passes(durationMs) {
  const schedule = new Schedule();
  const counts = { near: 0, far: 0 };
  let busyUntil = 0;
  for (let now = 0; now < 10_000; now += FRAME_MS) {
    const pass = now < busyUntil ? undefined : schedule.next(gray(100), 1, undefined, now);
    if (!pass) continue;
    counts[pass] += 1;
    schedule.ended(pass, durationMs[pass]);
    busyUntil = now + durationMs[pass];
  }
  return counts;
}

test('a fast device starts near passes five times a second and a far one every second', () => {
  const { near, far } = passes({ near: 20, far: 60 });
  assert.ok(near >= 44 && near <= 50, `${near}`);
  assert.ok(far >= 9 && far <= 10, `${far}`);
});

test('a slow device spends no more of its time than it may', () => {
  const { near, far } = passes({ near: 250, far: 1000 });
  assert.ok(near * 250 + far * 1000 <= SCHEDULE.maxLoad * 10_000 + 1000, `${near}, ${far}`);
  assert.ok(far <= 3 && near >= 10, `${near}, ${far}`);
});

for (const [fps, durationMs] of [[3, 0], [5, 0], [10, 0], [30, 0], [30, 80]]) {
  test(`motion does not keep far passes from starting: ${fps} frames a second, ${durationMs} ms`, () => {
    const schedule = new Schedule();
    /** @type {Pass[]} */
    const started = [];
    let busyUntil = 0;
    for (let i = 0; i < 20 * fps; i += 1) {
      const now = (i * 1000) / fps;
      const pass = now < busyUntil ? undefined : schedule.next(gray(100 + 10 * (i % 7)), 0, undefined, now);
      if (!pass) continue;
      started.push(pass);
      const took = pass === 'near' ? durationMs : 4 * durationMs;
      schedule.ended(pass, took);
      busyUntil = now + took;
    }
    const far = started.filter((pass) => pass === 'far').length;
    assert.equal(started[0], 'near');
    assert.ok(far >= 8 && far <= started.length / 2, `${far} of ${started.length}`);
  });
}

test('another size is another scene, and so is what comes after a reset', () => {
  const schedule = new Schedule();
  assert.equal(schedule.next(gray(100), 1, undefined, 0), 'near');
  assert.equal(schedule.next(gray(100), 1, undefined, 10), 'far');
  assert.equal(schedule.next(gray(100, 9), 1, undefined, 120), 'near');
  assert.equal(schedule.next(gray(100, 9), 1, undefined, 130), undefined);
  schedule.reset();
  assert.equal(schedule.next(gray(100, 9), 1, undefined, 140), 'near');
});

test('only a far pass detects every size', () => {
  const schedule = new Schedule();
  assert.equal(schedule.minFacePx('near', 1000), 80);
  assert.equal(schedule.minFacePx('far', 1000), 0);
});
