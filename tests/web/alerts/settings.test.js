import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, SettingsStore, normalize } from '../../../web/static/js/alerts/settings.js';
import { fakeStorage } from '../fake-storage.js';


test('invalid settings become the defaults', () => {
  const invalid = { afterS: 'long', cooldownS: NaN, sound: 'yes', announce: 0, device: 3, zoneLeft: 99, zoneTop: '0' };
  for (const raw of [undefined, null, 7, [], invalid]) {
    assert.deepEqual(normalize(raw), DEFAULTS);
  }
});

test('numbers out of bounds become the defaults', () => {
  const wrong = { afterS: [0, 61], cooldownS: [-1, 601], minFacePercent: [-1, 91], volumePercent: [-1, 101] };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) assert.deepEqual(normalize({ [name]: value }), DEFAULTS);
  }
});

test('numbers that no list offers are kept', () => {
  const typed = { afterS: 0.7, cooldownS: 7, minFacePercent: 12 };
  assert.deepEqual(normalize(typed), { ...DEFAULTS, ...typed });
});

test('a zone is kept as it is, or is the whole picture', () => {
  const zone = { zoneLeft: 10, zoneTop: 0, zoneRight: 15, zoneBottom: 60 };
  assert.deepEqual(normalize(zone), { ...DEFAULTS, ...zone });
  for (const wrong of [{ zoneRight: 14 }, { zoneLeft: 70 }, { zoneTop: -1 }, { zoneTop: 0.5 }, { zoneBottom: null }]) {
    assert.deepEqual(normalize({ ...zone, ...wrong }), DEFAULTS);
  }
});

test('pictures are off unless switched on, and kept for one of the offered times', () => {
  const { keepPictures, pictureHours } = normalize({ keepPictures: 'yes', pictureHours: 5000 });
  assert.deepEqual([keepPictures, pictureHours], [false, 24]);
  assert.equal(normalize({ keepPictures: true }).keepPictures, true);
  assert.equal(normalize({ pictureHours: 168 }).pictureHours, 168);
});

test('settings of earlier versions: the cooldown is read, numbers of frames are dropped', () => {
  const expected = { ...DEFAULTS, cooldownS: 60 };
  assert.deepEqual(normalize({ frames: 3, of: 20, coolDown: 60 }), expected);
  assert.deepEqual(normalize({ minFrames: 3, window: 20, cooldownS: 60 }), expected);
});

test('settings are stored, and read by the next page', () => {
  const shared = fakeStorage();
  const store = new SettingsStore(() => shared);
  assert.deepEqual(store.current, DEFAULTS);
  store.update({ sound: true, device: 'x' });
  store.update({ facing: 'environment' });
  const expected = { ...DEFAULTS, sound: true, device: 'x', facing: 'environment' };
  assert.deepEqual(new SettingsStore(() => shared).current, expected);
});

test('invalid or missing storage is harmless', () => {
  assert.deepEqual(new SettingsStore(() => ({ getItem: () => '{', setItem() {} })).current, DEFAULTS);
  const store = new SettingsStore(() => {
    throw new DOMException('', 'SecurityError');
  });
  assert.equal(store.update({ afterS: 2 }).afterS, 2);
  assert.equal(store.update({ cooldownS: 7 }).afterS, 2);
  assert.equal(store.current.cooldownS, 7);
});

test('a change keeps what other tabs have changed', () => {
  const shared = fakeStorage();
  const [tab, other] = [new SettingsStore(() => shared), new SettingsStore(() => shared)];
  tab.update({ keepPictures: true, volumePercent: 15 });
  assert.equal(other.update({ sound: true, volumePercent: 100 }).keepPictures, true);
  const expected = { ...DEFAULTS, keepPictures: true, sound: true, volumePercent: 100 };
  assert.deepEqual(shared.settings, expected);
  assert.deepEqual(tab.reload(), expected);
});

test('changes that could not be stored are kept, and stored later', () => {
  const shared = fakeStorage();
  let full = true;
  const store = new SettingsStore(() => ({
    getItem: shared.getItem,
    setItem: (key, value) => {
      if (full) throw new DOMException('', 'QuotaExceededError');
      shared.setItem(key, value);
    },
  }));
  store.update({ sound: true });
  assert.equal(store.update({ afterS: 2 }).sound, true);
  full = false;
  store.update({ cooldownS: 7 });
  assert.deepEqual(shared.settings, { ...DEFAULTS, sound: true, afterS: 2, cooldownS: 7 });
});
