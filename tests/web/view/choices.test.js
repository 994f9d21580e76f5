import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { DEFAULTS } from '../../../web/static/js/alerts/settings.js';
import { LANGUAGES } from '../../../web/static/js/texts/texts.js';
import { listenToChoices, showChoices } from '../../../web/static/js/view/choices.js';
import { newPage } from '../dom.js';

/** @type {(id: string) => any} */
let part;

/** @param {string} name of a setting */
function options(name) {
  return part(`set-${name}`).children.map((/** @type {any} */ one) => one.children[0]);
}

beforeEach(() => {
  part = newPage();
});

test('the choices are in words', () => {
  showChoices(DEFAULTS);
  assert.deepEqual(options('afterS'), ['0.5 seconds', '1 second', '2 seconds', '5 seconds']);
  assert.deepEqual(options('cooldownS'), [
    'for every alert',
    'at most once every 5 seconds',
    'at most once every 10 seconds',
    'at most once every 30 seconds',
    'at most once a minute',
    'at most once every 5 minutes',
  ]);
  assert.deepEqual(options('minFacePercent').slice(0, 2), ['all', 'at least 5% of the picture’s height']);
});

test('the current value is selected; one that is not offered is an option of its own', () => {
  showChoices({ ...DEFAULTS, afterS: 0.7, cooldownS: 90 });
  assert.deepEqual(options('afterS').slice(0, 3), ['0.5 seconds', '0.7 seconds', '1 second']);
  assert.deepEqual(['afterS', 'cooldownS', 'minFacePercent'].map((name) => part(`set-${name}`).value), ['0.7', '90', '0']);
  showChoices(DEFAULTS);
  assert.equal(options('afterS').length, 4);
});

test('a choice changes its setting', () => {
  /** @type {object[]} */
  const changes = [];
  listenToChoices((change) => changes.push(change));
  part('set-afterS').value = '0.5';
  part('set-afterS').dispatchEvent(new Event('change'));
  assert.deepEqual(changes, [{ afterS: 0.5 }]);
});

test('durations are in the language of the page', () => {
  const { de, fr } = LANGUAGES;
  assert.equal(de.alerts.cooldownChoice(10), 'höchstens alle 10 Sekunden');
  assert.match(fr.alerts.cooldownChoice(10), /^au plus une fois toutes les 10.secondes$/);
  assert.equal(de.alerts.volumeChoice(70), '70\u00a0%');
  assert.deepEqual([0.5, 60].map(de.alerts.afterChoice), ['0,5 Sekunden', '1 Minute']);
  assert.deepEqual([0.5, 300].map(fr.alerts.afterChoice).map((one) => one.replace(/\s/, ' ')), ['0,5 seconde', '5 minutes']);
});
