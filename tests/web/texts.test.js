import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { texts } from '../../web/static/js/texts.js';
import { golden } from './golden.js';

const contract = JSON.parse(
  readFileSync(new URL('../../models/contract.json', import.meta.url), 'utf8'),
);

test('every label has a word', () => {
  for (const label of [...contract.labels, 'unsure', 'too_small']) {
    assert.ok(texts.words[label], label);
  }
});

test('the words and sentences are Python’s', () => {
  assert.deepEqual(texts.words, golden.words.labels);
  assert.ok(golden.words.sentences.length > 0);
  for (const { labels, sentence } of golden.words.sentences) {
    assert.equal(texts.faces(labels), sentence);
  }
});

test('nobody there is told', () => {
  assert.equal(texts.faces([]), 'No face in view.');
});

test('only a face without a mask, or with one worn wrongly, is warned of', () => {
  assert.equal(texts.warning(['with_mask', 'unsure', 'too_small']), '');
  assert.match(texts.warning(['incorrect_mask']), /wrongly/);
  assert.match(texts.warning(['incorrect_mask', 'without_mask']), /no mask/);
});

test('a box says how sure it is', () => {
  assert.equal(texts.box('with_mask', 0.964), 'mask 96%');
  assert.equal(texts.box('with_mask', 0.9949), 'mask 99%');
  assert.equal(texts.box('with_mask', 0.995), 'mask >99%');
  assert.equal(texts.box('with_mask', 1), 'mask >99%');
  assert.equal(texts.box('unsure', 0.51), 'unsure');
  assert.equal(texts.box('too_small', 0), 'too small to judge');
});
