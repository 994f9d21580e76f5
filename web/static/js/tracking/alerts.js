/**
 * The alert rule: a face that stays unmasked, or wears its mask incorrectly, raises an alert. Twin
 * of `inference/tracking/alerts.py`.
 */

import { ALERT_LABELS } from '../labels.js';

/** @import { Track } from './track.js' */

/**
 * The beginning or the end of an alert.
 * @typedef {object} AlertEvent
 * @property {'begin' | 'end'} type
 * @property {number} id of the alert, from 1
 * @property {string} label the most severe label so far
 * @property {number} atMs whole milliseconds on the clock of `update`
 * @property {number} durationMs since the alert began; 0 at its begin, unless the cooldown delayed
 *   that event
 */

/**
 * When an alert begins and ends.
 * @typedef {object} AlertOptions
 * @property {number} minFrames frames, of the last `window`, in which one face must violate the
 *   rule; 1 to `window`
 * @property {number} window number of frames considered, at least 1
 * @property {number} cooldownMs time after the end of an alert in which no other is reported
 */

/** @type {Readonly<AlertOptions>} */
export const ALERT_OPTIONS = Object.freeze({ minFrames: 8, window: 12, cooldownMs: 10_000 });

/**
 * Raises one alert at a time, however many faces violate the rule. Pure: no clock, no page.
 *
 * An alert begins when one face has an alert label in `minFrames` of the last `window` frames, and
 * ends when no face has one in as many frames since. Frames are counted, not milliseconds, so that a
 * slow device, which classifies fewer frames, does not alert on less evidence.
 *
 * `active` is the alert to display. Events are for the log, sounds and notifications: an alert that
 * begins during the cooldown is reported when the cooldown ends, unless it is over by then.
 */
export class AlertRule {
  /** May change at any time; a `minFrames` above `window` counts as `window`. */
  options;
  /**
   * The alert in progress.
   * @type {{label: string, sinceMs: number} | undefined}
   */
  active;
  #id = 0;
  #reported = false; // whether the begin of the active alert was
  #cooldownUntilMs = -Infinity;
  /** @type {Map<number, string>[]} the alert labels of each frame by track id, latest frame last */
  #violations = [];

  /** @param {Partial<AlertOptions>} [options] */
  constructor(options) {
    this.options = { ...ALERT_OPTIONS, ...options };
  }

  /**
   * Process the tracks of a frame.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} nowMs on any clock that does not go back
   * @returns {AlertEvent[]} to report
   */
  update(tracks, nowMs) {
    this.#violations = [...this.#violations, violationsOf(tracks)].slice(-this.options.window);
    if (!this.active) this.#begin(nowMs);
    else if (this.#count((frame) => frame.size === 0) >= this.#minFrames) return this.#end(nowMs);
    else if (this.#persistentLabel() === ALERT_LABELS[0]) [this.active.label] = ALERT_LABELS;
    return this.#report(nowMs);
  }

  /**
   * End the active alert because the camera stopped. No cooldown follows, since no mask was put on.
   * @param {number} nowMs
   * @returns {AlertEvent[]} to report
   */
  stop(nowMs) {
    const { active } = this;
    const reported = this.#reported;
    this.#violations = [];
    this.active = undefined;
    this.#reported = false;
    return active && reported ? [this.#event('end', active, nowMs)] : [];
  }

  get #minFrames() {
    return Math.min(this.options.minFrames, this.options.window);
  }

  /** @param {number} nowMs */
  #begin(nowMs) {
    const label = this.#persistentLabel();
    if (!label) return;
    this.#violations = []; // earlier frames do not count towards the end
    this.active = { label, sinceMs: Math.round(nowMs) };
  }

  /**
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #end(nowMs) {
    const events = this.stop(nowMs);
    if (events.length > 0) this.#cooldownUntilMs = nowMs + this.options.cooldownMs;
    return events;
  }

  /**
   * The begin of the active alert, once, and not during the cooldown.
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #report(nowMs) {
    if (!this.active || this.#reported || nowMs < this.#cooldownUntilMs) return [];
    this.#reported = true;
    this.#id += 1;
    return [this.#event('begin', this.active, nowMs)];
  }

  /**
   * @param {'begin' | 'end'} type
   * @param {{label: string, sinceMs: number}} alert
   * @param {number} nowMs
   * @returns {AlertEvent}
   */
  #event(type, { label, sinceMs }, nowMs) {
    const atMs = Math.round(nowMs);
    return { type, id: this.#id, label, atMs, durationMs: atMs - sinceMs };
  }

  /**
   * The number of frames in the window that match.
   * @param {(frame: Map<number, string>) => boolean} matches
   */
  #count(matches) {
    return this.#violations.filter(matches).length;
  }

  /**
   * The most severe label of the faces in the latest frame that violate the rule.
   * @returns {string | undefined}
   */
  #persistentLabel() {
    const latest = [...(this.#violations.at(-1) ?? [])];
    const lasting = latest.filter(
      ([id]) => this.#count((frame) => frame.has(id)) >= this.#minFrames,
    );
    return ALERT_LABELS.find((label) => lasting.some(([, other]) => other === label));
  }
}

/**
 * @param {Pick<Track, 'id' | 'label'>[]} tracks
 * @returns {Map<number, string>} the alert labels by track id
 */
function violationsOf(tracks) {
  const alerting = tracks.filter(({ label }) => ALERT_LABELS.includes(label));
  return new Map(alerting.map(({ id, label }) => [id, label]));
}
