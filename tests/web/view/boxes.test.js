import { test } from 'node:test';
import { placed } from '../../../web/static/js/view/boxes.js';
import { assertClose } from '../golden.js';

const box = { left: 60, top: 20, right: 90, bottom: 60 };

test('boxes are placed as shares of the picture', () => {
  assertClose(placed(box, 100, 80, false), { left: 0.6, top: 0.25, width: 0.3, height: 0.5 }, 1e-9);
});

test('mirroring exchanges left and right', () => {
  assertClose(placed(box, 100, 80, true), { left: 0.1, top: 0.25, width: 0.3, height: 0.5 }, 1e-9);
});

test('boxes are clipped to the picture', () => {
  const wide = { left: -50, top: -8, right: 50, bottom: 200 };
  assertClose(placed(wide, 100, 80, false), { left: 0, top: 0, width: 0.5, height: 1 }, 1e-9);
  assertClose(placed(wide, 100, 80, true), { left: 0.5, top: 0, width: 0.5, height: 1 }, 1e-9);
});
