import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, SettingsStore, cleaned } from '../../../web/static/js/alerts/settings.js';

/** @param {Record<string, string>} kept */
function storage(kept = {}) {
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      kept[key] = value;
    },
  };
}

test('what cannot be used gives way to the defaults', () => {
  for (const raw of [undefined, null, 7, [], { frames: 'many', of: NaN, sound: 'yes', device: 3 }]) {
    assert.deepEqual(cleaned(raw), DEFAULTS);
  }
});

test('numbers stay within bounds, and no alert needs more pictures than are looked at', () => {
  assert.equal(cleaned({ of: 1000 }).of, 60);
  assert.equal(cleaned({ of: 5, frames: 9 }).frames, 5);
  assert.equal(cleaned({ of: 5 }).frames, 5);
  assert.equal(cleaned({ frames: 0 }).frames, 1);
  assert.equal(cleaned({ coolDown: -1 }).coolDown, 0);
  assert.equal(cleaned({ coolDown: 2.6 }).coolDown, 3);
});

test('of two numbers that bound each other, the one set last holds', () => {
  const store = new SettingsStore(() => storage());
  const { frames, of } = store.change({ frames: 30 });
  assert.deepEqual([frames, of], [30, 30]);
  const later = store.change({ of: 4 });
  assert.deepEqual([later.frames, later.of], [4, 4]);
});

test('settings are kept, and read by the next page', () => {
  const kept = storage();
  const store = new SettingsStore(() => kept);
  assert.deepEqual(store.now, DEFAULTS);
  store.change({ sound: true, device: 'x' });
  store.change({ facing: 'environment' });
  const expected = { ...DEFAULTS, sound: true, device: 'x', facing: 'environment' };
  assert.deepEqual(new SettingsStore(() => kept).now, expected);
});

test('junk in the storage, or none at all, does no harm', () => {
  assert.deepEqual(new SettingsStore(() => storage({ settings: '{' })).now, DEFAULTS);
  const store = new SettingsStore(() => {
    throw new DOMException('', 'SecurityError');
  });
  assert.equal(store.change({ of: 20 }).of, 20);
  assert.equal(store.now.of, 20);
});
