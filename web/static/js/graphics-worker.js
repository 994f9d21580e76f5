/**
 * Runs the models on the graphics processor, in a worker of its own with a tfjs of its own, so that
 * compiling the models for the device stops nothing. Fetched only where there is such a processor.
 *
 * in:  {type: 'init', contract, files, apis}, then {type: 'run', model, values, shape, names} …
 * out: {type: 'ready', backend} | {type: 'answer', arrays} | {type: 'failed', reason}, after which
 *      it is of no more use
 */

import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { Graph } from './graph.js';
import { MaskClassifier } from './masks.js';

/** @import { Contract } from './contract.js' */
/** @import { Api, Files } from './graphics.js' */

/** @typedef {{blazeface: Graph, classifier: Graph}} Graphs */

const RUNS = 3;

/** @type {Graphs} */
let graphs;

/**
 * Load the models with each API, and stay with the fastest that gives the golden answer.
 * @param {Contract} contract
 * @param {Files} files
 * @param {Api[]} apis
 * @returns {Promise<Api>}
 * @throws {Error} none does
 */
async function init(contract, files, apis) {
  /** @type {{api: Api, graphs: Graphs, ms: number}[]} */
  const right = [];
  for (const api of apis) {
    const tried = await load(api, contract, files).catch(() => undefined);
    if (tried) right.push(tried);
  }
  const [best, ...others] = right.sort((a, b) => a.ms - b.ms);
  if (!best) throw new Error(`none of ${apis.join(', ')} answers rightly`);
  for (const other of others) Object.values(other.graphs).forEach((graph) => graph.dispose());
  await setBackend(best.api);
  watch();
  graphs = best.graphs;
  return best.api;
}

/**
 * @param {Api} api
 * @param {Contract} contract
 * @param {Files} files
 */
async function load(api, contract, files) {
  if (!(await setBackend(api))) throw new Error(`${api} did not start`);
  const loaded = {
    blazeface: await Graph.load(files.blazeface),
    classifier: await Graph.load(files.classifier),
  };
  await new MaskClassifier(contract, loaded.classifier).check(contract);
  return { api, graphs: loaded, ms: await shortest(loaded.blazeface, contract) };
}

/**
 * @param {Graph} finder
 * @param {Contract} contract
 * @returns {Promise<number>} milliseconds of a run; the first ones compile
 */
async function shortest(finder, contract) {
  const size = contract.finders.blazeface.input_size;
  let least = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    const begun = performance.now();
    await finder.run(new Float32Array(size * size * 3), [1, size, size, 3]);
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

/** Tell when the device is taken away, as when the driver restarts. */
function watch() {
  const { gpgpu, device } = /** @type {any} */ (backend());
  gpgpu?.gl.canvas.addEventListener('webglcontextlost', () => fail(new Error('context lost')));
  device?.lost.then(() => fail(new Error('device lost')));
}

/** @param {unknown} error */
function fail(error) {
  postMessage({ type: 'failed', reason: error instanceof Error ? error.message : `${error}` });
}

/** @param {any} data */
async function answer(data) {
  try {
    if (data.type === 'init') {
      postMessage({ type: 'ready', backend: await init(data.contract, data.files, data.apis) });
    } else {
      const arrays = await graphs[/** @type {keyof Graphs} */ (data.model)]
        .run(data.values, data.shape, data.names);
      postMessage({ type: 'answer', arrays });
    }
  } catch (error) {
    fail(error);
  }
}

let last = Promise.resolve();
addEventListener('message', ({ data }) => {
  last = last.then(() => answer(data));
});
