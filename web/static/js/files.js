/** The model's files by their hashes, for the page and its service worker. */

/**
 * The address of a file that the contract names: the server serves `web/static/` as `/static/`. The
 * hash in the address keeps files of two trainings from being mixed.
 * @param {{file: string, sha256: string}} file path relative to the project
 */
export function servedAt({ file, sha256 }) {
  return `${file.replace(/^web\//, '/')}?sha256=${sha256}`;
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
