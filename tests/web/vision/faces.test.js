import { test } from 'node:test';
import { crop, decide } from '../../../web/static/js/vision/faces.js';
import { assertClose, golden, picture } from '../golden.js';

test('decide is Python’s', () => {
  for (const one of golden.masks.decide) {
    const { label, probability } = one;
    const found = decide(one.probabilities, one.labels, one.unsure_below);
    assertClose(found, { label, probability }, 1e-6);
  }
});

test('crop is Python’s', () => {
  const { box, scale, shift, size, values } = golden.masks.crop;
  assertClose([...crop(picture(), box, scale, shift, size)], values, 1e-3);
});
