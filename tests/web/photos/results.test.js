/** The JSON and CSV that the page saves are those of `inference/results.py`. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COLUMNS, processedPhoto, round, toCsv, toJson,
} from '../../../web/static/js/photos/results.js';
import { golden } from '../golden.js';

const box = { left: 1.5, top: 2, right: 30, bottom: 40 };
const verdict = {
  label: 'with_mask',
  probability: 0.75,
  probabilities: { with_mask: 0.75, without_mask: 0.25 },
  box,
  score: 0.5,
};
const results = [
  { photo: 'street, "one".jpg', width: 64, height: 48, verdicts: [verdict, verdict] },
  { photo: '=empty.png', width: 10, height: 20, verdicts: [] },
  { photo: 'notes.txt', error: 'This is no picture.' },
];

test('the table has a row for each face, and for each photo without faces or with an error', () => {
  assert.deepEqual(toCsv(results).split('\r\n'), [
    `\ufeff${COLUMNS.join(',')}`,
    '"street, ""one"".jpg",64,48,1,with_mask,0.75,0.5,1.5,2.0,30.0,40.0,',
    '"street, ""one"".jpg",64,48,2,with_mask,0.75,0.5,1.5,2.0,30.0,40.0,',
    "'=empty.png,10,20,,,,,,,,,",
    'notes.txt,,,,,,,,,,,This is no picture.',
    '',
  ]);
});

test('the JSON is what the API returns for several photos', () => {
  assert.deepEqual(JSON.parse(toJson(results)), { photos: results });
});

test('a result has only the fields of the schema, rounded', () => {
  const response = {
    type: 'verdicts',
    tensors: 7,
    width: 64,
    height: 48,
    verdicts: [{
      ...verdict,
      probability: 0.123456,
      probabilities: { with_mask: 0.123456 },
      box: { left: 0.25, top: 0.75, right: 9.9999, bottom: 10.04 },
      score: 0.99999,
      id: 1,
    }],
  };
  assert.deepEqual(processedPhoto('photo.jpg', response), {
    photo: 'photo.jpg',
    width: 64,
    height: 48,
    verdicts: [{
      label: 'with_mask',
      probability: 0.1235,
      probabilities: { with_mask: 0.1235 },
      box: { left: 0.2, top: 0.8, right: 10, bottom: 10 },
      score: 1,
    }],
  });
});

test('numbers are rounded as in Python', () => {
  // From Python: round(value, digits)
  for (const [value, digits, expected] of [
    [0.25, 1, 0.2],
    [0.35, 1, 0.3],
    [0.75, 1, 0.8],
    [-0.25, 1, -0.2],
    [2.5, 0, 2],
    [1.03125, 4, 1.0312],
    [1.09375, 4, 1.0938],
    [0.00005, 4, 0.0001],
    [0.98765, 4, 0.9877],
    [0.00235, 4, 0.0024],
  ]) {
    assert.equal(round(value, digits), expected, `${value}`);
  }
});

test('the JSON and the CSV are those of Python', () => {
  const { photos, csv } = golden.results;
  assert.deepEqual(JSON.parse(toJson(photos)), { photos });
  assert.equal(toCsv(photos), `\ufeff${csv}`);
});
