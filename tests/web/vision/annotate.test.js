import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternatives, annotate, borderBoxes, lineWidth } from '../../../web/static/js/vision/annotate.js';
import { placeLabels } from '../../../web/static/js/vision/placement.js';
import { LABELS } from '../../../web/static/js/labels.js';
import { assertClose, golden } from '../golden.js';
import { verdictWords } from '../../../web/static/js/texts/texts.js';

const boxOf = (/** @type {number[]} */ [left, top, right, bottom]) => ({ left, top, right, bottom });

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
    return { width: 5 * words.length };
  }
}

const labels = ['with_mask', 'without_mask', 'incorrect_mask', 'unsure', 'too_small'];
const verdicts = labels.map((label, i) => {
  return { label, probability: 0.9, box: boxOf([100 * i + 10, 100, 100 * i + 60, 160]) };
});

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

test('line widths and borders are Python’s', () => {
  const asBox = (/** @type {any} */ one) => (Array.isArray(one) ? boxOf(one) : one);
  const { line_width: lines, borders } = golden.annotate;
  for (const { line, boxes, ...size } of lines) {
    assert.equal(lineWidth(size, boxes.map(asBox)), line);
  }
  const face = { left: 20, top: 50, right: 60, bottom: 80 };
  for (const { label, boxes } of borders) {
    assert.deepEqual(borderBoxes(face, LABELS[label].border, 3), boxes.map(asBox));
  }
});

test('labels are placed as in Python', () => {
  const sizes = [30, 20, 10].map((width) => ({ width, height: 10 }));
  const picture = { width: 100, height: 100 };
  for (const { boxes, previous: known, placed } of golden.annotate.placements) {
    const previous = boxes.map((/** @type {any} */ place) => known && { which: 1, spot: 'below-right', place });
    const all = boxes.map(() => sizes);
    const found = placeLabels(boxes, all, 2, picture, previous, known ? 3 : 0);
    assertClose(found, placed, 1e-6);
  }
});

test('texts are Python’s', () => {
  for (const { label, number, faces, texts } of golden.annotate.texts) {
    const verdict = { label, probability: 0.964, box: boxOf([0, 0, 9, 9]) };
    assert.deepEqual(alternatives(verdict, number, faces), texts);
  }
});

test('in a crowd without numbers, symbols replace words', () => {
  const context = new Context();
  const faces = Array.from({ length: 40 }, (_, i) => {
    const [left, top] = [64 * (i % 10) + 4, 120 * Math.floor(i / 10) + 40];
    const box = { left, top, right: left + 56, bottom: top + 60 };
    return { label: 'incorrect_mask', probability: 0.9, box };
  });
  annotate(/** @type {any} */ (context), faces);
  assert.ok(context.words.includes(LABELS.incorrect_mask.symbol));
});
