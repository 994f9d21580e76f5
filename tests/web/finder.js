/** The face finder's files for the browser, where npm puts them; the build takes them from there. */

import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const { browser } = JSON.parse(readFileSync(new URL('weights/sources.json', ROOT), 'utf8'));
const FOLDER = new URL(`web/node_modules/${browser.package}/${browser.folder}/`, ROOT);

/** @type {Record<string, URL>} the file of each name */
export const FINDER = Object.fromEntries(
  Object.keys(browser.files).map((name) => [name, new URL(name, FOLDER)]),
);
