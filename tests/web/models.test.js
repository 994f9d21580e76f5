/** The files that the page fetches, run by tfjs's wasm backend in Node. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chooseBackend, wasm } from '../../web/static/js/backend.js';
import { goldenInput, parse, verify } from '../../web/static/js/contract.js';
import { MaskDetector } from '../../web/static/js/detector.js';
import { BlazeFace } from '../../web/static/js/faces.js';
import { MaskClassifier } from '../../web/static/js/masks.js';
import { FINDER } from './finder.js';
import { assertClose } from './golden.js';

const ROOT = new URL('../../', import.meta.url);
const WASM = fileURLToPath(new URL('web/node_modules/@tensorflow/tfjs-backend-wasm/dist/', ROOT));

/** @param {string | URL} file */
const read = (file) => Uint8Array.from(readFileSync(new URL(file, ROOT))).buffer;

const contract = parse(read('models/contract.json'));
const { tfjs_model: model, tfjs_weights: weights } = contract.exports;
const finder = contract.finders.blazeface;
const files = {
  blazeface: {
    topology: read(FINDER['blazeface.json']),
    weights: read(FINDER['blazeface.bin']),
  },
  classifier: { topology: read(model.file), weights: read(weights.file) },
};
const grey = { data: new Uint8ClampedArray(64 * 48 * 4).fill(128), width: 64, height: 48 };

before(async () => {
  const names = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];
  const [simd, plain] = names.map((name) => WASM + name);
  assert.equal(await chooseBackend([wasm({ simd, plain })]), 'wasm');
});

test('the files are those that the contract names', async () => {
  await verify(files.classifier.topology, model.sha256, model.file);
  await verify(files.classifier.weights, weights.sha256, weights.file);
  await verify(files.blazeface.topology, finder.browser_sha256['blazeface.json'], 'blazeface.json');
  await verify(files.blazeface.weights, finder.browser_sha256['blazeface.bin'], 'blazeface.bin');
});

test('the classifier gives the golden answer, alone and in a batch', async () => {
  const classifier = await MaskClassifier.load(contract, files.classifier);
  const one = goldenInput(contract);
  const batch = new Float32Array(one.length * 3);
  batch.set(one);
  batch.set(one, one.length * 2);
  const [first, other, last] = await classifier.classify(batch);
  assertClose([...first], contract.golden.probabilities, contract.golden.tolerance);
  assertClose([...last], [...first], 1e-5);
  assert.notDeepEqual([...other], [...first]);
  assert.deepEqual(await classifier.classify(new Float32Array(0)), []);
});

test('a classifier that answers otherwise is refused', async () => {
  const probabilities = contract.golden.probabilities.map((probability) => 1 - probability);
  const other = { ...contract, golden: { ...contract.golden, probabilities } };
  await assert.rejects(MaskClassifier.load(other, files.classifier), {
    name: 'ModelError',
    message: /answers wrongly on this device/,
  });
});

test('BlazeFace sees no face in grey', async () => {
  const blazeface = await BlazeFace.load(finder, files.blazeface);
  assert.deepEqual(await blazeface.find(grey), []);
});

test('a detector judges the faces it is given, and not those too small', async () => {
  const detector = await MaskDetector.load(contract, files);
  assert.deepEqual(await detector.detect(grey), []);
  const box = { left: 5, top: 5, right: 45, bottom: 43 };
  const right = 5 + contract.smallest_face - 1;
  const small = { ...box, right, bottom: right };
  const verdicts = await detector.judge(grey, [
    { box: small, score: 0.9, points: [] },
    { box, score: 0.8, points: [] },
  ]);
  assert.deepEqual(verdicts[0], {
    label: 'too_small', probability: 0, probabilities: {}, box: small, score: 0.9,
  });
  assert.deepEqual(verdicts[1].box, box);
  assert.deepEqual(Object.keys(verdicts[1].probabilities), contract.labels);
  const sum = Object.values(verdicts[1].probabilities).reduce((a, b) => a + b, 0);
  assertClose(sum, 1, 1e-4);
});
