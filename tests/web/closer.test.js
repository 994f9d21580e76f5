import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SureFinder, closerView } from '../../web/static/js/closer.js';
import { assertClose, golden } from './golden.js';
import { square } from './scene.js';

/** @import { Box } from '../../web/static/js/geometry.js' */

const image = { data: new Uint8ClampedArray(0), width: 640, height: 480 };

/** A finder that sees what it is told, in the whole and closer. */
class Finder {
  settings = { iou_threshold: 0.3 };
  /** @type {[Box, number][]} */
  whole = [];
  /** @type {[Box, number][]} */
  closer = [];

  async find() {
    return faces(this.whole);
  }

  async findIn() {
    return faces(this.closer);
  }
}

/** @param {[Box, number][]} told */
const faces = (told) => told.map(([box, score]) => ({ box, score, points: [] }));

/**
 * What is found.
 * @param {Partial<Finder>} told
 */
async function find(told) {
  const finder = Object.assign(new Finder(), told);
  const found = await new SureFinder(/** @type {any} */ (finder)).find(image);
  return found.map(({ box, score }) => [box, Math.round(score * 100) / 100]);
}

const box = square(100, 100, 40);
const near = square(104, 102, 44);
const other = square(300, 200, 60);

test('a face is what a closer look sees too; its score is the mean of both', async () => {
  assert.deepEqual(await find({ whole: [[box, 0.4]], closer: [[near, 0.8]] }), [[box, 0.6]]);
  assert.deepEqual(await find({ whole: [[box, 0.4]], closer: [[near, 0.6]] }), []);
  assert.deepEqual(await find({ whole: [[box, 0.9]], closer: [] }), []);
  assert.deepEqual(await find({ whole: [[box, 0.9]], closer: [[other, 0.9]] }), []);
});

test('a face that fills the picture needs no closer look', async () => {
  const large = square(320, 240, 300);
  assert.deepEqual(await find({ whole: [[large, 0.7]] }), [[large, 0.7]]);
  assert.deepEqual(await find({ whole: [[large, 0.5]] }), []);
});

test('the surest comes first', async () => {
  const found = await find({ whole: [[box, 0.8], [other, 0.7]], closer: [[near, 0.6], [other, 0.9]] });
  assert.deepEqual(found, [[other, 0.8], [box, 0.7]]);
});

test('what a closer look shows is Python’s', () => {
  for (const { box: one, sides, view, ...size } of golden.closer) {
    assertClose(closerView(one, size, sides) ?? null, view, 1e-6);
  }
});
