import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, mock, test } from 'node:test';
import { DETECTOR_FILES } from '../../../web/static/js/contract.js';
import { download, downloadModels } from '../../../web/static/js/worker/download.js';

const ROOT = new URL('../../../', import.meta.url);
const assets = Object.fromEntries(
  DETECTOR_FILES.map((name) => {
    const { length } = readFileSync(new URL(`weights/${name}`, ROOT));
    return [name, { url: `/static/build/${name}`, bytes: length }];
  }),
);

/** @param {string} name */
function folder(name) {
  if (name === 'contract.json') return 'models';
  return DETECTOR_FILES.includes(name) ? 'weights' : 'web/static/models';
}

/**
 * The server's files, some of them replaced.
 * @param {Record<string, string | number>} [replaced] by URL: a text, or a status
 */
function serve(replaced = {}) {
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    const other = replaced[url];
    if (typeof other === 'number') return new Response('', { status: other });
    const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*/, '');
    return new Response(other ?? readFileSync(new URL(`${folder(name)}/${name}`, ROOT)));
  });
}

afterEach(() => mock.restoreAll());

test('everything comes, and the progress ends at the total', async () => {
  serve();
  /** @type {number[][]} */
  const told = [];
  const { contract, files } = await downloadModels(assets, (...progress) => told.push(progress));
  assert.equal(files.classifier.weights.byteLength, contract.exports.tfjs_weights.bytes);
  assert.equal(files.detector.weights.byteLength, assets['centerface.bin'].bytes);
  assert.equal(told.at(-1)?.[0], told[0][1]);
  assert.ok(told.every(([done], i) => i === 0 || done >= told[i - 1][0]));
});

test('a changed file is refused by name', async () => {
  serve({ '/static/build/centerface.bin': 'something else' });
  await assert.rejects(downloadModels(assets, () => {}), {
    name: 'ModelError',
    message: /centerface\.bin is not the file/,
  });
});

test('a missing file is told by name', async () => {
  serve({ '/contract.json': 404 });
  await assert.rejects(download('/contract.json'), {
    name: 'ModelError',
    message: 'contract.json could not be loaded (404). Check the connection, then try again.',
  });
});
