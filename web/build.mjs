/**
 * Bundles the browser code into static/build/: `npm run build`.
 *
 * File names contain a hash of the content, so that browsers may cache them forever; manifest.json
 * maps logical names to files. The build is reproducible.
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
const BUDGET_BYTES = 2.8e6; // gzipped, to download until the first verdict

/** @type {Record<string, string>} file by logical name */
const manifest = {};
/** @type {Record<string, {url: string, bytes: number}>} */
const assets = {};
/** @type {Record<string, number>} gzipped, by name */
const gzippedBytes = {};
const SAMPLES = ['without_mask', 'with_mask', 'incorrect_mask'].map((name) => `sample_${name}.jpg`);
/** Files that are not needed for the first verdict. */
const LATER = [
  ...['tfjs-backend-wasm.wasm', 'sw.js', 'manifest.webmanifest', 'picture-export.js'],
  'icon-alert.svg',
  ...SAMPLES,
];
const DETECTOR_FILES = ['centerface.json', 'centerface.bin'];

/**
 * Write a file, and a compressed copy where that saves at least 5%.
 * @param {string} name logical
 * @param {Uint8Array} content
 */
async function emit(name, content) {
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${sha256(content).slice(0, 10)}${ext}`;
  const compressed = brotliCompressSync(content);
  measure(name, content);
  await writeFile(path.join(OUT, file), content);
  if (compressed.length < 0.95 * content.length) {
    await writeFile(path.join(OUT, `${file}.br`), compressed);
  }
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
  gzippedBytes[name] = gzipSync(content, { level: 9 }).length;
}

/**
 * @param {string} entry path in static/
 * @param {Record<string, unknown>} [constants] that the build defines; see globals.d.ts
 */
async function bundle(entry, constants = {}) {
  const define = Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]);
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
  if (warnings.length > 0) throw new Error(`${entry}: expected no warnings, got some.`);
  await emit(path.basename(entry), outputFiles[0].contents);
}

/** Copy the detector's files, verified against weights/sources.json. */
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
 * Generates labels.css from inference/labels.json: a custom property with each label's color, and
 * a class for each label with its color, text color, border and line width.
 * @type {import('esbuild').Plugin}
 */
const labelStyles = {
  name: 'label-styles',
  setup({ onResolve, onLoad }) {
    const namespace = 'labels';
    onResolve({ filter: /^labels\.css$/ }, ({ path: name }) => ({ path: name, namespace }));
    onLoad({ filter: /.*/, namespace }, async () => {
      const table = await readFile(path.join(ROOT, 'inference', 'labels.json'), 'utf8');
      const labels = Object.entries(JSON.parse(table).labels);
      const colors = labels.map(([name, { color }]) => `--${name}: ${color};`);
      const rules = labels.map(([name, { text_color: text, border }]) => {
        const line = border === 'double' ? '9px' : '4px';
        const color = `--color: var(--${name}); --text-color: ${text};`;
        return `.${name} { ${color} --border: ${border}; --line: ${line}; }`;
      });
      return { contents: `:root { ${colors.join(' ')} } ${rules.join(' ')}`, loader: 'css' };
    });
  },
};

/** Write the manifest that makes the page installable. */
async function emitAppManifest() {
  const icon = { src: manifest['icon.svg'], type: 'image/svg+xml', sizes: 'any' }; // beside it
  const source = await readFile(path.join(WEB, 'static', 'manifest.webmanifest'), 'utf8');
  const app = { ...JSON.parse(source), icons: [icon] };
  await emit('manifest.webmanifest', new TextEncoder().encode(JSON.stringify(app)));
}

/** Bundle the service worker, last: it caches all other files and changes with each of them. */
async function emitServiceWorker() {
  const page = await readFile(path.join(ROOT, 'web', 'templates', 'index.html'));
  const files = ['/', ...Object.values(assets).map(({ url }) => url)];
  const version = sha256(Buffer.from(`${sha256(page)} ${files}`)).slice(0, 10);
  await bundle('sw.js', { CACHED: { version, files } });
}

/** Write the manifest last and atomically, so that a running server always finds complete files. */
async function writeManifest() {
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  const temporary = path.join(OUT, 'manifest.json.new');
  await writeFile(temporary, `${JSON.stringify(sorted, null, 1)}\n`);
  await rename(temporary, path.join(OUT, 'manifest.json'));
}

async function deleteOld() {
  const built = Object.values(manifest);
  const kept = new Set([...built, ...built.map((file) => `${file}.br`), 'manifest.json']);
  for (const file of await readdir(OUT)) {
    if (!kept.has(file)) await rm(path.join(OUT, file), { recursive: true });
  }
}

/**
 * Measure the other files that the first verdict needs.
 * @throws {Error} the model has ops that lean.mjs leaves out
 */
async function measureOthers() {
  const models = await readdir(path.join(WEB, 'static', 'models'));
  const others = ['models/contract.json', 'web/templates/index.html'];
  for (const file of [...others, ...models.map((name) => `web/static/models/${name}`)]) {
    if (!existsSync(path.join(ROOT, file))) continue; // a model may not be trained yet
    const content = await readFile(path.join(ROOT, file));
    measure(file, content);
    const unknown = file.endsWith('/model.json') ? unknownOps(JSON.parse(content.toString())) : [];
    if (unknown.length > 0) {
      throw new Error(`${file}: expected only ops of lean.mjs, got ${unknown.join(', ')}.`);
    }
  }
}

function printSizes() {
  for (const [name, size] of Object.entries(gzippedBytes)) console.log(`${size}`.padStart(9), name);
  const needed = Object.keys(gzippedBytes).filter((name) => !LATER.includes(name));
  const total = needed.reduce((sum, name) => sum + gzippedBytes[name], 0);
  console.log(`${total}`.padStart(9), 'bytes, gzipped, until the first verdict');
  if (total > BUDGET_BYTES) console.error(`Expected at most ${BUDGET_BYTES}, got ${total}.`);
}

try {
  await mkdir(OUT, { recursive: true });
  await emitDetector();
  for (const name of WASM_FILES) await emit(name, await readFile(path.join(WASM, name)));
  for (const name of SAMPLES) await emit(name, await readFile(path.join(ROOT, 'weights', name)));
  await bundle('js/worker/detector-worker.js');
  await bundle('js/worker/worker.js', { ASSETS: assets });
  await bundle('js/alerts/picture-export.js');
  await bundle('js/app.js', {
    WORKER: assets['worker.js'].url,
    PICTURE_EXPORT: assets['picture-export.js'].url,
  });
  await bundle('css/style.css');
  for (const name of ['icon.svg', 'icon-alert.svg']) {
    await emit(name, await readFile(path.join(WEB, 'static', name)));
  }
  await emitAppManifest();
  await emitServiceWorker();
  await measureOthers();
  await writeManifest();
  await deleteOld();
  printSizes();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
