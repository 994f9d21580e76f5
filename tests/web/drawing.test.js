import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint, placeWords } from '../../web/static/js/drawing.js';
import { verdictWords } from '../../web/static/js/texts.js';

const picture = { width: 100 };

test('words stand above the box, or within it where there is no room', () => {
  assert.deepEqual(placeWords({ left: 20, top: 50 }, 30, 10, 2, picture), { left: 20, top: 38 });
  assert.deepEqual(placeWords({ left: 20, top: 5 }, 30, 10, 2, picture), { left: 20, top: 7 });
  assert.deepEqual(placeWords({ left: 20, top: -9 }, 30, 10, 2, picture), { left: 20, top: 0 });
});

test('words stay within the sides', () => {
  assert.equal(placeWords({ left: 90, top: 50 }, 30, 10, 2, picture).left, 70);
  assert.equal(placeWords({ left: -5, top: 50 }, 30, 10, 2, picture).left, 0);
  assert.equal(placeWords({ left: 50, top: 50 }, 300, 10, 2, picture).left, 0);
});

/** Notes what is painted. */
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

test('each verdict has its words and a border of its own', () => {
  const context = new Context();
  paint(/** @type {any} */ (context), verdicts);
  assert.deepEqual(context.words, verdicts.map(({ label }) => verdictWords(label, 0.9)));
  const looks = verdicts.map((verdict) => {
    const one = new Context();
    paint(/** @type {any} */ (one), [verdict]);
    return one.borders.join();
  });
  assert.equal(new Set(looks).size, 4); // unsure and too small look alike
});

test('faces are numbered where asked for', () => {
  const context = new Context();
  paint(/** @type {any} */ (context), verdicts.slice(0, 2), true);
  assert.deepEqual(context.words.map((words) => words[0]), ['1', '2']);
});
