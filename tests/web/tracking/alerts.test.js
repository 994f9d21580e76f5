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

/** @param {AlertEvent[]} events */
const brief = (events) => events.map(({ type, face, atMs }) => `${type} ${face} at ${atMs}`);

/** @param {AlertRule} rule */
const activeLabels = (rule) => rule.active.map(({ label }) => label);

test('an alert begins when a face persists and ends when it does not violate the rule any more', () => {
  const rule = new AlertRule(OPTIONS);
  const one = { id: 1, face: 0, label: 'without_mask' };
  assert.deepEqual(feed(rule, 'n n n n'), [
    { type: 'begin', ...one, atMs: 200, durationMs: 0, notified: false },
    { type: 'notify', ...one, atMs: 200, durationMs: 0, notified: true },
  ]);
  assert.deepEqual(activeLabels(rule), ['without_mask']);
  assert.deepEqual(feed(rule, 'm m m', 400), [
    { type: 'end', ...one, atMs: 600, durationMs: 400, notified: true },
  ]);
  assert.deepEqual(rule.active, []);
});

test('violations that do not persist raise no alert', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'n n m m m n n m m m n - n - - -'), []);
});

test('unsure and too small raise no alert', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'u u u u u u s s s s s su us us us'), []);
});

test('gaps are tolerated: three of five suffice', () => {
  assert.deepEqual(brief(feed(new AlertRule(OPTIONS), 'n u n - n')), ['begin 0 at 400', 'notify 0 at 400']);
});

test('one face must persist, not each for a moment', () => {
  assert.deepEqual(feed(new AlertRule(OPTIONS), 'n.. .n. ..n n..'), []);
});

test('a face that changes between no mask and worn incorrectly persists', () => {
  const [{ label }] = feed(new AlertRule(OPTIONS), 'n n w');
  assert.equal(label, 'incorrect_mask');
});

test('a mask worn briefly does not end it, and leaving does', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n');
  assert.deepEqual(feed(rule, 'm n n m n n', 300), []);
  assert.deepEqual(brief(feed(rule, '- - -', 900)), ['end 0 at 1000']);
});

test('each person raises an alert, and the cooldown limits notifications only', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(brief(feed(rule, 'n n n nn nn nn')), ['begin 0 at 200', 'notify 0 at 200', 'begin 1 at 500']);
  assert.deepEqual(activeLabels(rule), ['without_mask', 'without_mask']);
  assert.deepEqual(brief(feed(rule, 'nn nn nn nn nn nn nn', 600)), ['notify 1 at 1200']);
  assert.deepEqual(brief(feed(rule, '.n .n .n', 1300)), ['end 0 at 1500']);
  assert.deepEqual(rule.active.map(({ face }) => face), [1]);
});

test('a notification covers everyone and has the most severe label', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n');
  const events = feed(rule, Array(12).fill('nwn').join(' '), 300);
  assert.deepEqual(brief(events), ['begin 1 at 500', 'begin 2 at 500', 'notify 2 at 1200']);
  assert.deepEqual(feed(rule, Array(30).fill('nwn').join(' '), 1500), []);
});

test('a face that comes and goes within the cooldown is logged, not notified', () => {
  const rule = new AlertRule(OPTIONS);
  feed(rule, 'n n n m m m');
  const events = feed(rule, '.n .n .n .m .m .m', 600);
  assert.deepEqual(brief(events), ['begin 1 at 800', 'end 1 at 1100']);
  assert.deepEqual(events.map(({ notified }) => notified), [false, false]);
  assert.deepEqual(feed(rule, '- - - - -', 1200), []);
});

test('the label becomes more severe if that persists, and not less', () => {
  const rule = new AlertRule(OPTIONS);
  assert.equal(feed(rule, 'w w w')[0].label, 'incorrect_mask');
  feed(rule, 'n n', 300);
  assert.deepEqual(activeLabels(rule), ['incorrect_mask']);
  feed(rule, 'n', 500);
  assert.deepEqual(activeLabels(rule), ['without_mask']);
  feed(rule, 'w w w w w', 600);
  assert.deepEqual(activeLabels(rule), ['without_mask']);
});

test('an alert that few frames began does not end at once', () => {
  const rule = new AlertRule({ minFrames: 2, window: 10, cooldownMs: 0 });
  assert.equal(feed(rule, 'm m m m m m m n m n').length, 2);
  assert.deepEqual(feed(rule, 'n m n', 1000), []);
  assert.equal(feed(rule, 'm', 1300).length, 1);
});

test('options can be changed while it runs', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(feed(rule, 'n'), []);
  rule.options = { minFrames: 2, window: 4, cooldownMs: 0 };
  assert.equal(feed(rule, 'n', 100)[0].type, 'begin');
  rule.options.minFrames = 9; // of 4: as good as 4
  assert.deepEqual(feed(rule, 'm m m', 200), []);
  assert.equal(feed(rule, 'm', 500)[0].type, 'end');
  assert.deepEqual(feed(rule, 'n n n', 600), []);
  assert.equal(feed(rule, 'n', 900)[0].type, 'begin');
});

test('the defaults are eight of twelve, and ten seconds', () => {
  const rule = new AlertRule();
  assert.deepEqual(feed(rule, 'n n n n - - - - n n n'), []);
  assert.equal(feed(rule, 'n', 1100).length, 2); // the first 4 and the last 4
  const others = new AlertRule();
  assert.equal(feed(others, 'n n n n n n n').length, 0);
  assert.deepEqual(brief(feed(others, 'n', 700)), ['begin 0 at 700', 'notify 0 at 700']);
  const second = Array(110).fill('nn').join(' ');
  assert.deepEqual(brief(feed(others, second, 800)), ['begin 1 at 1500', 'notify 1 at 10700']);
});

test('stop ends the alerts and clears the window', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(rule.stop(0), []);
  feed(rule, 'nw nw nw');
  const ended = rule.stop(1234.4);
  assert.deepEqual(brief(ended), ['end 0 at 1234', 'end 1 at 1234']);
  assert.deepEqual(ended.map(({ durationMs }) => durationMs), [1034, 1034]);
  assert.deepEqual(rule.active, []);
  assert.deepEqual(feed(rule, 'nn nn', 9000), []);
});

test('times are whole: the begin of an alert follows from its end', () => {
  const rule = new AlertRule({ minFrames: 1, window: 1, cooldownMs: 0 });
  const [begin] = feed(rule, 'n', 1_763_800_000_000.37);
  const [end] = feed(rule, 'm', 1_763_800_004_321.81);
  assert.equal(end.atMs - end.durationMs, begin.atMs);
});
