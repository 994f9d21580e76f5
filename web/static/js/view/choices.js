/** Settings that are chosen from a list. */

import { texts } from '../texts/texts.js';
import { make, part } from './parts.js';

/** @import { Settings } from '../alerts/settings.js' */

/**
 * The values offered for each setting, and the text of a value.
 * @type {Record<'afterS' | 'cooldownS' | 'minFacePercent' | 'volumePercent',
 *   {values: number[], text: (value: number) => string}>}
 */
const CHOICES = {
  afterS: { values: [0.5, 1, 2, 5], text: texts.alerts.afterChoice },
  cooldownS: { values: [0, 5, 10, 30, 60, 300], text: texts.alerts.cooldownChoice },
  minFacePercent: { values: [0, 5, 10, 20, 30], text: texts.alerts.minFaceChoice },
  volumePercent: { values: [15, 40, 100], text: texts.alerts.volumeChoice },
};
const NAMES = /** @type {(keyof typeof CHOICES)[]} */ (Object.keys(CHOICES));

/** @param {string} name of a setting */
const field = (name) => part(`set-${name}`, HTMLSelectElement);

/** @param {(change: Partial<Settings>) => void} change called when a value was chosen */
export function listenToChoices(change) {
  for (const name of NAMES) {
    field(name).addEventListener('change', () => change({ [name]: Number(field(name).value) }));
  }
}

/**
 * Fill the lists and select the current values; one that is not offered is an option of its own.
 * @param {Settings} settings
 */
export function showChoices(settings) {
  for (const name of NAMES) {
    const { values, text } = CHOICES[name];
    const current = settings[name];
    const all = [...new Set([...values, current])].toSorted((a, b) => a - b);
    const options = all.map((value) => make('option', { value: `${value}` }, text(value)));
    field(name).replaceChildren(...options);
    field(name).value = `${current}`;
  }
}
