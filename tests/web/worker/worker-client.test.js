import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { texts } from '../../../web/static/js/texts/texts.js';
import { serve } from '../../../web/static/js/worker/worker-client.js';

test('requests are answered in their order, also those that fail or cannot be read', async () => {
  const scope = new EventTarget();
  /** @type {object[]} */
  const answers = [];
  Object.assign(globalThis, {
    addEventListener: scope.addEventListener.bind(scope),
    postMessage: (/** @type {object} */ data) => answers.push(data),
  });
  /** @type {() => void} */
  let finish = () => {};
  serve(async (data) => {
    if (data === 'slow') await new Promise((resolve) => (finish = () => resolve(undefined)));
    if (data === 'bad') throw new Error('It broke.');
    answers.push(data);
  });
  scope.dispatchEvent(new MessageEvent('message', { data: 'slow' }));
  scope.dispatchEvent(new MessageEvent('messageerror'));
  for (const data of ['bad', 'good']) scope.dispatchEvent(new MessageEvent('message', { data }));
  await setImmediate();
  assert.deepEqual(answers, []);
  finish();
  await setImmediate();
  assert.deepEqual(answers, [
    'slow',
    { type: 'error', sentence: texts.model.ended },
    { type: 'error', sentence: 'It broke.' },
    'good',
  ]);
});
