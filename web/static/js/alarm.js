/** When to alert: an unmasked or wrongly masked face that persists, and not too often. */

/** @import { Track } from './tracker.js' */

/** @typedef {'without_mask' | 'incorrect_mask'} AlarmLabel */

/**
 * An alert begins or ends.
 * @typedef {object} AlarmEvent
 * @property {'begin' | 'end'} type
 * @property {number} id of the alert, from 1
 * @property {AlarmLabel} label the gravest that persisted, until now
 * @property {number} at whole milliseconds, of the clock of `update`
 * @property {number} duration milliseconds since the alert began; 0 when it begins
 */

/**
 * @typedef {object} AlarmOptions
 * @property {number} frames updates, of the last `of`, in which one face must show it; 1 to `of`
 * @property {number} of updates that are looked back on, at least 1
 * @property {number} coolDown milliseconds after an alert's end in which none begins
 */

/** @type {Readonly<AlarmOptions>} */
export const ALARM = Object.freeze({ frames: 8, of: 12, coolDown: 10_000 });

/** @type {readonly AlarmLabel[]} what is alerted of, the gravest first */
const GRAVE = ['without_mask', 'incorrect_mask'];

/**
 * One alert at a time, however many faces it is about. Pure: no clock, no page.
 *
 * It begins when one face was wrong in `frames` of the last `of` updates, and ends when nobody was
 * wrong in as many since then. `unsure` and `too_small` are not wrong. Updates are counted, not milliseconds:
 * what a slow device cannot see often enough does not raise an alert sooner.
 */
export class Alarm {
  /** May be changed at any time; `frames` beyond `of` count as `of`. */
  options;
  /**
   * The alert that is on.
   * @type {{label: AlarmLabel, since: number} | undefined}
   */
  active;
  #id = 0;
  #quietUntil = -Infinity;
  /** @type {Map<number, AlarmLabel>[]} the wrong faces of each update, the latest last */
  #wrong = [];

  /** @param {Partial<AlarmOptions>} [options] */
  constructor(options) {
    this.options = { ...ALARM, ...options };
  }

  /**
   * Take in what is seen now.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} now in milliseconds
   * @returns {AlarmEvent[]} what changed
   */
  update(tracks, now) {
    this.#wrong = [...this.#wrong, wrongFaces(tracks)].slice(-this.options.of);
    if (this.active) {
      if (this.#count((wrong) => wrong.size === 0) >= this.#needed) return this.stop(now);
      if (this.#persisting() === GRAVE[0]) [this.active.label] = GRAVE;
      return [];
    }
    const label = now >= this.#quietUntil ? this.#persisting() : undefined;
    return label ? [this.#begin(label, Math.round(now))] : [];
  }

  /**
   * Nothing is seen any more, as when the camera is stopped: forget, and end the alert.
   * @param {number} now in milliseconds
   * @returns {AlarmEvent[]} what changed
   */
  stop(now) {
    this.#wrong = [];
    if (!this.active) return [];
    const { label, since } = this.active;
    const at = Math.round(now);
    this.active = undefined;
    this.#quietUntil = at + this.options.coolDown;
    return [{ type: 'end', id: this.#id, label, at, duration: at - since }];
  }

  get #needed() {
    return Math.min(this.options.frames, this.options.of);
  }

  /**
   * @param {AlarmLabel} label
   * @param {number} at
   * @returns {AlarmEvent}
   */
  #begin(label, at) {
    this.#id += 1;
    this.#wrong = []; // what came before says nothing about its end
    this.active = { label, since: at };
    return { type: 'begin', id: this.#id, label, at, duration: 0 };
  }

  /**
   * In how many of the updates looked back on something holds.
   * @param {(wrong: Map<number, AlarmLabel>) => boolean} holds
   */
  #count(holds) {
    return this.#wrong.filter(holds).length;
  }

  /**
   * What the faces that persist are wrong in.
   * @returns {AlarmLabel | undefined} the gravest of the latest update; none if no face persists
   */
  #persisting() {
    const latest = [...(this.#wrong.at(-1) ?? [])];
    const lasting = latest.filter(([id]) => this.#count((wrong) => wrong.has(id)) >= this.#needed);
    return GRAVE.find((grave) => lasting.some(([, label]) => label === grave));
  }
}

/**
 * @param {Pick<Track, 'id' | 'label'>[]} tracks
 * @returns {Map<number, AlarmLabel>} by the id of the face
 */
function wrongFaces(tracks) {
  const wrong = new Map();
  for (const { id, label } of tracks) {
    if (GRAVE.some((grave) => grave === label)) wrong.set(id, label);
  }
  return wrong;
}
