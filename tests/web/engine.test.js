import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '../../web/static/js/contract.js';
import { Engine, Switch, alike } from '../../web/static/js/engine.js';

const bytes = readFileSync(new URL('../../models/contract.json', import.meta.url));
const contract = parse(Uint8Array.from(bytes).buffer);

/**
 * A place that answers after a while.
 * @param {number} ms
 * @param {number[]} answer
 */
function place(ms, answer = [0.25, 0.75]) {
  return {
    runs: 0,
    broken: false,
    async run() {
      this.runs += 1;
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (this.broken) throw new Error('lost');
      return [Float32Array.from(answer)];
    },
  };
}

const input = { values: new Float32Array(2), shape: [1, 2] };

/** @param {import('../../web/static/js/graph.js').Runnable} model */
const ask = (model) => model.run(input.values, input.shape);

/** @param {Switch} model */
async function use(model) {
  for (let i = 0; i < 5; i += 1) await ask(model);
}

test('answers are alike up to the tolerance, for large values as a share of them', () => {
  assert.ok(alike([[0.501, 101]], [[0.5, 100]], 0.02));
  assert.ok(!alike([[0.53, 100]], [[0.5, 100]], 0.02));
  assert.ok(!alike([[0.5, 103]], [[0.5, 100]], 0.02));
  assert.ok(!alike([[Number.NaN]], [[0.5]], 0.02));
  assert.ok(!alike([], [[0.5]], 0.02));
});

test('a place that is faster and right is taken; home is asked again once it fails', async () => {
  let failures = 0;
  const [home, other] = [place(15), place(0)];
  const model = new Switch(home, () => (failures += 1));
  await use(model);
  assert.equal(await model.tryOut(other, input, 0.02), true);
  const asked = home.runs;
  await ask(model);
  assert.equal(home.runs, asked);
  other.broken = true;
  assert.deepEqual(await ask(model), [Float32Array.from([0.25, 0.75])]);
  assert.equal(failures, 1);
  await ask(model);
  assert.equal(failures, 1);
});

test('a slower place is not taken, and a wrong one is refused', async () => {
  const home = place(4);
  const model = new Switch(home, () => {});
  await use(model);
  assert.equal(await model.tryOut(place(15), input, 0.02), false);
  await assert.rejects(model.tryOut(place(0, [0.5, 0.5]), input, 0.02), /another answer/);
  const asked = home.runs;
  await ask(model);
  assert.equal(home.runs, asked + 1);
});

/**
 * A graphics processor.
 * @param {number} ms
 * @param {number[]} [answer]
 */
function card(ms, answer) {
  const models = { blazeface: place(ms, answer), classifier: place(ms, answer) };
  return {
    models,
    closed: 0,
    start: async () => 'webgl',
    model: (/** @type {'blazeface' | 'classifier'} */ name) => models[name],
    close() {
      this.closed += 1;
    },
  };
}

/** An engine whose home takes 15 ms. */
async function newEngine() {
  /** @type {object[]} */
  const told = [];
  const engine = new Engine('wasm-simd', { finder: place(15), classifier: place(15) }, (running) => {
    told.push(running);
  });
  assert.equal(engine.measured, false);
  await use(engine.finder);
  await use(engine.classifier);
  assert.equal(engine.measured, true);
  return { engine, told };
}

const files = /** @type {any} */ ({});

test('a fast graphics processor takes over and is told; lost, it is given up and told', async () => {
  const { engine, told } = await newEngine();
  const graphics = card(0);
  await engine.seek(/** @type {any} */ (graphics), contract, files, ['webgl']);
  await ask(engine.finder);
  assert.deepEqual(told, [{ backend: 'webgl' }]);
  graphics.models.classifier.broken = true;
  await ask(engine.classifier);
  assert.deepEqual(told[1], { backend: 'wasm-simd', failed: 'webgl' });
  assert.equal(graphics.closed, 1);
  const runs = graphics.models.blazeface.runs;
  await ask(engine.finder);
  assert.equal(graphics.models.blazeface.runs, runs);
});

for (const [what, graphics] of /** @type {const} */ ([
  ['slow', card(25)],
  ['wrong', card(0, [0.5, 0.5])],
])) {
  test(`a ${what} graphics processor is left alone`, async () => {
    const { engine, told } = await newEngine();
    await engine.seek(/** @type {any} */ (graphics), contract, files, ['webgl']);
    assert.deepEqual(told, []);
    assert.equal(graphics.closed, 1);
    const { runs } = graphics.models.blazeface;
    await ask(engine.finder);
    assert.equal(graphics.models.blazeface.runs, runs);
  });
}
