/** The tfjs backend that runs the models: the first of a list that starts on this device. */

import { env, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ModelError } from './errors.js';
import { texts } from './texts.js';

/**
 * A way to run models. `start` resolves once it runs, and throws if it cannot.
 * @typedef {{name: string, start: () => Promise<void>}} Backend
 */

/**
 * WebAssembly on one thread, with SIMD where the device has it. Threads gave nothing on two cores.
 * @param {{simd: string, plain: string}} urls of the wasm files
 * @returns {Backend}
 */
export function wasm({ simd, plain }) {
  return {
    name: 'wasm',
    async start() {
      env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      setWasmPaths({
        'tfjs-backend-wasm.wasm': plain,
        'tfjs-backend-wasm-simd.wasm': simd,
        'tfjs-backend-wasm-threaded-simd.wasm': simd, // asked for by name, never fetched
      });
      if (!(await setBackend('wasm'))) throw new Error('wasm did not start');
    },
  };
}

/**
 * Start the first backend that can.
 * @param {Backend[]} backends in the order to try
 * @returns {Promise<string>} its name
 * @throws {ModelError} none can
 */
export async function chooseBackend(backends) {
  const reasons = [];
  for (const { name, start } of backends) {
    try {
      await start();
      return name;
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new ModelError(texts.model.backend(reasons.join('; ')));
}
