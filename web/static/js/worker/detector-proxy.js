/** Detects faces in detector-worker.js, with the interface of `CenterFace`. */

import { WorkerClient } from './rpc.js';

/** @import { Detection } from '../vision/detections.js' */
/** @import { DetectorSettings } from '../contract.js' */
/** @import { ModelFiles } from '../contract.js' */
/** @import { DetectorRequest, WasmUrls } from './messages.js' */
/** @import { Frame } from '../vision/geometry.js' */

export class DetectorProxy {
  /** Number of tensors that the worker holds. */
  tensors = 0;
  #client;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#client = new WorkerClient(worker);
  }

  /**
   * Start the detector.
   * @param {DetectorSettings} settings
   * @param {ModelFiles} files already verified; transferred, so no longer usable here
   * @param {WasmUrls} urls
   * @throws {ModelError} it does not start, or its outputs differ from the reference on this device
   */
  async load(settings, files, urls) {
    await this.#ask({ type: 'load', settings, files, urls }, [files.topology, files.weights]);
  }

  /**
   * Detect the faces of a photo; see `CenterFace.detect`.
   * @param {Frame} image copied
   * @returns {Promise<Detection[]>}
   * @throws {ModelError}
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
   * @throws {ModelError}
   */
  async detectOnce({ data, width, height }, side, scoreThreshold) {
    const frame = { data, width, height };
    const response = await this.#ask({ type: 'detectOnce', frame, side, scoreThreshold }, [
      data.buffer,
    ]);
    return response.detections;
  }

  /**
   * @param {DetectorRequest} request
   * @param {Transferable[]} transferred
   */
  async #ask(request, transferred) {
    const response = await this.#client.ask(request, transferred);
    this.tensors = response.tensors;
    return response;
  }
}
