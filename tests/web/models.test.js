/** The files that the page fetches, run by tfjs's wasm backend in Node. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chooseBackend, wasm } from '../../web/static/js/backend.js';
import { goldenInput, parse, verify } from '../../web/static/js/contract.js';
import { MaskDetector } from '../../web/static/js/detector.js';
import { ModelError } from '../../web/static/js/errors.js';
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

const names = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];
const [simd, plain] = names.map((name) => WASM + name);
const backends = wasm({ simd, plain });

before(async () => {
  assert.deepEqual(await chooseBackend(backends), { backend: 'wasm-simd' });
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

test('a part of a picture that is reduced already shows the same faces in the same places', async () => {
  const blazeface = await BlazeFace.load(finder, files.blazeface);
  const picture = await BlazeFace.load({ ...finder, score_threshold: 0 }, files.blazeface);
  const noise = { data: new Uint8ClampedArray(256 * 192 * 4), width: 256, height: 192 };
  noise.data.forEach((_, i) => (noise.data[i] = (i * 7919) % 251));
  const frame = blazeface.frame(noise);
  assert.deepEqual(frame, { left: 0, top: -32, right: 256, bottom: 224 });
  const large = { left: 100, top: -28, right: 100 + 2 * 256, bottom: -28 + 2 * 256 };
  const [here] = await picture.find(noise);
  const [there] = await picture.findReduced(noise, large);
  assertClose(there.score, here.score, 1e-5);
  assertClose(there.box.left, 100 + 2 * (here.box.left - frame.left), 1e-2);
  assertClose(there.box.bottom, -28 + 2 * (here.box.bottom - frame.top), 1e-2);
});

test('where SIMD answers wrongly, plain WebAssembly gives the golden answer', async () => {
  const chosen = await chooseBackend(backends, async (name) => {
    await MaskClassifier.load(contract, files.classifier);
    if (name === 'wasm-simd') throw new ModelError('as if it were wrong');
  });
  assert.deepEqual(chosen, { backend: 'wasm', failed: 'wasm-simd' });
});
