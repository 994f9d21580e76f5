/**
 * Bundles the browser code into static/build/: `npm run build`.
 *
 * File names carry a hash of their content, so that browsers may keep them for ever;
 * manifest.json gives each logical name its file. The same sources make the same files.
 */

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const WEB = import.meta.dirname;
const ROOT = path.dirname(WEB);
const OUT = path.join(WEB, 'static', 'build');
const URL_PREFIX = '/static/build/';
const WASM = path.join(WEB, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
const WASM_FILES = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];
const BUDGET = 1.3e6; // bytes over the wire until the first verdict, gzipped

/**
 * The threaded wasm backend is never started here; left out, it saves 18 kB gzipped.
 * @type {import('esbuild').Plugin}
 */
const withoutThreads = {
  name: 'without-threads',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /wasm-threaded-simd/ }, ({ path: name }) => ({
      path: name,
      namespace: 'without-threads',
    }));
    onLoad({ filter: /.*/, namespace: 'without-threads' }, () => ({
      contents: 'export const wasmWorkerContents = ""; export default undefined;',
    }));
  },
};

/** @type {Record<string, string>} logical name to file */
const manifest = {};
/** @type {Record<string, {url: string, bytes: number}>} */
const assets = {};
/** @type {Record<string, {raw: number, gzip: number}>} */
const sizes = {};

/**
 * @param {string} name logical
 * @param {Uint8Array} content
 */
async function emit(name, content) {
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${sha256(content).slice(0, 10)}${ext}`;
  await writeFile(path.join(OUT, file), content);
  manifest[name] = file;
  assets[name] = { url: URL_PREFIX + file, bytes: content.length };
  measure(name, content);
}

/** @param {Uint8Array} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * @param {string} name
 * @param {Uint8Array} content
 */
function measure(name, content) {
  sizes[name] = { raw: content.length, gzip: gzipSync(content, { level: 9 }).length };
}

/**
 * @param {string} entry path in static/
 * @param {Record<string, unknown>} [values] names that the source leaves to the build
 */
async function bundle(entry, values = {}) {
  const define = Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]);
  const { outputFiles, warnings } = await build({
    absWorkingDir: WEB,
    entryPoints: [path.join('static', entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'warning',
    define: Object.fromEntries(define),
    plugins: [withoutThreads],
    write: false,
  });
  if (warnings.length > 0) throw new Error(`esbuild warns of ${entry}; warnings are errors here.`);
  await emit(path.basename(entry), outputFiles[0].contents);
}

/** The face finder's files, as weights/sources.json names them. */
async function emitFinder() {
  const sources = await readFile(path.join(ROOT, 'weights', 'sources.json'), 'utf8');
  const { package: source, folder, files } = JSON.parse(sources).browser;
  for (const [name, expected] of Object.entries(files)) {
    const content = await readFile(path.join(WEB, 'node_modules', source, folder, name)).catch(() => {
      throw new Error(`${name} of npm's ${source} is missing: run 'make setup'.`);
    });
    const found = sha256(content);
    if (found !== expected) {
      throw new Error(
        `${name} of npm's ${source} is another file: expected SHA-256 ${expected}, came ${found}.`,
      );
    }
    await emit(name, content);
  }
}

/** The manifest comes last and at once: a server that reads it meanwhile finds whole files. */
async function publish() {
  const ordered = Object.fromEntries(Object.entries(manifest).sort());
  const unfinished = path.join(OUT, 'manifest.json.new');
  await writeFile(unfinished, `${JSON.stringify(ordered, null, 1)}\n`);
  await rename(unfinished, path.join(OUT, 'manifest.json'));
}

async function removeOld() {
  const kept = new Set([...Object.values(manifest), 'manifest.json']);
  for (const file of await readdir(OUT)) {
    if (!kept.has(file)) await rm(path.join(OUT, file), { recursive: true });
  }
}

/** What else the first verdict needs, if there is a model. */
async function measureModel() {
  const files = ['models/contract.json', 'web/static/models/model.json'];
  const folder = path.join(ROOT, 'web', 'static', 'models');
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.bin')) files.push(`web/static/models/${file}`);
  }
  for (const file of [...files, 'web/templates/index.html']) {
    const content = await readFile(path.join(ROOT, file)).catch(() => undefined);
    if (content) measure(file, content);
  }
}

function printSizes() {
  const needed = Object.entries(sizes).filter(([name]) => name !== 'tfjs-backend-wasm.wasm');
  const total = needed.reduce((sum, [, { gzip }]) => sum + gzip, 0);
  console.log(`${'bytes'.padStart(10)} ${'gzipped'.padStart(10)}`);
  for (const [name, { raw, gzip }] of Object.entries(sizes)) {
    console.log(`${`${raw}`.padStart(10)} ${`${gzip}`.padStart(10)}  ${name}`);
  }
  console.log(`${' '.repeat(10)} ${`${total}`.padStart(10)}  until the first verdict (with SIMD)`);
  if (total > BUDGET) console.log(`This is over the budget of ${BUDGET} bytes.`);
}

try {
  await mkdir(OUT, { recursive: true });
  await emitFinder();
  for (const name of WASM_FILES) await emit(name, await readFile(path.join(WASM, name)));
  await bundle('js/worker.js', { ASSETS: assets });
  await bundle('js/app.js', { WORKER: assets['worker.js'].url });
  await bundle('css/style.css');
  await emit('icon.svg', await readFile(path.join(WEB, 'static', 'icon.svg')));
  await publish();
  await removeOld();
  await measureModel();
  printSizes();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
