import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, mock, test } from 'node:test';
import { download, downloadModels } from '../../web/static/js/download.js';
import { FINDER } from './finder.js';

const ROOT = new URL('../../', import.meta.url);
const assets = Object.fromEntries(
  Object.entries(FINDER).map(([name, file]) => {
    return [name, { url: `/static/build/${name}`, bytes: readFileSync(file).length }];
  }),
);

/**
 * The server's files, some of them replaced.
 * @param {Record<string, string | number>} [replaced] by URL: a text, or a status
 */
function serve(replaced = {}) {
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    const other = replaced[url];
    if (typeof other === 'number') return new Response('', { status: other });
    const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*/, '');
    const path = name === 'contract.json' ? 'models/contract.json' : `web/static/models/${name}`;
    return new Response(other ?? readFileSync(FINDER[name] ?? new URL(path, ROOT)));
  });
}

afterEach(() => mock.restoreAll());

test('everything comes, and the progress ends at the total', async () => {
  serve();
  /** @type {number[][]} */
  const told = [];
  const { contract, files } = await downloadModels(assets, (...progress) => told.push(progress));
  assert.equal(files.classifier.weights.byteLength, contract.exports.tfjs_weights.bytes);
  assert.equal(files.blazeface.weights.byteLength, assets['blazeface.bin'].bytes);
  assert.equal(told.at(-1)?.[0], told[0][1]);
  assert.ok(told.every(([done], i) => i === 0 || done >= told[i - 1][0]));
});

test('a changed file is refused by name', async () => {
  serve({ '/static/build/blazeface.bin': 'something else' });
  await assert.rejects(downloadModels(assets, () => {}), {
    name: 'ModelError',
    message: /blazeface\.bin is not the file/,
  });
});

test('a missing file is told by name', async () => {
  serve({ '/contract.json': 404 });
  await assert.rejects(download('/contract.json'), {
    name: 'ModelError',
    message: 'contract.json could not be loaded (404). Press Start to try again.',
  });
});
