/** The message to the person at the door, with advice while their verdict stays unsure. */

import { BY_SEVERITY } from '../labels.js';
import { Debouncer } from './debouncer.js';

/** @import { Track } from '../tracking/track.js' */
/** @import { Box } from '../vision/geometry.js' */

export const DEBOUNCE_MS = 300; // of sentences and messages
/** Advice for a verdict that has been unsure for so long, latest first. */
const ADVICE = /** @type {const} */ ([
  { afterMs: 10_000, text: 'staff' },
  { afterMs: 6000, text: 'light' },
  { afterMs: 3000, text: 'face' },
]);

export class KioskMessage {
  #phrases;
  #stable = new Debouncer(DEBOUNCE_MS);
  #waiting = -1; // id of the unsure face
  #sinceMs = 0;

  /** @param {Record<string, string>} phrases by label and advice, as in `texts.kiosk` */
  constructor(phrases) {
    this.#phrases = phrases;
  }

  /**
   * @param {Pick<Track, 'id' | 'label' | 'box'>[]} tracks
   * @param {number} nowMs
   * @returns {{text: string, label: string}} label: the most severe one, or `noFace`
   */
  update(tracks, nowMs) {
    const labels = tracks.map(({ label }) => label);
    const mostSevere = BY_SEVERITY.find((label) => labels.includes(label)) ?? 'noFace';
    const label = this.#stable.update(mostSevere, nowMs) || 'noFace';
    if (label !== 'unsure') this.#waiting = -1;
    const name = label === 'unsure' ? this.#advise(tracks, nowMs) : label;
    return { text: this.#phrases[name], label };
  }

  /**
   * Advice for the nearest unsure face, by how long it has been the nearest.
   * @param {Pick<Track, 'id' | 'label' | 'box'>[]} tracks
   * @param {number} nowMs
   */
  #advise(tracks, nowMs) {
    const unsure = tracks.filter(({ label }) => label === 'unsure');
    const [nearest] = unsure.toSorted((a, b) => tall(b.box) - tall(a.box));
    if (nearest && nearest.id !== this.#waiting) {
      this.#waiting = nearest.id;
      this.#sinceMs = nowMs;
    }
    return ADVICE.find(({ afterMs }) => nowMs - this.#sinceMs >= afterMs)?.text ?? 'unsure';
  }
}

/** @param {Box} box */
function tall({ top, bottom }) {
  return bottom - top;
}
