/**
 * Runs a TF.js graph model in Node on the wasm backend, for the trainer's check of its export.
 *
 * node tools/classify.mjs MODEL.json INPUTS.bin "[n,size,size,3]"
 *
 * It prints the probabilities as JSON.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The CommonJS builds: the ES modules of tfjs would load a second engine in Node.
const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

const [modelPath, inputsPath, shape] = process.argv.slice(2);

/** An IOHandler that reads the model from files. */
const fromFiles = {
  async load() {
    const model = JSON.parse(await readFile(modelPath, 'utf8'));
    const [group] = model.weightsManifest;
    const shards = group.paths.map((/** @type {string} */ path) =>
      readFile(join(dirname(modelPath), path)),
    );
    const bytes = Buffer.concat(await Promise.all(shards));
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
