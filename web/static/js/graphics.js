/** The worker's side of the worker that runs models on the graphics processor. */

/** @import { Contract } from './contract.js' */
/** @import { Runnable } from './graph.js' */

/** @typedef {'webgpu' | 'webgl'} Api */
/** @typedef {import('./download.js').Models['files']} Files */

/**
 * An answer of the graphics worker is due within so many milliseconds; starting takes longer, as
 * the models are compiled for the device.
 */
const PATIENCE = { start: 60_000, run: 2000 };

/** Names of renderers that run on the main processor; not all browsers admit it otherwise. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * How the graphics processor can be used. Software that only acts as one is slower than
 * WebAssembly, so it doesn't count.
 * @param {() => Pick<OffscreenCanvas, 'getContext'>} newCanvas
 * @param {{requestAdapter: () => Promise<any>} | undefined} gpu of the navigator
 * @returns {Promise<Api[]>} none where there is no real one
 */
export async function graphicsApis(newCanvas, gpu) {
  /** @type {Api[]} */
  const apis = [];
  if (await isReal(gpu)) apis.push('webgpu');
  const context = newCanvas().getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context && !SOFTWARE.test(renderer(context))) apis.push('webgl');
  context?.getExtension('WEBGL_lose_context')?.loseContext(); // browsers allow only some
  return apis;
}

/** @param {{requestAdapter: () => Promise<any>} | undefined} gpu */
async function isReal(gpu) {
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (!adapter) return false;
  return !(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter);
}

/** @param {WebGL2RenderingContext} context */
function renderer(context) {
  const names = context.getExtension('WEBGL_debug_renderer_info');
  return `${context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER)}`;
}

/** Asks the graphics worker; it answers in the order it was asked. */
export class Graphics {
  #worker;
  #patience;
  /** @type {{resolve: (data: any) => void, reject: (error: Error) => void}[]} */
  #pending = [];
  /** @type {Error | undefined} */
  #failure;

  /**
   * @param {Worker} worker that runs graphics-worker.js
   * @param {() => void} onFailure told once when it can no longer be used
   * @param {typeof PATIENCE} [patience]
   */
  constructor(worker, onFailure, patience = PATIENCE) {
    this.#worker = worker;
    this.#patience = patience;
    this.onFailure = onFailure;
    worker.addEventListener('message', ({ data }) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail('the worker did not start');
    });
  }

  /**
   * Load the models.
   * @param {Contract} contract
   * @param {Files} files copied
   * @param {Api[]} apis to try; the fastest that answers rightly is taken
   * @returns {Promise<string>} its name
   * @throws {Error} none does
   */
  async start(contract, files, apis) {
    const asked = { type: 'init', contract, files, apis };
    return (await this.#ask(asked, this.#patience.start)).backend;
  }

  /**
   * @param {keyof Files} model
   * @returns {Runnable}
   */
  model(model) {
    return {
      run: async (values, shape, names) => {
        const asked = { type: 'run', model, values, shape, names };
        return (await this.#ask(asked, this.#patience.run)).arrays;
      },
    };
  }

  /** End the worker. */
  close() {
    this.#failure ??= new Error('closed');
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure);
    this.#worker.terminate();
  }

  /**
   * @param {object} message
   * @param {number} patience in milliseconds
   * @returns {Promise<any>}
   */
  async #ask(message, patience) {
    if (this.#failure) throw this.#failure;
    const timer = setTimeout(() => this.#fail('no answer'), patience);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.push({ resolve, reject });
        this.#worker.postMessage(message);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {any} data */
  #hear(data) {
    if (data.type === 'failed') this.#fail(data.reason);
    else this.#pending.shift()?.resolve(data);
  }

  /** @param {string} reason */
  #fail(reason) {
    if (this.#failure) return;
    this.#failure = new Error(reason);
    this.close();
    this.onFailure();
  }
}
