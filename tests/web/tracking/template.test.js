import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iou } from '../../../web/static/js/vision/geometry.js';
import { extractTemplate, follow, ncc, pyramid } from '../../../web/static/js/tracking/template.js';
import { scene, square } from '../scene.js';

const box = square(100, 90, 60);
const levels = pyramid(scene([box]), 1);
const template = extractTemplate(levels, box);

test('a pyramid halves the picture and keeps its greys', () => {
  const white = { data: new Uint8ClampedArray(7 * 5 * 4).fill(255), width: 7, height: 5 };
  const sizes = pyramid(white, 0.5).map(({ width, height, scale }) => [width, height, scale]);
  assert.deepEqual(sizes, [[7, 5, 0.5], [3, 2, 0.25], [1, 1, 0.125]]);
  for (const { data } of pyramid(white, 0.5)) assert.ok(data.every((v) => Math.abs(v - 255) < 1e-3));
});

test('a template matches itself, also in other light, and not what is elsewhere', () => {
  const dim = pyramid(scene([box], { light: 0.5 }), 1);
  assert.ok(Math.abs(ncc(template, template) - 1) < 1e-5);
  assert.ok(ncc(template, extractTemplate(dim, box)) > 0.99);
  assert.ok(ncc(template, extractTemplate(levels, square(180, 90, 60))) < 0.6);
});

test('a textureless surface matches nothing', () => {
  const flat = pyramid({ data: new Uint8ClampedArray(64 * 64 * 4).fill(90), width: 64, height: 64 }, 1);
  assert.equal(ncc(extractTemplate(flat, square(32, 32, 20)), template), 0);
  assert.ok(follow(flat, template, [square(32, 32, 20)]).similarity < 0.1);
});

for (const [what, there] of /** @type {const} */ ([
  ['to the side', square(116, 90, 60)],
  ['up and away', square(92, 80, 54)],
  ['nearer', square(102, 92, 70)],
  ['beyond the edge', square(100, 175, 60)],
])) {
  test(`a face that moved ${what} is followed`, () => {
    const start = what === 'beyond the edge' ? square(100, 165, 60) : box;
    const found = follow(pyramid(scene([there]), 1), template, [start]);
    assert.ok(iou(found.box, there) > 0.88, JSON.stringify(found));
    assert.ok(found.similarity > 0.85, `${found.similarity}`);
  });
}

test('boxes are in pixels of the whole frame, whatever the scale', () => {
  const large = square(400, 360, 240);
  const quarter = pyramid(scene([box]), 1 / 4);
  assert.ok(ncc(template, extractTemplate(quarter, large)) > 0.99);
  const moved = pyramid(scene([square(108, 90, 60)]), 1 / 4);
  const found = follow(moved, extractTemplate(quarter, large), [large]);
  assert.ok(iou(found.box, square(432, 360, 240)) > 0.9);
});

test('a face that is gone does not match what is there', () => {
  assert.ok(follow(pyramid(scene([]), 1), template, [box]).similarity < 0.6);
});

test('of several places where it may be, the search begins at the best', () => {
  const there = square(190, 60, 60);
  const now = pyramid(scene([there]), 1);
  assert.ok(iou(follow(now, template, [box, square(180, 62, 60)]).box, there) > 0.9);
  assert.ok(iou(follow(now, template, [box]).box, there) < 0.5);
});
