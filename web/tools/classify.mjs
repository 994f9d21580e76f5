/**
 * Runs a TF.js graph model in Node on the wasm backend; the trainer checks its export with it.
 *
 * node tools/classify.mjs MODEL.json INPUTS.bin "[n,size,size,3]"  → probabilities as JSON
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The CommonJS builds: in Node the ES modules of tfjs would load as a second, separate engine.
const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

const [modelPath, inputsPath, shape] = process.argv.slice(2);

/** An io handler that reads a graph model from files. */
const fromFiles = {
  async load() {
    const model = JSON.parse(await readFile(modelPath, 'utf8'));
    const [group] = model.weightsManifest;
    const parts = group.paths.map((/** @type {string} */ path) => readFile(join(dirname(modelPath), path)));
    const bytes = Buffer.concat(await Promise.all(parts));
    return {
      modelTopology: model.modelTopology,
      signature: model.signature,
      weightSpecs: group.weights,
      weightData: new Uint8Array(bytes).buffer,
    };
  },
};

const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
setWasmPaths(join(wasm, 'wasm-out/'));
await tf.setBackend('wasm');
const model = await loadGraphModel(fromFiles);
const bytes = new Uint8Array(await readFile(inputsPath));
const input = tf.tensor(new Float32Array(bytes.buffer), JSON.parse(shape), 'float32');
const output = /** @type {tf.Tensor2D} */ (model.execute(input));
process.stdout.write(JSON.stringify(await output.array()));
