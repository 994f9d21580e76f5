import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const TRACKING = new URL('../../web/static/js/tracking/', import.meta.url);

/**
 * All modules that a module imports, directly or not.
 * @param {URL} module
 * @param {Set<string>} [known]
 */
function reachable(module, known = new Set()) {
  for (const [, name] of readFileSync(module, 'utf8').matchAll(/^(?:import|}).* from '(.+?)'/gm)) {
    const target = name.startsWith('.') ? new URL(name, module).href : name;
    if (known.has(target)) continue;
    known.add(target);
    if (target.startsWith('file:') && target.endsWith('.js')) reachable(new URL(target), known);
  }
  return known;
}

for (const file of readdirSync(TRACKING)) {
  test(`tracking/${file} does not reach TensorFlow.js`, () => {
    const names = [...reachable(new URL(file, TRACKING))];
    assert.deepEqual(names.filter((name) => name.startsWith('@tensorflow')), []);
  });
}
