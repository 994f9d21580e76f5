/** Fetching the models, checked against the contract, with progress. */

import { DETECTOR_FILES, parse, verify } from '../contract.js';
import { ModelError } from '../errors.js';
import { servedAt } from '../files.js';
import { texts } from '../texts/texts.js';

/** @import { Contract } from '../contract.js' */

/**
 * Built files by their logical names.
 * @typedef {Record<string, {url: string, bytes: number}>} Assets
 */

/**
 * Content of a model's two files.
 * @typedef {{topology: ArrayBuffer, weights: ArrayBuffer}} ModelFiles
 */

/** @typedef {{contract: Contract, files: {detector: ModelFiles, classifier: ModelFiles}}} Models */

/**
 * The bytes at a URL.
 * @param {string} url
 * @param {(bytes: number) => void} [onBytes] told how many came, piece by piece
 * @returns {Promise<ArrayBuffer>}
 * @throws {ModelError} they did not come
 */
export async function download(url, onBytes = () => {}) {
  const name = url.slice(url.lastIndexOf('/') + 1);
  try {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    /** @type {TransformStream<Uint8Array, Uint8Array>} */
    const counter = new TransformStream({
      transform(piece, out) {
        onBytes(piece.length);
        out.enqueue(piece);
      },
    });
    return await new Response(response.body.pipeThrough(counter)).arrayBuffer();
  } catch (error) {
    throw new ModelError(texts.model.download(name, error instanceof Error ? error.message : ''));
  }
}

/**
 * The contract, and both models that it names.
 * @param {Assets} assets with the detector's files
 * @param {(done: number, total: number) => void} onProgress in bytes
 * @returns {Promise<Models>}
 * @throws {ModelError} a file did not come or is not the one named
 */
export async function downloadModels(assets, onProgress) {
  const contract = parse(await download('/contract.json'));
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
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const files = await Promise.all(
    wanted.map(async ({ name, url, sha256 }) =>
      verify(await download(url, (more) => onProgress((done += more), total)), sha256, name),
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
