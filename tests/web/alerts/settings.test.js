import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, SettingsStore, normalize } from '../../../web/static/js/alerts/settings.js';

/** @param {Record<string, string>} stored */
function storage(stored = {}) {
  return {
    stored,
    getItem: (/** @type {string} */ key) => stored[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      stored[key] = value;
    },
  };
}

test('invalid settings become the defaults', () => {
  const invalid = { minFrames: 'many', window: NaN, sound: 'yes', device: 3 };
  for (const raw of [undefined, null, 7, [], invalid]) {
    assert.deepEqual(normalize(raw), DEFAULTS);
  }
});

test('numbers stay within bounds, and no alert needs more frames than the window has', () => {
  assert.equal(normalize({ window: 1000 }).window, 60);
  assert.equal(normalize({ window: 5, minFrames: 9 }).minFrames, 5);
  assert.equal(normalize({ window: 5 }).minFrames, 5);
  assert.equal(normalize({ minFrames: 0 }).minFrames, 1);
  assert.equal(normalize({ cooldownS: -1 }).cooldownS, 0);
  assert.equal(normalize({ cooldownS: 2.6 }).cooldownS, 3);
  assert.equal(normalize({ volumePercent: 101 }).volumePercent, 100);
});

test('the edges of the zone stay in order and apart', () => {
  const { zoneLeft, zoneRight, zoneTop, zoneBottom } = normalize({ zoneLeft: 99, zoneRight: 3, zoneTop: -4 });
  assert.deepEqual([zoneLeft, zoneRight, zoneTop, zoneBottom], [95, 100, 0, 100]);
  assert.equal(normalize({ minFacePercent: 400 }).minFacePercent, 90);
});

test('of two edges that limit each other, the one set last wins', () => {
  const store = new SettingsStore(() => storage());
  store.update({ zoneLeft: 40 });
  const { zoneLeft, zoneRight } = store.update({ zoneRight: 30 });
  assert.deepEqual([zoneLeft, zoneRight], [25, 30]);
  const later = store.update({ zoneLeft: 60, zoneTop: 97 });
  assert.deepEqual([later.zoneLeft, later.zoneRight, later.zoneTop, later.zoneBottom], [60, 65, 95, 100]);
});

test('settings of earlier versions are still read', () => {
  const { minFrames, window, cooldownS } = normalize({ frames: 3, of: 20, coolDown: 60 });
  assert.deepEqual({ minFrames, window, cooldownS }, { minFrames: 3, window: 20, cooldownS: 60 });
  assert.equal(normalize({ frames: 3, minFrames: 4 }).minFrames, 4);
});

test('of two numbers that limit each other, the one set last wins', () => {
  const store = new SettingsStore(() => storage());
  const { minFrames, window } = store.update({ minFrames: 30 });
  assert.deepEqual([minFrames, window], [30, 30]);
  const later = store.update({ window: 4 });
  assert.deepEqual([later.minFrames, later.window], [4, 4]);
});

test('settings are stored, and read by the next page', () => {
  const shared = storage();
  const store = new SettingsStore(() => shared);
  assert.deepEqual(store.current, DEFAULTS);
  store.update({ sound: true, device: 'x' });
  store.update({ facing: 'environment' });
  const expected = { ...DEFAULTS, sound: true, device: 'x', facing: 'environment' };
  assert.deepEqual(new SettingsStore(() => shared).current, expected);
});

test('invalid or missing storage is harmless', () => {
  assert.deepEqual(new SettingsStore(() => storage({ settings: '{' })).current, DEFAULTS);
  const store = new SettingsStore(() => {
    throw new DOMException('', 'SecurityError');
  });
  assert.equal(store.update({ window: 20 }).window, 20);
  assert.equal(store.current.window, 20);
});
