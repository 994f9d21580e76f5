import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { texts } from '../../../web/static/js/texts/texts.js';
import { WHOLE } from '../../../web/static/js/view/zone.js';
import { ZoneFields } from '../../../web/static/js/view/zone-fields.js';
import { newPage } from '../dom.js';

/** @import { ZoneEdges } from '../../../web/static/js/view/zone.js' */

const ZONE = { zoneLeft: 10, zoneTop: 20, zoneRight: 40, zoneBottom: 90 };
const EDGES = /** @type {(keyof ZoneEdges)[]} */ (Object.keys(ZONE));
const { alerts } = texts;

/** @type {(id: string) => any} */
let part;
/** @type {ZoneEdges[]} */
let changes = [];
/** @type {ZoneFields} */
let fields;

/** @type {(edge: string, value: number | string) => void} */
function type(edge, value) {
  part(`set-${edge}`).value = `${value}`;
  part(`set-${edge}`).dispatchEvent(new Event('change'));
}

const typed = () => EDGES.map((edge) => part(`set-${edge}`).value);
const invalid = () => EDGES.filter((edge) => part(`set-${edge}`).getAttribute('aria-invalid') === 'true');
const problem = () => part('zone-problem').textContent;

beforeEach(() => {
  part = newPage();
  changes = [];
  fields = new ZoneFields((zone) => changes.push(zone));
  fields.show(ZONE);
});

test('valid numbers are applied', () => {
  assert.deepEqual(typed(), ['10', '20', '40', '90']);
  type('zoneLeft', 35);
  assert.deepEqual(changes, [{ ...ZONE, zoneLeft: 35 }]);
  assert.deepEqual([invalid(), problem()], [[], '']);
});

for (const value of [-1, 101, 2.5, '']) {
  test(`an edge at "${value}" is explained, stays as typed and is not applied`, () => {
    type('zoneTop', value);
    assert.deepEqual([typed()[1], changes], [`${value}`, []]);
    assert.deepEqual(invalid(), ['zoneTop']);
    assert.ok(problem().startsWith(alerts.zoneRange(alerts.zoneTop)));
    assert.ok(problem().endsWith(alerts.zoneKept));
    fields.show(ZONE); // another setting changed
    assert.deepEqual([typed()[1], invalid()], [`${value}`, ['zoneTop']]);
  });
}

test('edges in the wrong order are explained until the other one follows', () => {
  type('zoneLeft', 60);
  assert.deepEqual(invalid(), ['zoneLeft', 'zoneRight']);
  assert.ok(problem().includes(alerts.zoneOrder(alerts.zoneLeft, alerts.zoneRight, 5)));
  type('zoneBottom', 24);
  assert.deepEqual(invalid(), EDGES);
  type('zoneRight', 65);
  type('zoneBottom', 25);
  assert.deepEqual([invalid(), problem()], [[], '']);
  assert.deepEqual(changes, [{ zoneLeft: 60, zoneTop: 20, zoneRight: 65, zoneBottom: 25 }]);
});

test('a zone that is drawn, and the whole picture, replace what was typed', () => {
  type('zoneLeft', 60);
  fields.show({ ...ZONE, zoneTop: 30 });
  assert.deepEqual([typed(), invalid(), problem()], [['10', '30', '40', '90'], [], '']);
  fields.show(WHOLE);
  type('zoneLeft', 200);
  part('zone-whole').click(); // the zone is the whole picture already
  assert.deepEqual([typed(), invalid()], [['0', '0', '100', '100'], []]);
});
