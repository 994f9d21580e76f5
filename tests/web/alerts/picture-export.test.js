import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strFromU8, unzipSync } from '../../../web/node_modules/fflate/esm/index.mjs';
import { COLUMN_WORDS } from '../../../web/static/js/alerts/columns.js';
import { zipPictures } from '../../../web/static/js/alerts/picture-export.js';
import { README } from '../../../web/static/js/texts/readme.js';
import { LANGUAGES } from '../../../web/static/js/texts/texts.js';

const NOON = Date.UTC(2026, 10, 22, 12);

test('a ZIP file has a folder per right label, a list and instructions', async () => {
  process.env.TZ = 'Europe/Berlin';
  const jpeg = new Blob(['picture'], { type: 'image/jpeg' });
  const shared = { label: 'without_mask', probability: 0.91236, version: '2026.11', jpeg };
  const zip = await zipPictures([
    { picture: { atMs: NOON, face: 4, ...shared }, corrected: 'with_mask' },
    { picture: { atMs: NOON, face: 5, ...shared }, corrected: 'incorrect_mask' },
  ], 'en', COLUMN_WORDS);
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  const names = [
    'with_mask/alert__2026-11-22T12-00-00.000Z_4.jpg',
    'incorrect_mask/alert__2026-11-22T12-00-00.000Z_5.jpg',
  ];
  assert.deepEqual(Object.keys(files), ['README.txt', 'pictures.csv', ...names]);
  assert.equal(strFromU8(files[names[0]]), 'picture');
  assert.equal(strFromU8(files['README.txt']), README.en);
  assert.equal(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(files['pictures.csv']),
    '\ufeffFile (file),Time (time),Result (label),Probability (probability),Corrected (corrected),Model (model)\r\n' +
      `${names[0]},2026-11-22T13:00:00+01:00,without_mask,0.9124,with_mask,2026.11\r\n` +
      `${names[1]},2026-11-22T13:00:00+01:00,without_mask,0.9124,incorrect_mask,2026.11\r\n`,
  );
});

test('the instructions name the command in every language', () => {
  for (const language of Object.keys(LANGUAGES)) assert.match(README[language], /make train DATA=/);
});
