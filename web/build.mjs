/**
 * Bundles the browser code into static/build/: `npm run build`.
 *
 * File names carry a hash of their content, so that browsers may keep them for ever;
 * manifest.json gives each logical name its file. The same sources make the same files.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { lean, unknownOps, withoutThreads } from './lean.mjs';

const WEB = import.meta.dirname;
const ROOT = path.dirname(WEB);
const OUT = path.join(WEB, 'static', 'build');
const URL_PREFIX = '/static/build/';
const WASM = path.join(WEB, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
const WASM_FILES = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];
const BUDGET = 2.8e6; // bytes over the wire until the first verdict, gzipped

/** @type {Record<string, string>} logical name to file */
const manifest = {};
/** @type {Record<string, {url: string, bytes: number}>} */
const assets = {};
/** @type {Record<string, number>} bytes of each file, gzipped */
const sizes = {};
/** What the first verdict can do without. */
const LATER = ['tfjs-backend-wasm.wasm', 'sw.js', 'manifest.webmanifest'];
const DETECTOR_FILES = ['centerface.json', 'centerface.bin'];

/**
 * Write a file, and beside it the same compressed, where that makes it smaller.
 * @param {string} name logical
 * @param {Uint8Array} content
 */
async function emit(name, content) {
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${sha256(content).slice(0, 10)}${ext}`;
  const packed = brotliCompressSync(content);
  measure(name, content);
  await writeFile(path.join(OUT, file), content);
  if (packed.length < 0.95 * content.length) await writeFile(path.join(OUT, `${file}.br`), packed);
  manifest[name] = file;
  assets[name] = { url: URL_PREFIX + file, bytes: content.length };
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
  sizes[name] = gzipSync(content, { level: 9 }).length;
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
    target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'warning',
    define: Object.fromEntries(define),
    plugins: [lean, withoutThreads, labelStyles],
    write: false,
  });
  if (warnings.length > 0) throw new Error(`esbuild warns of ${entry}; warnings are errors here.`);
  await emit(path.basename(entry), outputFiles[0].contents);
}

/** The detector's files, with the hashes of weights/sources.json. */
async function emitDetector() {
  const sources = await readFile(path.join(ROOT, 'weights', 'sources.json'), 'utf8');
  const { converted } = JSON.parse(sources);
  for (const name of DETECTOR_FILES) {
    const content = await readFile(path.join(ROOT, 'weights', name)).catch(() => {
      throw new Error(`weights/${name} is missing: run 'make setup'.`);
    });
    const found = sha256(content);
    if (found !== converted[name]) {
      throw new Error(
        `weights/${name} has changed: expected SHA-256 ${converted[name]}, got ${found}. ` +
          "Delete it and run 'make setup'.",
      );
    }
    await emit(name, content);
  }
}

/**
 * The style sheet's part of inference/labels.json: a color of each label for all, and for the
 * elements of a label's class its color, text color, border and line width.
 * @type {import('esbuild').Plugin}
 */
const labelStyles = {
  name: 'label-styles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^labels\.css$/ }, ({ path: name }) => ({ path: name, namespace: 'labels' }));
    onLoad({ filter: /.*/, namespace: 'labels' }, async () => {
      const table = await readFile(path.join(ROOT, 'inference', 'labels.json'), 'utf8');
      const labels = Object.entries(JSON.parse(table).labels);
      const colors = labels.map(([name, { color }]) => `--${name}: ${color};`);
      const rules = labels.map(([name, { text_color: text, border }]) => {
        const line = border === 'double' ? '9px' : '4px';
        return `.${name} { --color: var(--${name}); --text-color: ${text}; --border: ${border}; --line: ${line}; }`;
      });
      return { contents: `:root { ${colors.join(' ')} } ${rules.join(' ')}`, loader: 'css' };
    });
  },
};

/** The page as an app that can be installed. */
async function emitApp() {
  const icon = { src: assets['icon.svg'].url, type: 'image/svg+xml', sizes: 'any' };
  const source = await readFile(path.join(WEB, 'static', 'manifest.webmanifest'), 'utf8');
  const app = { ...JSON.parse(source), icons: [icon] };
  await emit('manifest.webmanifest', new TextEncoder().encode(JSON.stringify(app)));
}

/**
 * The service worker, last: it keeps all the others, and is another one where any of them is.
 */
async function emitKeeper() {
  const page = await readFile(path.join(ROOT, 'web', 'templates', 'index.html'));
  const files = ['/', ...Object.values(assets).map(({ url }) => url)];
  const version = sha256(Buffer.from(`${sha256(page)} ${files}`)).slice(0, 10);
  await bundle('sw.js', { KEPT: { version, files } });
}

/** The manifest comes last and at once: a server that reads it meanwhile finds whole files. */
async function publish() {
  const ordered = Object.fromEntries(Object.entries(manifest).sort());
  const unfinished = path.join(OUT, 'manifest.json.new');
  await writeFile(unfinished, `${JSON.stringify(ordered, null, 1)}\n`);
  await rename(unfinished, path.join(OUT, 'manifest.json'));
}

async function removeOld() {
  const built = Object.values(manifest);
  const kept = new Set([...built, ...built.map((file) => `${file}.br`), 'manifest.json']);
  for (const file of await readdir(OUT)) {
    if (!kept.has(file)) await rm(path.join(OUT, file), { recursive: true });
  }
}

/**
 * Measure what else the first verdict needs, and refuse a model that the worker could not run; see
 * lean.mjs.
 */
async function measureOthers() {
  const models = await readdir(path.join(WEB, 'static', 'models'));
  const others = ['models/contract.json', 'web/templates/index.html'];
  for (const file of [...others, ...models.map((name) => `web/static/models/${name}`)]) {
    if (!existsSync(path.join(ROOT, file))) continue; // no contract where only the page is built
    const content = await readFile(path.join(ROOT, file));
    measure(file, content);
    const unknown = file.endsWith('/model.json') ? unknownOps(JSON.parse(content.toString())) : [];
    if (unknown.length > 0) {
      throw new Error(`${file} has ops that lean.mjs leaves out: ${unknown}.`);
    }
  }
}

function printSizes() {
  for (const [name, size] of Object.entries(sizes)) console.log(`${size}`.padStart(9), name);
  const needed = Object.keys(sizes).filter((name) => !LATER.includes(name));
  const total = needed.reduce((sum, name) => sum + sizes[name], 0);
  console.log(`${total}`.padStart(9), 'bytes, gzipped, until the first verdict');
  if (total > BUDGET) console.error(`The page loads ${total} bytes; the budget is ${BUDGET}.`);
}

try {
  await mkdir(OUT, { recursive: true });
  await emitDetector();
  for (const name of WASM_FILES) await emit(name, await readFile(path.join(WASM, name)));
  await bundle('js/worker/detector-worker.js');
  await bundle('js/worker/worker.js', { ASSETS: assets });
  await bundle('js/app.js', { WORKER: assets['worker.js'].url });
  await bundle('css/style.css');
  await emit('icon.svg', await readFile(path.join(WEB, 'static', 'icon.svg')));
  await emitApp();
  await emitKeeper();
  await measureOthers();
  await publish();
  await removeOld();
  printSizes();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
