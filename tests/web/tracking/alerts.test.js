import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertRule } from '../../../web/static/js/tracking/alerts.js';

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */

const STEP = 100; // milliseconds
const OPTIONS = { minFrames: 3, window: 5, cooldownMs: 1000 };
/** @type {Record<string, string>} */
const LETTERS = { n: 'without_mask', w: 'incorrect_mask', m: 'with_mask', u: 'unsure', s: 'too_small' };

/**
 * Feed frames: a word per frame, a letter per face; `-` is a frame without faces, `.` an absent face,
 * so that the others keep their ids.
 * @param {AlertRule} rule
 * @param {string} words
 * @param {number} [from] time of the first
 * @returns {AlertEvent[]}
 */
function feed(rule, words, from = 0) {
  return words.split(' ').flatMap((word, i) => {
    const tracks = [...word].map((letter, id) => ({ id, label: LETTERS[letter] }));
    return rule.update(tracks.filter(({ label }) => label), from + i * STEP);
  });
}

test('an alert begins when a face persists and ends when no face violates the rule any more', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(feed(rule, 'n n n n'), [
    { type: 'begin', id: 1, label: 'without_mask', atMs: 200, durationMs: 0 },
  ]);
  assert.deepEqual(rule.active, { label: 'without_mask', sinceMs: 200 });
  assert.deepEqual(feed(rule, 'm m m', 400), [
    { type: 'end', id: 1, label: 'without_mask', atMs: 600, durationMs: 400 },
  ]);
  assert.equal(rule.active, undefined);
});

test('violations that do not persist raise no alert', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'n n m m m n n m m m n - n - - -'), []);
});

test('unsure and too small raise no alert', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'u u u u u u s s s s s su us us us'), []);
});

test('gaps are tolerated: three of five suffice', () => {
  assert.equal(feed(new AlertRule(OPTIONS), 'n u n - n').length, 1);
});

test('one face must persist, not each for a moment', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'n.. .n. ..n n..'), []);
});

test('a face that changes between no mask and worn incorrectly persists', () => {
  const [{ label }] = feed(new AlertRule(OPTIONS), 'n n w');
  assert.equal(label, 'incorrect_mask');
});

test('neither a mask worn briefly nor one face that leaves ends it', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n');
  assert.deepEqual(feed(rule, 'm n n m n n', 300), []);
  assert.deepEqual(feed(rule, '.n .n .n .n .n', 900), []);
});

test('a second face does not raise a second alert', () => {
  assert.equal(feed(new AlertRule(OPTIONS), 'n n n nn nn nn nn nw nw').length, 1);
});

test('the most severe label that persists is reported', () => {
  const rule = new AlertRule(OPTIONS);
  assert.equal(feed(rule, 'w w w')[0].label, 'incorrect_mask');
  feed(rule, 'wn wn', 300);
  assert.equal(rule.active?.label, 'incorrect_mask');
  feed(rule, 'wn', 500);
  assert.equal(rule.active?.label, 'without_mask');
  assert.equal(feed(new AlertRule(OPTIONS), 'wn wn wn')[0].label, 'without_mask');
});

test('an alert’s label does not become less severe', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n w w w w w');
  assert.equal(rule.active?.label, 'without_mask');
});

test('during the cooldown an alert is active, and reported only if it outlasts it', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n m m m'); // ends at 500
  assert.deepEqual(feed(rule, 'n n n n n n n n n', 600), []);
  assert.deepEqual(rule.active, { label: 'without_mask', sinceMs: 800 });
  assert.deepEqual(feed(rule, 'n n', 1500), [
    { type: 'begin', id: 2, label: 'without_mask', atMs: 1500, durationMs: 700 },
  ]);
  const [end] = feed(rule, 'm m m', 1700);
  assert.deepEqual([end.id, end.atMs - end.durationMs], [2, 800]);
});

test('an alert within the cooldown is not reported and does not prolong it', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n m m m'); // ends at 500
  assert.deepEqual(feed(rule, 'n n n m m m', 600), []);
  assert.equal(rule.active, undefined);
  const [begin] = feed(rule, 'n n n n', 1300);
  assert.deepEqual([begin.id, begin.atMs, begin.durationMs], [2, 1500, 0]);
});

test('stop starts no cooldown', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n');
  assert.equal(rule.stop(300).length, 1);
  assert.equal(feed(rule, 'n n n', 400).length, 1);
});

test('an alert that few frames began does not end at once', () => {
  const rule = new AlertRule({ minFrames: 2, window: 10, cooldownMs: 0 });
  assert.equal(feed(rule, 'm m m m m m m n m n').length, 1);
  assert.deepEqual(feed(rule, 'n m n', 1000), []);
  assert.equal(feed(rule, 'm', 1300).length, 1);
});

test('options can be changed while it runs', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(feed(rule, 'n'), []);
  rule.options = { minFrames: 2, window: 4, cooldownMs: 0 };
  assert.equal(feed(rule, 'n', 100).length, 1);
  rule.options.minFrames = 9; // of 4: as good as 4
  assert.deepEqual(feed(rule, 'm m m', 200), []);
  assert.equal(feed(rule, 'm', 500).length, 1);
  assert.deepEqual(feed(rule, 'n n n', 600), []);
  assert.equal(feed(rule, 'n', 900).length, 1);
});

test('the defaults are eight of twelve, and ten seconds', () => {
  const rule = new AlertRule();
  assert.deepEqual(feed(rule, 'n n n n - - - - n n n'), []);
  assert.equal(feed(rule, 'n', 1100).length, 1); // the first 4 and the last 4
  const others = new AlertRule();
  assert.equal(feed(others, 'n n n n n n n').length, 0);
  assert.equal(feed(others, 'n', 700).length, 1);
  assert.equal(feed(others, 'm m m m m m m m', 800).length, 1); // ends at 1500
  assert.equal(feed(others, Array(99).fill('n').join(' '), 1600).length, 0);
  assert.equal(feed(others, 'n', 11_500).length, 1);
});

test('stop ends the alert and clears the window', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(rule.stop(0), []);
  feed(rule, 'n n n');
  assert.deepEqual(rule.stop(1234.4), [
    { type: 'end', id: 1, label: 'without_mask', atMs: 1234, durationMs: 1034 },
  ]);
  assert.equal(rule.active, undefined);
  assert.deepEqual(feed(rule, 'n n', 9000), []);
});

test('times are whole: the begin of an alert follows from its end', () => {
  const rule = new AlertRule({ minFrames: 1, window: 1, cooldownMs: 0 });
  const [begin] = feed(rule, 'n', 1_763_800_000_000.37);
  const [end] = feed(rule, 'm', 1_763_800_004_321.81);
  assert.equal(end.atMs - end.durationMs, begin.atMs);
});
