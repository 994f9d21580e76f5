import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { texts } from '../../../web/static/js/texts/texts.js';
import { serve } from '../../../web/static/js/worker/rpc.js';

test('requests are handled in order, also if one fails or cannot be deserialized', async () => {
  const scope = new EventTarget();
  /** @type {object[]} */
  const responses = [];
  Object.assign(globalThis, {
    addEventListener: scope.addEventListener.bind(scope),
    postMessage: (/** @type {object} */ data) => responses.push(data),
  });
  /** @type {() => void} */
  let finish = () => {};
  serve(async (data) => {
    if (data === 'slow') await new Promise((resolve) => (finish = () => resolve(undefined)));
    if (data === 'bad') throw new Error('It broke.');
    responses.push(data);
  });
  scope.dispatchEvent(new MessageEvent('message', { data: 'slow' }));
  scope.dispatchEvent(new MessageEvent('messageerror'));
  for (const data of ['bad', 'good']) scope.dispatchEvent(new MessageEvent('message', { data }));
  await setImmediate();
  assert.deepEqual(responses, []);
  finish();
  await setImmediate();
  assert.deepEqual(responses, [
    'slow',
    { type: 'error', message: texts.model.ended },
    { type: 'error', message: 'It broke.' },
    'good',
  ]);
});
