/** The detector's worker, with the interface of `CenterFace`. */

import { ModelError } from './errors.js';
import { texts } from './texts.js';

/** @import { Running } from './backend.js' */
/** @import { Detection } from './centerface.js' */
/** @import { DetectorSettings } from './contract.js' */
/** @import { Frame } from './geometry.js' */
/** @import { ModelFiles } from './graph.js' */

/** Sends requests to detector-worker.js, which answers in their order. */
export class DetectorClient {
  /** Tensors that the worker's tfjs holds. */
  tensors = 0;
  #worker;
  /** @type {{resolve: (answer: any) => void, reject: (error: Error) => void}[]} */
  #pending = [];
  #failed = false;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#fail();
    });
  }

  /**
   * Start the detector.
   * @param {DetectorSettings} settings
   * @param {ModelFiles} files already checked; transferred, so no longer usable here
   * @param {{simd: string, plain: string}} urls of the wasm files
   * @returns {Promise<Running>}
   * @throws {ModelError} it does not start, or computes wrongly on this device
   */
  async load(settings, files, urls) {
    const message = { type: 'init', settings, files, urls };
    const { tensors, ...running } = await this.#ask(message, [files.topology, files.weights]);
    this.tensors = tensors;
    return running;
  }

  /**
   * Detect the faces of a photo; see `CenterFace.detect`.
   * @param {Frame} image copied
   * @returns {Promise<Detection[]>}
   * @throws {ModelError} with the worker's sentence
   */
  detect({ data, width, height }) {
    return this.#detect({ type: 'detect', frame: { data, width, height } }, []);
  }

  /**
   * Detect faces in a single pass; see `CenterFace.detectOnce`.
   * @param {Frame} image transferred, so no longer usable here
   * @param {number} side
   * @param {number} scoreThreshold
   * @returns {Promise<Detection[]>}
   * @throws {ModelError} with the worker's sentence
   */
  detectOnce({ data, width, height }, side, scoreThreshold) {
    const message = { type: 'detectOnce', frame: { data, width, height }, side, scoreThreshold };
    return this.#detect(message, [data.buffer]);
  }

  /**
   * @param {object} message
   * @param {Transferable[]} transferred
   */
  async #detect(message, transferred) {
    const { detections, tensors } = await this.#ask(message, transferred);
    this.tensors = tensors;
    return detections;
  }

  /**
   * @param {object} message
   * @param {Transferable[]} transferred
   * @returns {Promise<any>}
   */
  async #ask(message, transferred) {
    if (this.#failed) throw new ModelError(texts.model.worker);
    this.#worker.postMessage(message, transferred);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  /** @param {any} data */
  #receive(data) {
    const asked = this.#pending.shift();
    if (data.type === 'error') asked?.reject(new ModelError(data.sentence));
    else asked?.resolve(data);
  }

  /** The worker did not start, or stopped. */
  #fail() {
    this.#failed = true;
    for (const { reject } of this.#pending.splice(0)) reject(new ModelError(texts.model.worker));
  }
}
