import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertRule } from '../../../web/static/js/tracking/alerts.js';

/** @import { AlertEvent, AlertOptions } from '../../../web/static/js/tracking/alerts.js' */

const STEP = 100; // milliseconds
const OPTIONS = { afterMs: 300, cooldownMs: 1000 }; // three of four frames
/** @type {Record<string, string>} */
const LETTERS = { n: 'without_mask', w: 'incorrect_mask', m: 'with_mask', u: 'unsure', s: 'too_small' };

/**
 * A rule that has processed a frame without faces, for which the next one counts fully.
 * @param {Partial<AlertOptions>} [options]
 * @param {number} [step] between frames, in milliseconds
 */
function started(options, step = STEP) {
  const rule = new AlertRule(options);
  rule.update([], -step);
  return rule;
}

/**
 * Feed frames: a word per frame, a letter per face; `-` is a frame without faces, `.` an absent face,
 * so that the others keep their ids.
 * @param {AlertRule} rule
 * @param {string} words
 * @param {number} [from] time of the first
 * @param {number} [step] between frames, in milliseconds
 * @returns {AlertEvent[]}
 */
function feed(rule, words, from = 0, step = STEP) {
  return words.split(' ').flatMap((word, i) => {
    const tracks = [...word].map((letter, id) => ({ id, label: LETTERS[letter] }));
    return rule.update(tracks.filter(({ label }) => label), from + i * step);
  });
}

/** @type {(word: string, times: number) => string} */
const repeat = (word, times) => Array(times).fill(word).join(' ');

/** @param {AlertEvent[]} events */
const brief = (events) => events.map(({ type, face, atMs }) => `${type} ${face} at ${atMs}`);

/** @param {AlertRule} rule */
const activeLabels = (rule) => rule.active.map(({ label }) => label);

test('an alert begins when a face persists and ends when it does not violate the rule any more', () => {
  const rule = started(OPTIONS);
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
  assert.deepEqual(feed(started(OPTIONS), 'n n m m m n n m m m n - n - - -'), []);
});

test('unsure and too small raise no alert', () => {
  assert.deepEqual(feed(started(OPTIONS), 'u u u u u u s s s s s su us us us'), []);
});

test('gaps are tolerated: three of four suffice', () => {
  assert.deepEqual(brief(feed(started(OPTIONS), 'n u n n')), ['begin 0 at 300', 'notify 0 at 300']);
});

test('one face must persist, not each for a moment', () => {
  assert.deepEqual(feed(started(OPTIONS), 'n.. .n. ..n n..'), []);
});

test('a face that changes between no mask and worn incorrectly persists', () => {
  const [{ label }] = feed(started(OPTIONS), 'n n w');
  assert.equal(label, 'incorrect_mask');
});

test('a mask worn briefly does not end it, and leaving does', () => {
  const rule = started(OPTIONS);
  feed(rule, 'n n n');
  assert.deepEqual(feed(rule, 'm n n m n n', 300), []);
  assert.deepEqual(brief(feed(rule, '- - -', 900)), ['end 0 at 1100']);
});

test('each person raises an alert, and the cooldown limits notifications only', () => {
  const rule = started(OPTIONS);
  assert.deepEqual(brief(feed(rule, 'n n n nn nn nn')), ['begin 0 at 200', 'notify 0 at 200', 'begin 1 at 500']);
  assert.deepEqual(activeLabels(rule), ['without_mask', 'without_mask']);
  assert.deepEqual(brief(feed(rule, 'nn nn nn nn nn nn nn', 600)), ['notify 1 at 1200']);
  assert.deepEqual(brief(feed(rule, '.n .n .n', 1300)), ['end 0 at 1500']);
  assert.deepEqual(rule.active.map(({ face }) => face), [1]);
});

test('a notification covers everyone and has the most severe label', () => {
  const rule = started(OPTIONS);
  feed(rule, 'n n n');
  const events = feed(rule, Array(12).fill('nwn').join(' '), 300);
  assert.deepEqual(brief(events), ['begin 1 at 500', 'begin 2 at 500', 'notify 2 at 1200']);
  assert.deepEqual(feed(rule, Array(30).fill('nwn').join(' '), 1500), []);
});

test('a face that comes and goes within the cooldown is logged, not notified', () => {
  const rule = started(OPTIONS);
  feed(rule, 'n n n m m m');
  const events = feed(rule, '.n .n .n .m .m .m', 600);
  assert.deepEqual(brief(events), ['begin 1 at 800', 'end 1 at 1100']);
  assert.deepEqual(events.map(({ notified }) => notified), [false, false]);
  assert.deepEqual(feed(rule, '- - - - -', 1200), []);
});

test('the label becomes more severe if that persists, and not less', () => {
  const rule = started(OPTIONS);
  assert.equal(feed(rule, 'w w w')[0].label, 'incorrect_mask');
  feed(rule, 'n n', 300);
  assert.deepEqual(activeLabels(rule), ['incorrect_mask']);
  feed(rule, 'n', 500);
  assert.deepEqual(activeLabels(rule), ['without_mask']);
  feed(rule, 'w w w w w', 600);
  assert.deepEqual(activeLabels(rule), ['without_mask']);
});

test('frames before an alert do not count towards its end', () => {
  const rule = started(OPTIONS);
  assert.equal(feed(rule, 'n n m n').length, 2);
  assert.deepEqual(feed(rule, 'm m', 400), []);
  assert.deepEqual(brief(feed(rule, 'm', 600)), ['end 0 at 600']);
});

test('options can be changed while it runs', () => {
  const rule = started({ afterMs: 5000, cooldownMs: 1000 });
  assert.deepEqual(feed(rule, 'n n n n'), []);
  rule.options = { afterMs: 500, cooldownMs: 0 };
  assert.equal(feed(rule, 'n', 400)[0].type, 'begin');
  rule.options = { afterMs: 1000, cooldownMs: 0 };
  assert.deepEqual(feed(rule, repeat('m', 9), 500), []);
  assert.equal(feed(rule, 'm', 1400)[0].type, 'end');
});

test('the defaults are half a second, and ten seconds', () => {
  const rule = started();
  assert.deepEqual(feed(rule, 'u n n n n'), []);
  assert.deepEqual(brief(feed(rule, 'n', 500)), ['begin 0 at 500', 'notify 0 at 500']);
  const second = repeat('nn', 110);
  assert.deepEqual(brief(feed(rule, second, 600)), ['begin 1 at 1000', 'notify 1 at 10500']);
});

for (const rate of [5, 10, 15, 30, 60, 120]) {
  const step = 1000 / rate;
  test(`at ${rate} frames a second an alert begins and ends after the same time`, () => {
    for (const afterMs of [1000, 5000]) {
      const count = Math.ceil(afterMs / step) + 2;
      const words = `${repeat('n', count)} ${repeat('m', count)}`;
      const [begin, , end] = feed(started({ afterMs, cooldownMs: 0 }, step), words, 0, step);
      const [beganMs, endedMs] = [begin.atMs, end.atMs - count * step];
      for (const ms of [beganMs, endedMs]) assert.ok(Math.abs(ms - afterMs) <= step + 1, `${ms}`);
    }
  });

  test(`at ${rate} frames a second a verdict may flicker for a third of the time, not for half`, () => {
    const rule = started({ afterMs: 2000, cooldownMs: 0 }, step);
    assert.deepEqual(feed(rule, repeat('n m', 5 * rate), 0, step), []);
    assert.deepEqual(feed(rule, repeat('n n m', 2 * rate), 1e6, step).map(({ type }) => type), ['begin', 'notify']);
  });
}

test('on a slow device three frames raise an alert, one or two do not', () => {
  const rule = started({}, 4000);
  assert.deepEqual(feed(rule, 'n m m n n m m m', 0, 4000), []);
  assert.deepEqual(brief(feed(rule, 'n n n', 32_000, 4000)), ['begin 0 at 40000', 'notify 0 at 40000']);
  assert.deepEqual(brief(feed(rule, 'n m m m', 44_000, 4000)), ['end 0 at 56000']);
});

test('a gap is little evidence, and a stop is none', () => {
  const rule = started({ afterMs: 600, cooldownMs: 0 });
  assert.deepEqual(feed(rule, 'n n'), []);
  assert.deepEqual(feed(rule, 'n n', 60_000), []); // 100 + 100 + 200 + 100 ms
  rule.stop(60_200);
  assert.deepEqual(feed(rule, repeat('n', 6), 90_000), []); // 500 ms
  assert.equal(feed(rule, 'n', 90_600)[0].type, 'begin');
});

test('a time that is not above zero is refused', () => {
  const rule = new AlertRule();
  for (const afterMs of [0, -1, NaN]) {
    assert.throws(() => new AlertRule({ afterMs }), RangeError);
    assert.throws(() => (rule.options = { afterMs, cooldownMs: 0 }), RangeError);
  }
});

test('stop ends the alerts and clears the window', () => {
  const rule = new AlertRule(OPTIONS);
  assert.deepEqual(rule.stop(0), []);
  feed(rule, '- nw nw nw');
  const ended = rule.stop(1234.4);
  assert.deepEqual(brief(ended), ['end 0 at 1234', 'end 1 at 1234']);
  assert.deepEqual(ended.map(({ durationMs }) => durationMs), [934, 934]);
  assert.deepEqual(rule.active, []);
  assert.deepEqual(feed(rule, 'nn nn nn', 9000), []);
});

test('times are whole: the begin of an alert follows from its end', () => {
  const rule = started(OPTIONS);
  const [begin] = feed(rule, 'n n n', 1_763_800_000_000.37);
  const [end] = feed(rule, 'm m m', 1_763_800_004_321.81);
  assert.equal(end.atMs - end.durationMs, begin.atMs);
});
