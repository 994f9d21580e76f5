/** The message to the person at the door, with advice while their verdict stays unsure. */

import { BY_SEVERITY } from '../labels.js';
import { texts } from '../texts/texts.js';
import { Debouncer } from './debouncer.js';

const DEBOUNCE_MS = 300;
/** Advice for a verdict that has been unsure for so long, latest first. */
const ADVICE = /** @type {const} */ ([
  { afterMs: 10_000, text: 'staff' },
  { afterMs: 6000, text: 'light' },
  { afterMs: 3000, text: 'face' },
]);

export class KioskMessage {
  #stable = new Debouncer(DEBOUNCE_MS);
  #label = 'unsure';
  #sinceMs = -Infinity;

  /**
   * @param {string[]} labels of the faces in view
   * @param {number} nowMs
   * @returns {{text: string, label: string}} label: the most severe one, or `noFace`
   */
  update(labels, nowMs) {
    const mostSevere = BY_SEVERITY.find((label) => labels.includes(label)) ?? 'noFace';
    const label = this.#stable.update(mostSevere, nowMs) || 'noFace';
    if (label !== this.#label) this.#sinceMs = nowMs;
    this.#label = label;
    const advice = ADVICE.find(({ afterMs }) => nowMs - this.#sinceMs >= afterMs);
    const name = label === 'unsure' && advice ? advice.text : label;
    return { text: texts.kiosk[name], label };
  }
}
