import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf, headerOf, withoutFormula } from '../../web/static/js/csv.js';

test('a table follows RFC 4180, and spreadsheets recognize UTF-8', () => {
  assert.equal(csvOf([['a', 'b'], ['1', 'é']]), '\ufeffa,b\r\n1,é\r\n');
  assert.equal(csvOf([['a,b', 'say "yes"', 'two\nlines']]), '\ufeff"a,b","say ""yes""","two\nlines"\r\n');
});

test('a header has the word and the code of each column', () => {
  assert.deepEqual(headerOf(['time', 'model'], { model: 'Modell', time: 'Zeit' }), ['Zeit (time)', 'Modell (model)']);
});

test('spreadsheets evaluate no text', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n']) {
    assert.equal(withoutFormula(`${start}1`), `'${start}1`);
  }
  assert.equal(withoutFormula('2026-11-27'), '2026-11-27');
});
