import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  annotate, borderBoxes, lineWidth, placeWords,
} from '../../../web/static/js/vision/annotate.js';
import { LABELS } from '../../../web/static/js/labels.js';
import { golden } from '../golden.js';
import { verdictWords } from '../../../web/static/js/texts/texts.js';

const usual = { width: 30, height: 10 };

/**
 * Where words go on a picture of 100 × 100.
 * @param {[number, number, number, number]} box left, top, right, bottom
 * @param {{width: number, height: number}[]} sizes
 * @param {[number, number, number, number][]} taken
 */
function placed(box, sizes = [usual], taken = []) {
  const boxOf = (/** @type {number[]} */ [left, top, right, bottom]) => ({ left, top, right, bottom });
  const picture = { width: 100, height: 100 };
  const { which, place } = placeWords(boxOf(box), sizes, 2, picture, taken.map(boxOf));
  return [which, place.left, place.top, place.right, place.bottom];
}

test('words are placed above the box, below it or inside', () => {
  assert.deepEqual(placed([20, 50, 60, 80]), [0, 20, 38, 50, 48]);
  assert.deepEqual(placed([20, 5, 60, 80]), [0, 20, 82, 50, 92]);
  assert.deepEqual(placed([20, 5, 60, 95]), [0, 20, 7, 50, 17]);
  assert.deepEqual(placed([20, -9, 60, 95]), [0, 20, 0, 50, 10]);
});

test('words stay inside the picture', () => {
  assert.equal(placed([90, 50, 95, 60])[1], 70);
  assert.equal(placed([-5, 50, 60, 60])[1], 0);
  assert.equal(placed([50, 50, 60, 60], [{ width: 300, height: 10 }])[1], 0);
});

test('words do not cover other faces or words; shorter ones replace them', () => {
  const sizes = [usual, { width: 10, height: 10 }];
  assert.deepEqual(placed([20, 50, 60, 80], sizes, [[0, 30, 25, 48]]), [0, 20, 82, 50, 92]);
  const beside = /** @type {[number, number, number, number][]} */ ([[35, 0, 100, 100]]);
  assert.deepEqual(placed([20, 50, 60, 80], sizes, beside), [1, 20, 38, 30, 48]);
  const everywhere = /** @type {[number, number, number, number][]} */ ([[0, 0, 100, 100]]);
  assert.deepEqual(placed([20, 50, 60, 80], sizes, everywhere), [1, 20, 38, 30, 48]);
});

/** Records what is drawn. */
class Context {
  canvas = { width: 640, height: 480 };
  strokeStyle = '';
  /** @type {string[]} */
  words = [];
  /** @type {string[]} */
  borders = [];
  dash = '';

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash.length ? 'dashed' : 'solid';
  }

  strokeRect() {
    this.borders.push(`${this.strokeStyle} ${this.dash}`);
  }

  /** @param {string} words */
  fillText(words) {
    this.words.push(words);
  }

  fillRect() {}

  /** @param {string} words */
  measureText(words) {
    return { width: words.length };
  }
}

const box = { left: 10, top: 100, right: 60, bottom: 160 };
const verdicts = ['with_mask', 'without_mask', 'incorrect_mask', 'unsure', 'too_small'].map(
  (label) => ({ label, probability: 0.9, box }),
);

test('each verdict has words and its own border style', () => {
  const context = new Context();
  annotate(/** @type {any} */ (context), verdicts);
  assert.deepEqual(context.words, verdicts.map(({ label }) => verdictWords(label, 0.9)));
  const styles = verdicts.map((verdict) => {
    const one = new Context();
    annotate(/** @type {any} */ (one), [verdict]);
    return one.borders.join();
  });
  assert.equal(new Set(styles).size, 4); // unsure and too small share a style
});

test('faces are numbered on request', () => {
  const context = new Context();
  annotate(/** @type {any} */ (context), verdicts.slice(0, 2), true);
  assert.deepEqual(context.words.map((words) => words[0]), ['1', '2']);
});

test('line widths, borders and the place of words are Python’s', () => {
  const boxOf = (/** @type {number[]} */ [left, top, right, bottom]) => ({ left, top, right, bottom });
  const asBox = (/** @type {any} */ one) => (Array.isArray(one) ? boxOf(one) : one);
  const { line_width: lines, borders, words } = golden.annotate;
  for (const { line, ...size } of lines) assert.equal(lineWidth(size), line);
  const face = { left: 20, top: 50, right: 60, bottom: 80 };
  for (const { label, boxes } of borders) {
    assert.deepEqual(borderBoxes(face, LABELS[label].border, 3), boxes.map(asBox));
  }
  const sizes = [usual, { width: 10, height: 10 }];
  for (const { box: there, taken, which, place } of words) {
    const found = placeWords(asBox(there), sizes, 2, { width: 100, height: 100 }, taken.map(asBox));
    assert.deepEqual(found, { which, place: asBox(place) });
  }
});
