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
 * Serve the files, some of them replaced.
 * @param {Record<string, string | number>} [replaced] a text or a status, by URL
 */
function serve(replaced = {}) {
  mock.method(globalThis, 'fetch', async (/** @type {string} */ url) => {
    const replacement = replaced[url];
    if (typeof replacement === 'number') return new Response('', { status: replacement });
    const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*/, '');
    return new Response(replacement ?? readFileSync(new URL(`${folder(name)}/${name}`, ROOT)));
  });
}

afterEach(() => mock.restoreAll());

test('all files are downloaded, and the progress ends at the total', async () => {
  serve();
  /** @type {number[][]} */
  const reports = [];
  const { contract, files } = await downloadModels(assets, (...bytes) => reports.push(bytes));
  assert.equal(files.classifier.weights.byteLength, contract.exports.tfjs_weights.bytes);
  assert.equal(files.detector.weights.byteLength, assets['centerface.bin'].bytes);
  assert.equal(reports.at(-1)?.[0], reports[0][1]);
  assert.ok(reports.every(([done], i) => i === 0 || done >= reports[i - 1][0]));
});

test('a changed file is refused with its name', async () => {
  serve({ '/static/build/centerface.bin': 'something else' });
  await assert.rejects(downloadModels(assets, () => {}), {
    name: 'ModelError',
    message: /centerface\.bin is not the file/,
  });
});

test('a missing file is reported with its name', async () => {
  serve({ '/contract.json': 404 });
  await assert.rejects(download('/contract.json'), {
    name: 'ModelError',
    message: 'contract.json could not be loaded (404). Check the connection, then try again.',
  });
});
