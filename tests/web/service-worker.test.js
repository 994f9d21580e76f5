import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, mock, test } from 'node:test';

const OURS = { 'X-Page': 'face-mask-detection' };
const ORIGIN = 'http://localhost:5000';
const DETECTOR = 'f'.repeat(64);

/** @type {any} the globals of a service worker */
const scope = globalThis;
/** @type {Map<string, Map<string, Response>>} by name of the cache */
const stored = new Map();
/** @type {Record<string, (event: any) => void>} */
const handlers = {};
let registered = true;

/** @param {any} request */
const pathOf = (request) => (request.url ?? request).replace(ORIGIN, '');

/** @param {string} name */
function openCache(name) {
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
const files = ['/', `/static/build/centerface-${DETECTOR.slice(0, 10)}.bin`];
scope.CACHED = { version: 'one', files };
scope.addEventListener = (/** @type {string} */ type, /** @type {any} */ handle) => {
  handlers[type] = handle;
};
scope.registration = { unregister: async () => (registered = false) };
scope.caches = {
  open: async (/** @type {string} */ name) => openCache(name),
  keys: async () => [...stored.keys()],
  delete: async (/** @type {string} */ name) => stored.delete(name),
};
await import('../../web/static/sw.js');

/**
 * A contract and the files that it names.
 * @param {string} version
 * @param {string} [detector] hash
 */
function makeModel(version, detector = DETECTOR) {
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

/** @param {ReturnType<typeof makeModel>} model of the server */
function serve({ text, contents }) {
  respond({ '/contract.json': text, 'model.json': contents[0], 'weights.bin': contents[1] });
}

/** @param {Record<string, string | (() => Promise<Response>)>} responses by end of the path */
function respond(responses) {
  mock.method(globalThis, 'fetch', async (/** @type {any} */ request) => {
    const path = pathOf(request).replace(/\?.*/, '');
    const found = Object.entries(responses).find(([end]) => path.endsWith(end))?.[1] ?? 'ours';
    return typeof found === 'string' ? new Response(found, { headers: OURS }) : found();
  });
}

/** @param {string} path that the page requests */
async function get(path) {
  /** @type {Promise<Response> | undefined} */
  let response;
  /** @type {Promise<unknown>[]} */
  const pending = [];
  handlers.fetch({
    request: { url: ORIGIN + path, method: 'GET' },
    respondWith: (/** @type {Promise<Response>} */ promise) => (response = promise),
    waitUntil: (/** @type {Promise<unknown>} */ promise) => pending.push(promise),
  });
  return { text: await (await response)?.text(), settled: () => Promise.all(pending) };
}

/** End all timeouts at once. */
function skipTimeouts() {
  mock.method(globalThis, 'setTimeout', (/** @type {() => void} */ call) => setImmediate(call));
}

const first = makeModel('first');
const second = makeModel('second');
const offline = () => Promise.reject(new TypeError('offline'));
const silent = () => /** @type {Promise<Response>} */ (new Promise(() => {}));

beforeEach(async () => {
  mock.restoreAll();
  stored.clear();
  registered = true;
  serve(first);
  /** @type {Promise<void> | undefined} */
  let installed;
  handlers.install({ waitUntil: (/** @type {Promise<void>} */ promise) => (installed = promise) });
  await installed;
});

for (const [name, response] of /** @type {const} */ ([
  ['is offline', offline],
  ['does not respond', silent],
  ['fails behind a gateway', async () => new Response('bad', { status: 502 })],
  ['has a newer page', async () => new Response('newer', { headers: OURS })],
])) {
  test(`the cached page is shown if the server ${name}`, async () => {
    skipTimeouts();
    respond({ '/': response });
    assert.equal((await get('/')).text, 'ours');
    assert.equal((await get('/?from=elsewhere')).text, 'ours');
    assert.ok(registered);
    assert.ok(stored.has('page-one'));
  });
}

test('another project at the origin is shown, and the service worker unregisters', async () => {
  openCache('theirs');
  respond({ '/': async () => new Response('theirs', { status: 404 }) });
  const { text, settled } = await get('/');
  assert.equal(text, 'theirs');
  await settled();
  assert.ok(!registered);
  assert.deepEqual([...stored.keys()], ['theirs']);
});

test('caches of other versions are deleted, those of other projects are not', async () => {
  openCache('theirs');
  openCache('page-zero');
  /** @type {Promise<void> | undefined} */
  let done;
  handlers.activate({ waitUntil: (/** @type {Promise<void>} */ promise) => (done = promise) });
  await done;
  assert.deepEqual([...stored.keys()], ['page-one', 'theirs']);
});

for (const [name, response] of /** @type {const} */ ([
  ['is offline', offline],
  ['does not respond', silent],
  ['fails', async () => new Response('{}', { status: 500 })],
  ['has one for another page', async () => new Response(makeModel('other', 'e'.repeat(64)).text)],
  ['returns something else', async () => new Response('<html>')],
])) {
  test(`the cached contract and model are used if the server ${name}`, async () => {
    skipTimeouts();
    respond({ '/contract.json': response, 'model.json': offline, 'weights.bin': offline });
    assert.equal((await get('/contract.json')).text, first.text);
    assert.equal((await get(first.urls[1])).text, first.contents[1]);
  });
}

test('a new model is cached, and the previous one is kept for open pages', async () => {
  serve(second);
  const { text, settled } = await get('/contract.json');
  assert.equal(text, second.text);
  await settled();
  respond({ '/contract.json': offline, 'model.json': offline, 'weights.bin': offline });
  assert.equal((await get('/contract.json')).text, second.text);
  for (const { urls, contents } of [first, second]) {
    assert.equal((await get(urls[0])).text, contents[0]);
    assert.equal((await get(urls[1])).text, contents[1]);
  }
  const third = makeModel('third');
  serve(third);
  await (await get('/contract.json')).settled();
  const models = [...(stored.get('page-one')?.keys() ?? [])].filter((path) => path.includes('?'));
  assert.deepEqual(models.sort(), [...second.urls, ...third.urls].sort());
});

for (const [name, file] of /** @type {const} */ ([
  ['has another hash', async () => new Response('of a third training', { headers: OURS })],
  ['cannot be fetched', offline],
  ['fails', async () => new Response(second.contents[1], { status: 500 })],
])) {
  test(`a model is not cached if one of its files ${name}`, async () => {
    const [topology] = second.contents;
    respond({ '/contract.json': second.text, 'model.json': topology, 'weights.bin': file });
    await (await get('/contract.json')).settled();
    respond({ '/contract.json': offline, 'model.json': offline, 'weights.bin': offline });
    assert.equal((await get('/contract.json')).text, first.text);
    assert.equal((await get(first.urls[1])).text, first.contents[1]);
  });
}
