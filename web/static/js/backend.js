/** The tfjs backends that can run the models. */

import {
  env, findBackendFactory, registerBackend, removeBackend, setBackend,
} from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ModelError } from './errors.js';
import { texts } from './texts.js';

/**
 * A way to run models. `start` resolves once it runs, and throws if it cannot.
 * @typedef {{name: string, start: () => Promise<void>}} Backend
 */

/**
 * The backend that runs the models: `wasm-simd` or `wasm`. `failed` names the one that was given up
 * because it computed wrongly.
 * @typedef {{backend: string, failed?: string}} Running
 */

/**
 * WebAssembly with SIMD and without, on one thread: more gave nothing on two cores.
 * @param {{simd: string, plain: string}} urls of the wasm files
 * @returns {Backend[]} the fastest first
 */
export function wasm({ simd, plain }) {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd, // asked for by name, never fetched
  });
  return [
    {
      name: 'wasm-simd',
      async start() {
        if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('no SIMD here');
        await startWasm();
      },
    },
    {
      name: 'wasm',
      start() {
        env().set('WASM_HAS_SIMD_SUPPORT', false);
        return startWasm();
      },
    },
  ];
}

/** Anew, also where it ran before: tfjs would go on with the same file. */
async function startWasm() {
  const factory = findBackendFactory('wasm');
  removeBackend('wasm');
  registerBackend('wasm', factory);
  if (!(await setBackend('wasm'))) throw new Error('wasm did not start');
}

/**
 * Start the first backend that can and that passes a check.
 * @param {Backend[]} backends in the order to try
 * @param {(name: string) => Promise<void>} [check] throws if the backend, which runs now, answers
 *   wrongly
 * @returns {Promise<Running>}
 * @throws {ModelError} none can
 */
export async function chooseBackend(backends, check = async () => {}) {
  /** @type {{name: string, error: unknown}[]} */
  const failures = [];
  for (const { name, start } of backends) {
    try {
      await start();
      await check(name);
      const failed = failures.findLast(({ error }) => error instanceof ModelError)?.name;
      return failed ? { backend: name, failed } : { backend: name };
    } catch (error) {
      failures.push({ name, error });
    }
  }
  // A wrong answer says more than that the next backend did not even start.
  throw failures.find(({ error }) => error instanceof ModelError)?.error ?? noneStarts(failures);
}

/** @param {{name: string, error: unknown}[]} failures */
function noneStarts(failures) {
  const reasons = failures.map(({ name, error }) => {
    return `${name}: ${error instanceof Error ? error.message : error}`;
  });
  return new ModelError(texts.model.backend(reasons.join('; ')));
}
