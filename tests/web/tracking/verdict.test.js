import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRACKER } from '../../../web/static/js/tracking/tracker.js';
import { StableVerdict } from '../../../web/static/js/tracking/verdict.js';
import { LABELS, UNSURE_BELOW, answer } from '../clip.js';

const STEP = 50; // milliseconds

/**
 * Feed the same result repeatedly.
 * @param {StableVerdict} verdict
 * @param {Record<string, number>} given
 * @param {number} from
 * @param {number} to both in milliseconds
 * @returns {string[]} the labels, without repetitions
 */
function feed(verdict, given, from, to) {
  /** @type {string[]} */
  const shown = [];
  for (let now = from; now <= to; now += STEP) {
    verdict.update(given, now);
    if (shown.at(-1) !== verdict.label) shown.push(verdict.label);
  }
  return shown;
}

const newVerdict = (unsureBelow = UNSURE_BELOW) => new StableVerdict(LABELS, unsureBelow, TRACKER);

test('a verdict starts unsure and changes once a label persists', () => {
  const verdict = newVerdict();
  assert.equal(verdict.label, 'unsure');
  assert.equal(verdict.probability, 0);
  assert.deepEqual(feed(verdict, answer('with_mask'), 0, 300), ['unsure', 'with_mask']);
  assert.ok(verdict.probability > 0.95);
});

test('short flicker is ignored, lasting change is not', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 2000);
  assert.deepEqual(feed(verdict, answer('without_mask'), 2050, 2200), ['with_mask']);
  assert.deepEqual(feed(verdict, answer('with_mask'), 2250, 4000), ['with_mask']);
  assert.equal(feed(verdict, answer('without_mask'), 4050, 5000).at(-1), 'without_mask');
});

test('low probabilities that persist make it unsure', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 2000);
  assert.equal(feed(verdict, answer('with_mask', 0.45), 2050, 5000).at(-1), 'unsure');
  assert.ok(verdict.probability > 0.4 && verdict.probability < 0.7);
});

test('near the threshold the label does not change', () => {
  const [from, below] = [newVerdict(), newVerdict()];
  feed(from, answer('with_mask', 0.9), 0, 1000);
  assert.deepEqual(feed(from, answer('with_mask', 0.6), 1050, 5000), ['with_mask']);
  assert.deepEqual(feed(below, answer('with_mask', 0.6), 0, 5000), ['unsure']);
});

test('two labels of similar probability do not alternate, however low the threshold', () => {
  const verdict = newVerdict(0.3);
  feed(verdict, { with_mask: 0.5, without_mask: 0.4, incorrect_mask: 0.1 }, 0, 1000);
  const other = { with_mask: 0.4, without_mask: 0.5, incorrect_mask: 0.1 };
  assert.deepEqual(feed(verdict, other, 1050, 5000), ['with_mask']);
  const clear = { with_mask: 0.2, without_mask: 0.7, incorrect_mask: 0.1 };
  assert.equal(feed(verdict, clear, 5050, 7000).at(-1), 'without_mask');
});

test('too small is reported once it persists, without probabilities', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 2000);
  assert.deepEqual(feed(verdict, {}, 2050, 2100), ['with_mask']);
  assert.equal(feed(verdict, {}, 2200, 2500).at(-1), 'too_small');
  assert.equal(verdict.probability, 0);
  assert.deepEqual(verdict.probabilities, {});
  assert.equal(verdict.stable(2500), false);
  verdict.update(answer('without_mask'), 2550);
  assert.deepEqual([verdict.label, verdict.probability], ['too_small', 0]);
  assert.equal(feed(verdict, answer('without_mask'), 2600, 3000).at(-1), 'without_mask');
});

test('a face near the smallest size keeps its verdict', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 1000);
  for (let now = 1050; now < 4000; now += STEP) {
    verdict.update(now % 100 === 0 ? answer('with_mask') : {}, now);
    assert.equal(verdict.label, 'with_mask');
    assert.ok(verdict.probability > 0.9);
  }
});

test('a confident verdict becomes stable, for a limited time', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 500);
  assert.equal(verdict.stable(500), false);
  feed(verdict, answer('with_mask'), 550, 700);
  assert.equal(verdict.stable(700), true);
  assert.equal(verdict.stable(700 + TRACKER.reclassifyAfterMs - 1), true);
  assert.equal(verdict.stable(700 + TRACKER.reclassifyAfterMs), false);
});

test('a result that disagrees ends the stability at once', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask'), 0, 2000);
  verdict.update(answer('without_mask'), 2050);
  assert.equal(verdict.label, 'with_mask');
  assert.equal(verdict.stable(2051), false);
});

test('a verdict of moderate probability does not become stable', () => {
  const verdict = newVerdict();
  feed(verdict, answer('with_mask', 0.8), 0, 5000);
  assert.equal(verdict.label, 'with_mask');
  assert.equal(verdict.stable(5000), false);
});
