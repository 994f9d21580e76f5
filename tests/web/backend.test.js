import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseBackend } from '../../web/static/js/backend.js';
import { ModelError } from '../../web/static/js/errors.js';

const good = { name: 'good', start: async () => {} };
const other = { name: 'other', start: async () => {} };
const bad = {
  name: 'bad',
  start: async () => {
    throw new Error('no such thing here');
  },
};

/** @param {string} name of the backend that answers wrongly */
const unless = (name) => async (/** @type {string} */ running) => {
  if (running === name) throw new ModelError(`${name} answers wrongly`);
};

test('the first backend that starts is taken', async () => {
  assert.deepEqual(await chooseBackend([bad, good, other]), { backend: 'good' });
});

test('one that answers wrongly is given up for the next, and named', async () => {
  const chosen = await chooseBackend([bad, good, other], unless('good'));
  assert.deepEqual(chosen, { backend: 'other', failed: 'good' });
});

test('where none starts, the sentence says why', async () => {
  await assert.rejects(chooseBackend([bad]), {
    name: 'ModelError',
    message: /bad: no such thing here/,
  });
});

test('where none is left, a wrong answer is told before a failed start', async () => {
  await assert.rejects(chooseBackend([good, bad], unless('good')), {
    name: 'ModelError',
    message: 'good answers wrongly',
  });
});
