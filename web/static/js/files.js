/** Addresses and hashes of files, for the page, its workers and its service worker. */

/** The path below which the server answers: empty, or such as `/mask` behind a proxy. */
const PREFIX = prefixOf(ownPath());

/** The path of this page's script, or of this worker; an error page may have any path. */
function ownPath() {
  const script = globalThis.document?.querySelector('script[src]')?.getAttribute('src');
  return script ?? globalThis.location?.pathname ?? '/';
}

/**
 * @param {string} path of the page, of a built script or of the service worker
 * @returns {string} see `PREFIX`
 */
function prefixOf(path) {
  return path.replace(/(\/static\/build)?\/[^/]*$/, '');
}

/**
 * The path of an address of the server.
 * @param {string} path as the server names it, such as `/contract.json`
 */
export function rooted(path) {
  return PREFIX + path;
}

/**
 * The address of a file that the contract names: the server serves `web/static/` as `/static/`. The
 * hash in the address keeps files of two trainings from being mixed.
 * @param {{file: string, sha256: string}} file path relative to the project
 */
export function servedAt({ file, sha256 }) {
  return `${rooted(file.replace(/^web\//, '/'))}?sha256=${sha256}`;
}

/**
 * The SHA-256 of some bytes.
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>} in hexadecimal digits
 */
export async function sha256Of(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
