import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LANGUAGES, choose, verdictWords } from '../../../web/static/js/texts/texts.js';
import { golden } from '../golden.js';

const { en: english, ...others } = LANGUAGES;
/** @param {string} path from the project's folder */
const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const contract = JSON.parse(read('models/contract.json'));
const page = read('web/templates/index.html').replace(/\s+/g, ' ');

/**
 * The sentences of a language by their paths; functions are called with what fits them all.
 * @param {any} part
 * @param {string} [path]
 * @returns {[string, string][]}
 */
function sentences(part, path = '') {
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, `${call(part, path)}`]];
  return Object.entries(part).flatMap(([name, value]) => sentences(value, `${path}.${name}`));
}

/**
 * @param {Function} sentence
 * @param {string} path
 */
function call(sentence, path) {
  if (path === '.faces' || path === '.warning') return sentence(['without_mask', 'with_mask']);
  if (path === '.share') return sentence('with_mask', 0.9);
  return path === '.model.hash' ? sentence('a', 'b', 'c') : sentence(61, 62);
}

test('every label has a word in every language', () => {
  for (const { words } of Object.values(LANGUAGES)) {
    for (const label of [...contract.labels, 'unsure', 'too_small']) assert.ok(words[label], label);
  }
});

test('the words and sentences are Python’s', () => {
  assert.deepEqual(english.words, golden.words.labels);
  assert.ok(golden.words.sentences.length > 0);
  for (const { labels, sentence } of golden.words.sentences) {
    assert.equal(english.faces(labels), sentence);
  }
});

for (const [name, language] of Object.entries(others)) {
  test(`${name} says all that English says, in its own words`, () => {
    const same = ['.alerts.lasted', '.words.'];
    const told = new Map(sentences(language));
    for (const [path, sentence] of sentences(english)) {
      const other = told.get(path);
      assert.ok(other, path);
      assert.doesNotMatch(other, /undefined|NaN|\[object/, path);
      const may = sentence.length < 12 || same.some((start) => path.startsWith(start));
      if (!may) assert.notEqual(other, sentence, path);
    }
    assert.equal(told.size, sentences(english).length);
  });
}

test('where this browser cannot judge, the button is named that asks the server', () => {
  for (const { model, photo } of Object.values(LANGUAGES)) {
    assert.ok(model.golden(1, 0.1).includes(photo.server));
    assert.ok(model.backend.includes(photo.server));
  }
});

test('over plain http the address and the command are named that help', () => {
  for (const { insecure } of Object.values(LANGUAGES)) {
    assert.match(insecure('http://localhost:8080'), /http:\/\/localhost:8080.*make serve OPTIONS=--https/);
  }
});

test('the page that the server writes says the same as the English texts', () => {
  const told = new Map(sentences(english));
  const marked = [...page.matchAll(/data-text="([^"]+)">([^<]*)</g)].map(([, path, text]) => [path, text]);
  const labels = [...page.matchAll(/aria-label="([^"]+)" data-label="([^"]+)"/g)].map(
    ([, text, path]) => [path, text],
  );
  assert.ok(marked.length > 40 && labels.length > 5);
  for (const [path, text] of [...marked, ...labels]) {
    if (!text.includes('{{')) assert.equal(text.trim(), told.get(`.${path}`), path);
  }
});

test('the browser’s languages choose; English is the last resort', () => {
  assert.equal(choose(['fr-CA', 'de']), 'fr');
  assert.equal(choose(['pl', 'DE-at']), 'de');
  assert.equal(choose(['pl', 'constructor']), 'en');
  assert.equal(choose([]), 'en');
});

test('nobody there is told', () => {
  assert.equal(english.faces([]), 'No face in view.');
});

test('only a face without a mask, or with one worn incorrectly, is warned of', () => {
  assert.equal(english.warning(['with_mask', 'unsure', 'too_small']), '');
  assert.match(english.warning(['incorrect_mask']), /wrongly/);
  assert.match(english.warning(['incorrect_mask', 'without_mask']), /no mask/);
});

test('a box says how sure it is', () => {
  assert.equal(verdictWords('with_mask', 0.964), 'mask 96%');
  assert.equal(verdictWords('with_mask', 0.9949), 'mask 99%');
  assert.equal(verdictWords('with_mask', 0.995), 'mask >99%');
  assert.equal(verdictWords('with_mask', 1), 'mask >99%');
  assert.equal(verdictWords('unsure', 0.51), 'unsure');
  assert.equal(verdictWords('too_small', 0), 'too small');
});

test('a duration is told in minutes and seconds', () => {
  assert.equal(english.alerts.lasted(59), '59 s');
  assert.equal(english.alerts.lasted(125), '2 min 5 s');
});
