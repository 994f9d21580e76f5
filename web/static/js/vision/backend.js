/** The tfjs backend that runs the models. */

import { env, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ModelError } from '../errors.js';
import { texts } from '../texts/texts.js';

/**
 * Start the WebAssembly backend, with SIMD if the browser supports it. It runs on one thread: more
 * were no faster on two cores.
 * @param {{simd: string, plain: string}} urls of the wasm files
 * @throws {ModelError} it does not start
 */
export async function startWasm({ simd, plain }) {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd, // asked for by name, never fetched
  });
  if (!(await setBackend('wasm'))) throw new ModelError(texts.model.backend);
}
