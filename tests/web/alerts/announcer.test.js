import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Announcer } from '../../../web/static/js/alerts/announcer.js';

/** @type {{text: string, atMs: number}[]} */
let said = [];
/** @type {Announcer} */
let announcer;

const texts = () => said.map(({ text }) => text);

beforeEach(() => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 0 });
  said = [];
  announcer = new Announcer((text) => said.push({ text, atMs: Date.now() }), 3000);
});

afterEach(() => mock.timers.reset());

test('changing results are announced at most every three seconds, the last one always', () => {
  for (let i = 0; i < 260; i += 1) {
    announcer.update(`result ${Math.floor(i / 7)}`); // changes every 0.7 s, for 26 s
    mock.timers.tick(100);
  }
  mock.timers.tick(3000);
  assert.equal(said.length, 10);
  for (let i = 1; i < said.length; i += 1) assert.ok(said[i].atMs - said[i - 1].atMs >= 3000);
  assert.equal(said.at(-1)?.text, 'result 37');
});

test('the last result is announced although no frame follows', () => {
  announcer.update('one');
  announcer.update('two');
  assert.deepEqual(texts(), ['one']);
  mock.timers.tick(3000);
  assert.deepEqual(texts(), ['one', 'two']);
});

test('a result is announced once, also if it changed for a moment', () => {
  announcer.update('one');
  for (const text of ['one', 'two', 'one']) announcer.update(text);
  mock.timers.tick(10_000);
  announcer.update('one');
  assert.deepEqual(texts(), ['one']);
});

test('without a result the region is emptied at once, and nothing follows', () => {
  announcer.update('one');
  announcer.update('two');
  announcer.update('');
  mock.timers.tick(10_000);
  assert.deepEqual(texts(), ['one', '']);
  announcer.update('one');
  assert.deepEqual(texts(), ['one', '', 'one']);
});
