import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutOff, halves, within } from '../../web/static/js/views.js';
import { square } from './scene.js';

const picture = { width: 640, height: 480 };

test('halves overlap and cover the picture', () => {
  assert.deepEqual(halves({ width: 640, height: 480 }), {
    first: { left: 0, top: 0, right: 480, bottom: 480 },
    second: { left: 160, top: 0, right: 640, bottom: 480 },
  });
  assert.deepEqual(halves({ width: 300, height: 400 }).second, {
    left: 0, top: 100, right: 300, bottom: 400,
  });
});

test('a square is moved into the picture, and made smaller only where it is too large', () => {
  assert.deepEqual(within(square(100, 200, 80), picture), square(100, 200, 80));
  assert.deepEqual(within(square(10, 470, 80), picture), square(40, 440, 80));
  assert.deepEqual(within(square(300, 100, 900), picture), { left: 60, top: 0, right: 540, bottom: 480 });
});

test('what touches an edge of a view within the picture may be cut off', () => {
  const { first, second } = halves(picture);
  assert.ok(cutOff(square(470, 200, 40), first, picture));
  assert.ok(cutOff(square(170, 200, 40), second, picture));
  assert.ok(!cutOff(square(10, 200, 40), first, picture)); // at the edge of the picture
  assert.ok(!cutOff(square(300, 20, 60), first, picture));
});
