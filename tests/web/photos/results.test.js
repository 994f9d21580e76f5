// What is saved of photos is what the server's page of results gives.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toCsv, toJson } from '../../../web/static/js/photos/results.js';

const box = { left: 1.5, top: 2, right: 30, bottom: 40 };
const verdict = {
  label: 'with_mask',
  probability: 0.75,
  probabilities: { with_mask: 0.75, without_mask: 0.25 },
  box,
  score: 0.5,
};
const outcomes = [
  { name: 'street, "one".jpg', seen: { width: 64, height: 48, verdicts: [verdict, verdict] } },
  { name: '=nobody.png', seen: { width: 10, height: 20, verdicts: [] } },
  { name: 'notes.txt', problem: 'This is no picture.' },
];

test('a line a face, and one for each photo without any', () => {
  const lines = toCsv(outcomes).split('\r\n');
  assert.deepEqual(lines, [
    '\ufeffphoto,file,width,height,face,label,probability,score,left,top,right,bottom,problem',
    '1,"street, ""one"".jpg",64,48,1,with_mask,0.75,0.5,1.5,2,30,40,',
    '1,"street, ""one"".jpg",64,48,2,with_mask,0.75,0.5,1.5,2,30,40,',
    "2,'=nobody.png,10,20,,,,,,,,,",
    '3,notes.txt,,,,,,,,,,,This is no picture.',
    '',
  ]);
});

test('JSON as the API answers for several photos', () => {
  const { photos } = JSON.parse(toJson(outcomes));
  assert.deepEqual(photos[0], {
    name: outcomes[0].name,
    width: 64,
    height: 48,
    verdicts: [verdict, verdict],
  });
  assert.deepEqual(photos[2], { name: 'notes.txt', problem: { detail: 'This is no picture.' } });
});
