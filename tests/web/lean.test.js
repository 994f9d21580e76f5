import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from '../../web/node_modules/esbuild/lib/main.js';
import { lean, unknownOps, withoutThreads } from '../../web/lean.mjs';
import { FINDER } from './finder.js';

const ROOT = new URL('../../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('models/contract.json', ROOT), 'utf8'));
const models = [new URL(exports.tfjs_model.file, ROOT), FINDER['blazeface.json']].map((file) => {
  return JSON.parse(readFileSync(file, 'utf8'));
});

test('the models consist of ops that are kept', () => {
  for (const model of models) assert.deepEqual(unknownOps(model), []);
});

test('an op that is left out is named', () => {
  const node = [{ op: 'Const' }, { op: 'FFT' }, { op: 'FFT' }];
  assert.deepEqual(unknownOps({ modelTopology: { node } }), ['FFT']);
});

test('what is left out is more than half of tfjs', async () => {
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
