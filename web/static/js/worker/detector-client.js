/** The detector's worker, with the interface of `CenterFace`. */

import { WorkerClient } from './worker-client.js';

/** @import { Detection } from '../vision/centerface.js' */
/** @import { DetectorSettings } from '../contract.js' */
/** @import { ModelFiles } from './download.js' */
/** @import { Frame } from '../vision/geometry.js' */

/** Detects faces in detector-worker.js. */
export class DetectorClient {
  /** Tensors that the worker's tfjs holds. */
  tensors = 0;
  #client;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#client = new WorkerClient(worker);
  }

  /**
   * Start the detector.
   * @param {DetectorSettings} settings
   * @param {ModelFiles} files already checked; transferred, so no longer usable here
   * @param {{simd: string, plain: string}} urls of the wasm files
   * @throws {ModelError} it does not start, or its outputs differ from the reference on this device
   */
  async load(settings, files, urls) {
    await this.#ask({ type: 'init', settings, files, urls }, [files.topology, files.weights]);
  }

  /**
   * Detect the faces of a photo; see `CenterFace.detect`.
   * @param {Frame} image copied
   * @returns {Promise<Detection[]>}
   * @throws {ModelError} with the worker's sentence
   */
  async detect({ data, width, height }) {
    return (await this.#ask({ type: 'detect', frame: { data, width, height } }, [])).detections;
  }

  /**
   * Detect faces in a single pass; see `CenterFace.detectOnce`.
   * @param {Frame} image transferred, so no longer usable here
   * @param {number} side
   * @param {number} scoreThreshold
   * @returns {Promise<Detection[]>}
   * @throws {ModelError} with the worker's sentence
   */
  async detectOnce({ data, width, height }, side, scoreThreshold) {
    const message = { type: 'detectOnce', frame: { data, width, height }, side, scoreThreshold };
    return (await this.#ask(message, [data.buffer])).detections;
  }

  /**
   * @param {object} message
   * @param {Transferable[]} transferred
   */
  async #ask(message, transferred) {
    const answer = await this.#client.ask(message, transferred);
    this.tensors = answer.tensors;
    return answer;
  }
}
