import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from '../../web/node_modules/esbuild/lib/main.js';
import { lean, unknownOps, withoutThreads } from '../../web/lean.mjs';

const ROOT = new URL('../../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('models/contract.json', ROOT), 'utf8'));
const classifier = JSON.parse(readFileSync(new URL(exports.tfjs_model.file, ROOT), 'utf8'));

test('the build has all ops of the classifier', () => {
  assert.deepEqual(unknownOps(classifier), []);
});

test('ops that are left out are returned once', () => {
  const node = [{ op: 'Const' }, { op: 'FFT' }, { op: 'FFT' }];
  assert.deepEqual(unknownOps({ modelTopology: { node } }), ['FFT']);
});

test('tfjs shrinks by more than 40 percent', async () => {
  /** @param {any[]} plugins */
  const size = async (plugins) => {
    const { outputFiles } = await build({
      stdin: {
        contents:
          "export { loadGraphModel } from '@tensorflow/tfjs-converter';" +
          "import '@tensorflow/tfjs-backend-wasm';",
        resolveDir: new URL('web', ROOT).pathname,
      },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
      plugins,
      write: false,
    });
    return outputFiles[0].contents.length;
  };
  assert.ok((await size([lean, withoutThreads])) < 0.6 * (await size([])));
});
