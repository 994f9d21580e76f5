import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LANGUAGES, chooseLanguage, verdictWords } from '../../../web/static/js/texts/texts.js';
import { golden } from '../golden.js';

const { en: english, ...others } = LANGUAGES;
/** @param {string} path from the repository root */
const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const contract = JSON.parse(read('models/contract.json'));
const page = read('web/templates/index.html').replace(/\s+/g, ' ');

/**
 * All texts of a language with their paths; functions are called with suitable arguments.
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
  if (path === '.summary' || path === '.warning') return sentence(['without_mask', 'with_mask']);
  if (path === '.probability') return sentence('with_mask', 0.9);
  if (path === '.address.lang') return sentence('xx', ['en', 'de']);
  return path === '.model.hash' ? sentence('a', 'b', 'c') : sentence(61, 62, 63);
}

test('every label has a word in every language', () => {
  for (const { words } of Object.values(LANGUAGES)) {
    for (const label of [...contract.labels, 'unsure', 'too_small']) assert.ok(words[label], label);
  }
});

test('labels and summaries are the same in Python', () => {
  assert.deepEqual(english.words, golden.words.labels);
  assert.ok(golden.words.sentences.length > 0);
  for (const { labels, sentence } of golden.words.sentences) {
    assert.equal(english.summary(labels), sentence);
  }
});

for (const [name, language] of Object.entries(others)) {
  test(`${name} translates every English text`, () => {
    const same = ['.alerts.lasted', '.words.'];
    const translated = new Map(sentences(language));
    for (const [path, sentence] of sentences(english)) {
      const other = translated.get(path);
      assert.ok(other, path);
      assert.doesNotMatch(other, /undefined|NaN|\[object/, path);
      const mayBeSame = sentence.length < 14 || same.some((start) => path.startsWith(start));
      if (!mayBeSame) assert.notEqual(other, sentence, path);
    }
    assert.equal(translated.size, sentences(english).length);
  });
}

test('spaces before signs and inside quotation marks do not break', () => {
  for (const [path, sentence] of sentences(LANGUAGES.fr)) assert.doesNotMatch(sentence, / [?!;:%»]|« /, path);
  for (const [path, sentence] of sentences(LANGUAGES.de)) assert.doesNotMatch(sentence, /\S %/, path);
});

test('one second is singular, and lists have spaces', () => {
  assert.match(english.pin.wait(1), /in 1 second\.$/);
  assert.match(english.alerts.cooldownChoice(1), /once a second$/);
  assert.match(english.address.lang('xx', ['en', 'de']), /one of en, de,/);
});

test('where the model does not run, the text names the button that uses the server', () => {
  for (const { model, photo } of Object.values(LANGUAGES)) {
    assert.ok(model.golden(1, 0.1).includes(photo.server));
    assert.ok(model.backend.includes(photo.server));
  }
});

test('over plain http, the text names the address and the command to use', () => {
  for (const { insecure } of Object.values(LANGUAGES)) {
    const text = insecure('http://localhost:8080');
    assert.match(text, /http:\/\/localhost:8080.*make serve OPTIONS=--https/);
  }
});

test('the template has the same texts as English', () => {
  const texts = new Map(sentences(english));
  const marked = [...page.matchAll(/data-text="([^"]+)">([^<]*)</g)].map(
    ([, path, text]) => [path, text],
  );
  const labels = [...page.matchAll(/aria-label="([^"]+)" data-label="([^"]+)"/g)].map(
    ([, text, path]) => [path, text],
  );
  assert.ok(marked.length > 40 && labels.length > 5);
  for (const [path, text] of [...marked, ...labels]) {
    if (!text.includes('{{')) assert.equal(text.trim(), texts.get(`.${path}`), path);
  }
});

test('the browser’s preferred languages are used; English is the fallback', () => {
  assert.equal(chooseLanguage(['fr-CA', 'de']), 'fr');
  assert.equal(chooseLanguage(['pl', 'DE-at']), 'de');
  assert.equal(chooseLanguage(['pl', 'constructor']), 'en');
  assert.equal(chooseLanguage([]), 'en');
});

test('an empty picture has its own sentence', () => {
  assert.equal(english.summary([]), 'No face in view.');
});

test('only no mask and a mask worn incorrectly raise an alert', () => {
  assert.equal(english.warning(['with_mask', 'unsure', 'too_small']), '');
  assert.match(english.warning(['incorrect_mask']), /properly/);
  assert.match(english.warning(['without_mask', 'with_mask']), /not wearing a mask/);
  assert.match(english.warning(['without_mask', 'unsure', 'without_mask']), /^2 people are not/);
  assert.match(english.warning(['incorrect_mask', 'incorrect_mask']), /^2 people .* properly/);
  assert.match(english.warning(['incorrect_mask', 'without_mask']), /^1 without a mask, 1 with/);
});

test('a box shows the probability', () => {
  assert.equal(verdictWords('with_mask', 0.964), 'mask 96%');
  assert.equal(verdictWords('with_mask', 0.9949), 'mask 99%');
  assert.equal(verdictWords('with_mask', 0.995), 'mask >99%');
  assert.equal(verdictWords('with_mask', 1), 'mask >99%');
  assert.equal(verdictWords('unsure', 0.51), 'unsure');
  assert.equal(verdictWords('too_small', 0), 'too small');
});

test('durations are in minutes and seconds', () => {
  assert.equal(english.alerts.lasted(59), '59 s');
  assert.equal(english.alerts.lasted(125), '2 min 5 s');
});

test('one frame per second is singular', () => {
  for (const { rate } of Object.values(LANGUAGES)) {
    assert.notEqual(rate(1.2).replace('1', ''), rate(2).replace('2', ''));
  }
});
