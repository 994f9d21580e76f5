/** The models that the page downloads, run on tfjs's wasm backend in Node. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startWasm } from '../../../web/static/js/vision/backend.js';
import { CenterFaceNet, HEADS } from '../../../web/static/js/vision/centerface-net.js';
import { CenterFace, check } from '../../../web/static/js/vision/centerface.js';
import { goldenInput, parse, verify } from '../../../web/static/js/contract.js';
import { MaskDetector } from '../../../web/static/js/vision/detector.js';
import { MaskClassifier } from '../../../web/static/js/vision/classifier.js';
import { assertClose } from '../golden.js';

const ROOT = new URL('../../../', import.meta.url);
const { memory } = createRequire(new URL('web/package.json', ROOT))('@tensorflow/tfjs-core');
const WASM = fileURLToPath(new URL('web/node_modules/@tensorflow/tfjs-backend-wasm/dist/', ROOT));

/** @param {string} file */
const read = (file) => Uint8Array.from(readFileSync(new URL(file, ROOT))).buffer;

const contract = parse(read('models/contract.json'));
const { tfjs_model: model, tfjs_weights: weights } = contract.exports;
const settings = contract.detector;
const files = {
  detector: { topology: read('weights/centerface.json'), weights: read('weights/centerface.bin') },
  classifier: { topology: read(model.file), weights: read(weights.file) },
};
const gray = { data: new Uint8ClampedArray(64 * 48 * 4).fill(128), width: 64, height: 48 };

const names = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];
const [simd, plain] = names.map((name) => WASM + name);

before(() => startWasm({ simd, plain }));

test('the files have the hashes in the contract', async () => {
  await verify(files.classifier.topology, model.sha256, model.file);
  await verify(files.classifier.weights, weights.sha256, weights.file);
  const { browser_sha256: hashes } = settings;
  await verify(files.detector.topology, hashes['centerface.json'], 'centerface.json');
  await verify(files.detector.weights, hashes['centerface.bin'], 'centerface.bin');
});

test('the classifier returns the golden probabilities, alone and in a batch', async () => {
  const classifier = await MaskClassifier.load(contract, files.classifier);
  const one = goldenInput(contract);
  const batch = new Float32Array(one.length * 3);
  batch.set(one);
  batch.set(one, one.length * 2);
  const [first, other, last] = await classifier.classify(batch);
  const { probabilities, tolerance } = contract.golden;
  assertClose([...first], contract.labels.map((label) => probabilities[label]), tolerance);
  assertClose([...last], [...first], 1e-5);
  assert.notDeepEqual([...other], [...first]);
  assert.deepEqual(await classifier.classify(new Float32Array(0)), []);
});

test('a classifier with other results is refused', async () => {
  const other = { ...contract, labels: contract.labels.toReversed() };
  await assert.rejects(MaskClassifier.load(other, files.classifier), {
    name: 'ModelError',
    message: /gives wrong results on this device/,
  });
});

test('the net computes the results of ONNX Runtime, and other weights are refused', async () => {
  await check(CenterFaceNet.load(files.detector));
  const changed = new Int8Array(files.detector.weights.slice(0));
  changed.fill(0, 1000, 20000);
  const other = CenterFaceNet.load({ ...files.detector, weights: changed.buffer });
  await assert.rejects(check(other), { name: 'ModelError', message: /gives wrong results/ });
});

test('the net accepts any size and frees its tensors', async () => {
  const net = CenterFaceNet.load(files.detector);
  const pixels = (/** @type {number} */ count) => new Float32Array(count * 3).fill(128);
  const first = await net.run(pixels(64 * 96), 64, 96);
  const { numTensors } = memory();
  assert.equal((await net.run(pixels(128 * 32), 128, 32)).length, 32 * 8 * HEADS);
  assert.deepEqual(await net.run(pixels(64 * 96), 64, 96), first);
  assert.equal(memory().numTensors, numTensors);
});

test('outputs that are not finite are refused, and their tensors freed', async () => {
  const broken = files.detector.weights.slice(0);
  new DataView(broken).setFloat32(broken.byteLength - 4, NaN, true); // the last bias
  const net = CenterFaceNet.load({ ...files.detector, weights: broken });
  const { numTensors } = memory();
  await assert.rejects(net.run(new Float32Array(32 * 32 * 3), 32, 32), {
    name: 'ModelError',
    message: /not a number/,
  });
  assert.equal(memory().numTensors, numTensors);
});

test('a gray picture has no face', async () => {
  const faces = await CenterFace.load(settings, files.detector);
  assert.deepEqual(await faces.detect(gray), []);
});

test('faces are classified, except those that are too small', async () => {
  const box = { left: 5, top: 5, right: 45, bottom: 43 };
  const right = 5 + contract.smallest_face - 1;
  const small = { ...box, right, bottom: right };
  const faces = [{ box: small, score: 0.9 }, { box, score: 0.8 }];
  const classifier = await MaskClassifier.load(contract, files.classifier);
  const detector = new MaskDetector(contract, { detect: async () => faces }, classifier);
  const verdicts = await detector.detect(gray);
  assert.deepEqual(verdicts[0], {
    label: 'too_small', probability: 0, probabilities: {}, box: small, score: 0.9,
  });
  assert.deepEqual(verdicts[1].box, box);
  assert.deepEqual(Object.keys(verdicts[1].probabilities), contract.labels);
  const sum = Object.values(verdicts[1].probabilities).reduce((a, b) => a + b, 0);
  assertClose(sum, 1, 1e-4);
});
