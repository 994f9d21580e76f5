import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, mock, test } from 'node:test';

const OURS = { 'X-Page': 'face-mask-detection' };
const ORIGIN = 'http://localhost:5000';
const DETECTOR = 'f'.repeat(64);

/** @type {any} what a service worker finds round it */
const scope = globalThis;
/** @type {Map<string, Map<string, Response>>} by name of the cache */
const stored = new Map();
/** @type {Record<string, (event: any) => void>} */
const handlers = {};
let registered = true;

/** @param {any} request */
const pathOf = (request) => (request.url ?? request).replace(ORIGIN, '');

/** @param {string} name */
function cacheNamed(name) {
  if (!stored.has(name)) stored.set(name, new Map());
  const entries = stored.get(name) ?? new Map();
  const put = async (/** @type {any} */ request, /** @type {Response} */ response) => {
    entries.set(pathOf(request), response);
  };
  return {
    put,
    match: async (/** @type {any} */ request) => entries.get(pathOf(request))?.clone(),
    keys: async () => [...entries.keys()].map((path) => ({ url: ORIGIN + path })),
    delete: async (/** @type {any} */ request) => entries.delete(pathOf(request)),
    addAll: (/** @type {string[]} */ paths) =>
      Promise.all(paths.map(async (path) => put(path, await fetch(path)))),
  };
}

scope.location = new URL('/sw.js', ORIGIN);
scope.KEPT = { version: 'one', files: ['/', `/static/build/centerface-${DETECTOR.slice(0, 10)}.bin`] };
scope.addEventListener = (/** @type {string} */ type, /** @type {any} */ handle) => {
  handlers[type] = handle;
};
scope.registration = { unregister: async () => (registered = false) };
scope.caches = {
  open: async (/** @type {string} */ name) => cacheNamed(name),
  keys: async () => [...stored.keys()],
  delete: async (/** @type {string} */ name) => stored.delete(name),
};
await import('../../web/static/sw.js');

/**
 * A contract, and the files that it names.
 * @param {string} version
 * @param {string} [detector] hash
 */
function trained(version, detector = DETECTOR) {
  const contents = [`topology ${version}`, `weights ${version}`];
  const [topology, weights] = contents.map((content, i) => ({
    file: `web/static/models/${['model.json', 'weights.bin'][i]}`,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const contract = {
    version,
    detector: { browser_sha256: { 'centerface.bin': detector } },
    exports: { tfjs_model: topology, tfjs_weights: weights },
  };
  const urls = [topology, weights].map(({ file, sha256 }) => `${file.slice(3)}?sha256=${sha256}`);
  return { text: JSON.stringify(contract), contents, urls };
}

/** @param {ReturnType<typeof trained>} model that the server has */
function serve({ text, contents }) {
  answers({ '/contract.json': text, 'model.json': contents[0], 'weights.bin': contents[1] });
}

/** @param {Record<string, string | (() => Promise<Response>)>} given by end of the path */
function answers(given) {
  mock.method(globalThis, 'fetch', async (/** @type {any} */ request) => {
    const path = pathOf(request).replace(/\?.*/, '');
    const answer = Object.entries(given).find(([end]) => path.endsWith(end))?.[1] ?? 'ours';
    return typeof answer === 'string' ? new Response(answer, { headers: OURS }) : answer();
  });
}

/** @param {string} path asked for by the page */
async function ask(path) {
  /** @type {Promise<Response> | undefined} */
  let response;
  /** @type {Promise<unknown>[]} */
  const rest = [];
  handlers.fetch({
    request: { url: ORIGIN + path, method: 'GET' },
    respondWith: (/** @type {Promise<Response>} */ promise) => (response = promise),
    waitUntil: (/** @type {Promise<unknown>} */ promise) => rest.push(promise),
  });
  return { text: await (await response)?.text(), settled: () => Promise.all(rest) };
}

/** Whatever the worker waits for is waited for no longer. */
function hurry() {
  mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ call) => setImmediate(call));
}

const first = trained('first');
const second = trained('second');
const away = () => Promise.reject(new TypeError('offline'));
const silent = () => /** @type {Promise<Response>} */ (new Promise(() => {}));

beforeEach(async () => {
  mock.restoreAll();
  stored.clear();
  registered = true;
  serve(first);
  /** @type {Promise<void> | undefined} */
  let kept;
  handlers.install({ waitUntil: (/** @type {Promise<void>} */ promise) => (kept = promise) });
  await kept;
});

for (const [name, answer] of /** @type {const} */ ([
  ['is away', away],
  ['does not answer', silent],
  ['fails behind a gateway', async () => new Response('bad', { status: 502 })],
  ['is ours, with a newer page', async () => new Response('newer', { headers: OURS })],
])) {
  test(`the kept page is shown where the server ${name}`, async () => {
    hurry();
    answers({ '/': answer });
    assert.equal((await ask('/')).text, 'ours');
    assert.equal((await ask('/?from=elsewhere')).text, 'ours');
    assert.ok(registered);
    assert.ok(stored.has('page-one'));
  });
}

test('another project at the address is shown, and ours leaves', async () => {
  cacheNamed('theirs');
  answers({ '/': async () => new Response('theirs', { status: 404 }) });
  const { text, settled } = await ask('/');
  assert.equal(text, 'theirs');
  await settled();
  assert.ok(!registered);
  assert.deepEqual([...stored.keys()], ['theirs']);
});

test('what other versions kept goes, what other projects keep stays', async () => {
  cacheNamed('theirs');
  cacheNamed('page-zero');
  /** @type {Promise<void> | undefined} */
  let done;
  handlers.activate({ waitUntil: (/** @type {Promise<void>} */ promise) => (done = promise) });
  await done;
  assert.deepEqual([...stored.keys()], ['page-one', 'theirs']);
});

for (const [name, answer] of /** @type {const} */ ([
  ['is away', away],
  ['does not answer', silent],
  ['fails', async () => new Response('{}', { status: 500 })],
  ['has one for another page', async () => new Response(trained('other', 'e'.repeat(64)).text)],
  ['talks nonsense', async () => new Response('<html>')],
])) {
  test(`the kept contract and its model are used where the server ${name}`, async () => {
    hurry();
    answers({ '/contract.json': answer, 'model.json': away, 'weights.bin': away });
    assert.equal((await ask('/contract.json')).text, first.text);
    assert.equal((await ask(first.urls[1])).text, first.contents[1]);
  });
}

test('after a training the new model is kept, and the one before for pages that run', async () => {
  serve(second);
  const { text, settled } = await ask('/contract.json');
  assert.equal(text, second.text);
  await settled();
  answers({ '/contract.json': away, 'model.json': away, 'weights.bin': away });
  assert.equal((await ask('/contract.json')).text, second.text);
  for (const { urls, contents } of [first, second]) {
    assert.equal((await ask(urls[0])).text, contents[0]);
    assert.equal((await ask(urls[1])).text, contents[1]);
  }
  const third = trained('third');
  serve(third);
  await (await ask('/contract.json')).settled();
  const models = [...(stored.get('page-one')?.keys() ?? [])].filter((path) => path.includes('?'));
  assert.deepEqual(models.sort(), [...second.urls, ...third.urls].sort());
});

for (const [name, file] of /** @type {const} */ ([
  ['is another file', async () => new Response('of a third training', { headers: OURS })],
  ['does not come', away],
  ['is refused', async () => new Response(second.contents[1], { status: 500 })],
])) {
  test(`a model of which a part ${name} is not kept`, async () => {
    answers({ '/contract.json': second.text, 'model.json': second.contents[0], 'weights.bin': file });
    await (await ask('/contract.json')).settled();
    answers({ '/contract.json': away, 'model.json': away, 'weights.bin': away });
    assert.equal((await ask('/contract.json')).text, first.text);
    assert.equal((await ask(first.urls[1])).text, first.contents[1]);
  });
}
