/**
 * esbuild plugins that leave out the parts of TensorFlow.js that the models don't use. They replace
 * the modules in which tfjs registers kernels and lists functions for its graph converter, and the
 * converter's executors, of which there is one module per category.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The ops that a model may have, fused or not, with the wasm kernels and the functions of tfjs that
 * each of them needs.
 * @type {Record<string, {kernels?: string[], ops?: string[]}>}
 */
const OPS = {
  Const: {},
  Placeholder: {},
  Shape: { ops: ['tensor1d'] },
  NoOp: {},
  Identity: { kernels: ['Identity'], ops: ['clone'] },
  AddV2: { kernels: ['Add'], ops: ['add'] },
  BiasAdd: { kernels: ['Add'], ops: ['add'] },
  Sub: { kernels: ['Sub'], ops: ['sub'] },
  Mul: { kernels: ['Multiply'], ops: ['mul'] },
  Relu: { kernels: ['Relu'], ops: ['relu'] },
  Conv2D: { kernels: ['Conv2D'], ops: ['conv2d'] },
  _FusedConv2D: { kernels: ['FusedConv2D'], ops: ['fused'] },
  MatMul: { kernels: ['BatchMatMul', '_FusedMatMul'], ops: ['matMul'] },
  _FusedMatMul: { kernels: ['_FusedMatMul'], ops: ['fused'] },
  MaxPool: { kernels: ['MaxPool'], ops: ['maxPool'] },
  StridedSlice: { kernels: ['StridedSlice', 'Slice'], ops: ['stridedSlice'] },
  Pack: { kernels: ['Pack', 'ExpandDims', 'Concat'], ops: ['stack', 'reshape', 'squeeze'] },
  Reshape: { kernels: ['Reshape'], ops: ['reshape'] },
  Softmax: { kernels: ['Softmax'], ops: ['softmax'] },
};

/** The executors of the graph converter that run those ops, by category. */
const EXECUTORS = [
  'arithmetic', 'basic_math', 'convolution', 'creation', 'graph', 'matrices', 'normalization',
  'slice_join', 'transformation',
];

/** The wasm kernels that the detector's net runs, see static/js/vision/centerface-net.js. */
const NET_KERNELS = [
  'Add', 'Concat', 'FusedConv2D', 'FusedDepthwiseConv2D', 'Reshape', 'Transpose',
];

const GRAPH_KERNELS = Object.values(OPS).flatMap(({ kernels = [] }) => kernels);
const KERNELS = new Set([...NET_KERNELS, ...GRAPH_KERNELS]);
const FUNCTIONS = new Set(Object.values(OPS).flatMap(({ ops = [] }) => ops));

/**
 * The ops of a graph model that this build of tfjs cannot run.
 * @param {{modelTopology: {node: {op: string}[]}}} model
 * @returns {string[]}
 */
export function unknownOps({ modelTopology }) {
  return [...new Set(modelTopology.node.map(({ op }) => op))].filter((op) => !(op in OPS));
}

/** @type {import('esbuild').Plugin} */
export const lean = {
  name: 'lean',
  setup({ onLoad }) {
    const executor = /tfjs-converter\/dist\/operations\/(executors|op_list)\/\w+\.js$/;
    onLoad({ filter: executor }, ({ path: file }) => withoutExecutor(file));
    onLoad({ filter: /tfjs-core\/dist\/ops\/ops_for_converter\.js$/ }, () => ({
      contents: `export { ${[...FUNCTIONS].join(', ')} } from './ops';`,
    }));
    onLoad({ filter: /tfjs-backend-wasm\/dist\/register_all_kernels\.js$/ }, async (found) => ({
      contents: registration(await readFile(found.path, 'utf8')),
    }));
  },
};

/**
 * An empty module instead of an executor or op list of a category that is not needed.
 * @param {string} file
 */
function withoutExecutor(file) {
  const category = path.basename(file, '.js').replace(/_executor$/, '');
  if ([...EXECUTORS, 'utils'].includes(category)) return undefined;
  return { contents: 'export const json = []; export const executeOp = undefined;' };
}

/**
 * @param {string} source of the module that registers all kernels
 * @returns {string} a module that registers `KERNELS`
 */
function registration(source) {
  const imports = source.matchAll(/^import \{ (\w+) \} from '\.\/kernels\/(\w+)';$/gm);
  const kept = [...imports].filter(([, , kernel]) => KERNELS.has(kernel));
  if (kept.length !== KERNELS.size) {
    throw new Error(`Expected ${KERNELS.size} kernels in tfjs, got ${kept.length}.`);
  }
  const names = kept.map(([, name]) => name);
  return [
    "import { registerKernel } from '@tensorflow/tfjs-core';",
    ...kept.map(([line]) => line),
    `for (const kernel of [${names}]) registerKernel(kernel);`,
  ].join('\n');
}

/**
 * Leaves out the threaded wasm backend, which is never started (18 kB gzipped).
 * @type {import('esbuild').Plugin}
 */
export const withoutThreads = {
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
