import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Schedule } from '../../web/static/js/schedule.js';

/** @param {number} value of all pixels */
const grey = (value, width = 8) => {
  return { data: new Float32Array(width * 6).fill(value), width, height: 6, scale: 1 };
};
const still = { known: 1, lost: false, doubtful: false };
const nobody = { known: 0, lost: false, doubtful: false };

/**
 * The looks at a still scene, at 30 frames a second.
 * @param {Schedule} schedule
 * @param {number} frames
 * @param {number} [took] milliseconds of a look
 */
function looks(schedule, frames, took = 20) {
  return Array.from({ length: frames }, (_, i) => {
    const look = schedule.next(grey(100), still, i * (1000 / 30));
    if (look) schedule.took(took);
    return look;
  });
}

test('the first frame is looked at as a whole', () => {
  assert.equal(new Schedule().next(grey(100), nobody, 0), 'whole');
});

test('looks take turns between the whole and its halves, with frames between', () => {
  const seen = looks(new Schedule({ every: 120 }), 17);
  assert.deepEqual(seen.filter(Boolean), ['whole', 'first', 'whole', 'second', 'whole']);
  assert.equal(seen.filter((look) => !look).length, 12);
});

test('a slow device looks less often, and only at the whole', () => {
  const seen = looks(new Schedule({ every: 120, share: 3, bearable: 60 }), 31, 100).filter(Boolean);
  assert.deepEqual(seen, ['whole', 'whole', 'whole', 'whole']);
});

test('a face that got lost is looked for at once, in the whole', () => {
  const schedule = new Schedule();
  schedule.next(grey(100), still, 0);
  assert.equal(schedule.next(grey(100), still, 10), undefined);
  assert.equal(schedule.next(grey(100), { ...still, lost: true }, 20), 'whole');
  assert.equal(schedule.next(grey(100), still, 200), 'first');
});

test('a doubtful face is looked at at once, and the turns go on as they would have', () => {
  const schedule = new Schedule();
  assert.equal(schedule.next(grey(100), nobody, 0), 'whole');
  assert.equal(schedule.next(grey(100), { ...still, doubtful: true }, 10), 'closer');
  assert.equal(schedule.next(grey(100), still, 130), 'first');
});

test('a face that got lost comes before one in doubt', () => {
  const schedule = new Schedule();
  schedule.next(grey(100), still, 0);
  assert.equal(schedule.next(grey(100), { known: 1, lost: true, doubtful: true }, 10), 'whole');
});

test('a slow device looks closer at once where nobody is known, else when there is time', () => {
  const schedule = new Schedule({ share: 3, bearable: 60 });
  schedule.next(grey(100), nobody, 0);
  schedule.took(200);
  assert.equal(schedule.next(grey(100), { ...nobody, doubtful: true }, 210), 'closer');
  assert.equal(schedule.next(grey(100), { ...still, doubtful: true }, 420), undefined);
  assert.equal(schedule.next(grey(100), { ...still, doubtful: true }, 810), 'closer');
});

test('a cut is looked at once; a stir only where nobody is known', () => {
  for (const [change, faces, look] of /** @type {const} */ ([
    [40, still, 'whole'],
    [3, still, undefined],
    [3, nobody, 'whole'],
    [0.5, nobody, undefined],
  ])) {
    const schedule = new Schedule();
    schedule.next(grey(100), faces, 0);
    assert.equal(schedule.next(grey(100 + change), faces, 10), look, `${change}`);
  }
});

test('another size is another scene, and so is what comes after a reset', () => {
  const schedule = new Schedule();
  schedule.next(grey(100), still, 0);
  assert.equal(schedule.next(grey(100, 9), still, 10), 'whole');
  assert.equal(schedule.next(grey(100, 9), still, 20), undefined);
  schedule.reset();
  assert.equal(schedule.next(grey(100, 9), still, 30), 'whole');
});
