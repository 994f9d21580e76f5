import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseBackend } from '../../web/static/js/backend.js';

const good = { name: 'good', start: async () => {} };
const bad = {
  name: 'bad',
  start: async () => {
    throw new Error('no such thing here');
  },
};

test('the first backend that starts is taken', async () => {
  assert.equal(await chooseBackend([bad, good]), 'good');
});

test('where none starts, the sentence says why', async () => {
  await assert.rejects(chooseBackend([bad]), {
    name: 'ModelError',
    message: /bad: no such thing here/,
  });
});
