/** Downloads the models and verifies them against the contract. */

import { DETECTOR_FILES, parse, verify } from '../contract.js';
import { ModelError } from '../errors.js';
import { rooted, servedAt } from '../files.js';
import { texts } from '../texts/texts.js';

/** @import { Contract, ModelFiles } from '../contract.js' */

/**
 * Built files by their logical names.
 * @typedef {Record<string, {url: string, bytes: number}>} Assets
 */

/** @typedef {{contract: Contract, files: {detector: ModelFiles, classifier: ModelFiles}}} Models */

/**
 * Download a file.
 * @param {string} url
 * @param {(bytes: number) => void} [onBytes] called with the size of each chunk
 * @returns {Promise<ArrayBuffer>}
 * @throws {ModelError} the download failed
 */
export async function download(url, onBytes = () => {}) {
  const name = url.slice(url.lastIndexOf('/') + 1);
  try {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    /** @type {TransformStream<Uint8Array, Uint8Array>} */
    const counter = new TransformStream({
      transform(chunk, controller) {
        onBytes(chunk.length);
        controller.enqueue(chunk);
      },
    });
    return await new Response(response.body.pipeThrough(counter)).arrayBuffer();
  } catch (error) {
    throw new ModelError(texts.model.download(name, error instanceof Error ? error.message : ''));
  }
}

/**
 * Download the contract and both models that it names.
 * @param {Assets} assets include the detector's files
 * @param {(doneBytes: number, totalBytes: number) => void} onProgress
 * @returns {Promise<Models>}
 * @throws {ModelError} a download failed, or a file is not the one that the contract names
 */
export async function downloadModels(assets, onProgress) {
  const contract = parse(await download(rooted('/contract.json')));
  const wanted = [
    ...DETECTOR_FILES.map((name) => ({
      name,
      ...assets[name],
      sha256: contract.detector.browser_sha256[name],
    })),
    ...[contract.exports.tfjs_model, contract.exports.tfjs_weights].map((file) => ({
      name: file.file,
      ...file,
      url: servedAt(file),
    })),
  ];
  const totalBytes = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  /** @param {number} bytes */
  const addBytes = (bytes) => onProgress((doneBytes += bytes), totalBytes);
  const files = await Promise.all(
    wanted.map(async ({ name, url, sha256 }) =>
      verify(await download(url, addBytes), sha256, name),
    ),
  );
  return {
    contract,
    files: {
      detector: { topology: files[0], weights: files[1] },
      classifier: { topology: files[2], weights: files[3] },
    },
  };
}
