/** When to alert: an unmasked or wrongly masked face that persists, and not too often. */

import { ALERT_LABELS } from '../labels.js';

/** @import { Track } from './track.js' */

/**
 * An alert is told to begin or end.
 * @typedef {object} AlertEvent
 * @property {'begin' | 'end'} type
 * @property {number} id of the alert, from 1
 * @property {string} label the gravest that persisted, until now
 * @property {number} at whole milliseconds, of the clock of `update`
 * @property {number} duration milliseconds since the alert began; 0 when it begins, unless the
 *   cool-down held that back
 */

/**
 * @typedef {object} AlertOptions
 * @property {number} frames updates, of the last `of`, in which one face must show it; 1 to `of`
 * @property {number} of updates that are looked back on, at least 1
 * @property {number} coolDown milliseconds after an alert's end in which no other is told; it is
 *   `active` all the same, so that the page shows it
 */

/** @type {Readonly<AlertOptions>} */
export const ALERT_OPTIONS = Object.freeze({ frames: 8, of: 12, coolDown: 10_000 });

/**
 * One alert at a time, however many faces it is about. Pure: no clock, no page.
 *
 * It begins when one face was wrong in `frames` of the last `of` updates, and ends when nobody was
 * wrong in as many since then. `unsure` and `too_small` are not wrong. Updates are counted, not
 * milliseconds: what a slow device cannot see often enough does not raise an alert sooner.
 *
 * `active` is what to show, always. Events are what to sound, notify and log: those the cool-down
 * holds back. An alert that outlasts it is told then; one that does not is never told.
 */
export class AlertRule {
  /** May be changed at any time; `frames` beyond `of` count as `of`. */
  options;
  /**
   * The alert that is on.
   * @type {{label: string, since: number} | undefined}
   */
  active;
  #id = 0;
  #told = false; // whether the alert that is on was
  #quietUntil = -Infinity;
  /** @type {Map<number, string>[]} the wrong faces of each update, the latest last */
  #wrong = [];

  /** @param {Partial<AlertOptions>} [options] */
  constructor(options) {
    this.options = { ...ALERT_OPTIONS, ...options };
  }

  /**
   * Take in what is seen now.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} now in milliseconds
   * @returns {AlertEvent[]} what is to be told
   */
  update(tracks, now) {
    this.#wrong = [...this.#wrong, wrongFaces(tracks)].slice(-this.options.of);
    if (!this.active) this.#begin(now);
    else if (this.#count((wrong) => wrong.size === 0) >= this.#needed) return this.#end(now);
    else if (this.#persisting() === ALERT_LABELS[0]) [this.active.label] = ALERT_LABELS;
    return this.#tell(now);
  }

  /**
   * Nothing is seen any more, as when the camera is stopped: forget, and end the alert. Nobody put
   * a mask on, so no cool-down follows.
   * @param {number} now in milliseconds
   * @returns {AlertEvent[]} what is to be told
   */
  stop(now) {
    this.#wrong = [];
    if (!this.active) return [];
    const { label, since } = this.active;
    const at = Math.round(now);
    const told = this.#told;
    this.active = undefined;
    this.#told = false;
    return told ? [{ type: 'end', id: this.#id, label, at, duration: at - since }] : [];
  }

  get #needed() {
    return Math.min(this.options.frames, this.options.of);
  }

  /** @param {number} now */
  #begin(now) {
    const label = this.#persisting();
    if (!label) return;
    this.#wrong = []; // what came before says nothing about its end
    this.active = { label, since: Math.round(now) };
  }

  /**
   * @param {number} now
   * @returns {AlertEvent[]}
   */
  #end(now) {
    const events = this.stop(now);
    if (events.length > 0) this.#quietUntil = now + this.options.coolDown;
    return events;
  }

  /**
   * The beginning of the alert that is on, once, and not within the cool-down.
   * @param {number} now
   * @returns {AlertEvent[]}
   */
  #tell(now) {
    if (!this.active || this.#told || now < this.#quietUntil) return [];
    this.#told = true;
    this.#id += 1;
    const { label, since } = this.active;
    const at = Math.round(now);
    return [{ type: 'begin', id: this.#id, label, at, duration: at - since }];
  }

  /**
   * In how many of the updates looked back on something holds.
   * @param {(wrong: Map<number, string>) => boolean} holds
   */
  #count(holds) {
    return this.#wrong.filter(holds).length;
  }

  /**
   * What the faces that persist are wrong in.
   * @returns {string | undefined} the gravest of the latest update; none if no face persists
   */
  #persisting() {
    const latest = [...(this.#wrong.at(-1) ?? [])];
    const lasting = latest.filter(([id]) => this.#count((wrong) => wrong.has(id)) >= this.#needed);
    return ALERT_LABELS.find((grave) => lasting.some(([, label]) => label === grave));
  }
}

/**
 * @param {Pick<Track, 'id' | 'label'>[]} tracks
 * @returns {Map<number, string>} by the id of the face
 */
function wrongFaces(tracks) {
  const wrong = new Map();
  for (const { id, label } of tracks) {
    if (ALERT_LABELS.includes(label)) wrong.set(id, label);
  }
  return wrong;
}
