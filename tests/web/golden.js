/** What the twins must answer, from tests/golden.json, and the picture that it is about. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** Python's answers; `python -m tests.golden` writes them. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden.json', import.meta.url), 'utf8'),
);

/**
 * The formula's picture, as tests/golden.py makes it.
 * @returns {import('../../web/static/js/vision/geometry.js').Frame}
 */
export function picture() {
  const [width, height] = [40, 30];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        data[(y * width + x) * 4 + c] = (x * 7 + y * 13 + c * 29 + ((x * y) >> 3)) & 255;
      }
    }
  }
  return { data, width, height };
}

/**
 * The same numbers at the same places, to a tolerance; anything else the same exactly.
 * @param {any} found
 * @param {any} expected
 * @param {number} tolerance
 * @param {string} [where]
 */
export function assertClose(found, expected, tolerance, where = '') {
  if (typeof expected === 'number') {
    const off = Math.abs(found - expected);
    assert.ok(off <= tolerance, `${where}: expected ${expected}, got ${found}`);
  } else if (expected !== null && typeof expected === 'object') {
    assert.deepEqual(Object.keys(found), Object.keys(expected), where);
    for (const key of Object.keys(expected)) {
      assertClose(found[key], expected[key], tolerance, `${where}.${key}`);
    }
  } else {
    assert.equal(found, expected, where);
  }
}
