import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlazeFace, anchors } from '../../web/static/js/faces.js';
import { merge } from '../../web/static/js/merging.js';
import { assertClose, golden } from './golden.js';

const { faces } = golden;

test('anchors are Python’s', () => {
  const found = Array.from({ length: faces.anchors.count }, (_, i) => [
    ...anchors().subarray(i * 2, i * 2 + 2),
  ]);
  assert.equal(anchors().length, faces.anchors.count * 2);
  assertClose(found.slice(0, faces.anchors.first.length), faces.anchors.first, 1e-6);
  assertClose(found.slice(-faces.anchors.last.length), faces.anchors.last, 1e-6);
});

test('merge is Python’s', () => {
  for (const { faces: heap, iou_threshold: threshold, merged } of faces.merge) {
    assertClose(merge(heap, threshold), merged, 1e-4);
  }
});

test('merge keeps a face without area', () => {
  const dot = { left: 3, top: 3, right: 3, bottom: 3 };
  const face = { box: dot, score: 0.9, points: [[3, 3]] };
  assert.deepEqual(merge([face], 0.3), [face]);
});

test('decode is Python’s', () => {
  const { raw, settings, scale, frame, faces: expected } = faces.decode;
  const values = new Float32Array(896 * 16);
  const logits = new Float32Array(896).fill(-100);
  for (const one of raw) {
    values.set(one.values, one.anchor * 16);
    logits[one.anchor] = one.logit;
  }
  const finder = new BlazeFace(settings, /** @type {any} */ (undefined));
  assertClose(finder.decode(values, logits, scale, frame), expected, 1e-4);
});

/** A stand-in for the net that keeps its input and sees nothing. */
class Blind {
  /** @type {Float32Array[]} */
  inputs = [];

  /** @param {Float32Array} values */
  async run(values) {
    this.inputs.push(values);
    return [512, 384, 512 * 16, 384 * 16].map((length) => new Float32Array(length).fill(-100));
  }
}

test('what lies beyond the picture is middle grey', async () => {
  const graph = new Blind();
  const settings = { ...faces.decode.settings, padding: 0.25 };
  const finder = new BlazeFace(settings, /** @type {any} */ (graph));
  const white = { data: new Uint8ClampedArray(40 * 20 * 4).fill(255), width: 40, height: 20 };
  assert.deepEqual(await finder.find(white), []);
  const [input] = graph.inputs;
  const shown = input.reduce((count, value) => count + (value !== 0 ? 1 : 0), 0);
  const [width, height] = [171, 85]; // of 256, with a quarter of the longer side on each edge
  assert.equal(shown, width * height * 3);
  assertClose(input[(128 * 256 + 128) * 3], 1, 1e-5);
  assert.equal(input[0], 0);
});
