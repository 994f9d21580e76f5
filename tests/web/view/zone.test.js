import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WHOLE, between, isCounted } from '../../../web/static/js/view/zone.js';

const PICTURE = { width: 200, height: 100 };
const FACE = { left: 40, top: 20, right: 60, bottom: 50 }; // its centre at 25 %, 35 %

test('a face counts if its centre is in the zone and it is large enough', () => {
  const zone = { ...WHOLE, minFacePercent: 0 };
  assert.equal(isCounted(FACE, PICTURE, zone, false), true);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneLeft: 26 }, false), false);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneRight: 24 }, false), false);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneRight: 24 }, true), false);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneLeft: 74 }, true), true);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneTop: 36 }, false), false);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, zoneBottom: 34 }, false), false);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, minFacePercent: 30 }, false), true);
  assert.equal(isCounted(FACE, PICTURE, { ...zone, minFacePercent: 31 }, false), false);
});

test('a drawn zone is the rectangle between two points', () => {
  const edges = { zoneLeft: 10, zoneTop: 20, zoneRight: 60, zoneBottom: 90 };
  assert.deepEqual(between([60, 20], [10, 90]), edges);
  assert.deepEqual(between([10.2, 90], [60, 19.8]), edges);
  assert.deepEqual(between([-20, 50], [120, 300]), { ...WHOLE, zoneTop: 50 });
  assert.equal(between([10, 10], [12, 60]), undefined);
});
