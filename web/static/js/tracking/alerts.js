/**
 * The alert rule: each person who stays unmasked, or wears the mask incorrectly, raises an alert.
 * Twin of `inference/tracking/alerts.py`.
 */

import { ALERT_LABELS } from '../labels.js';

/** @import { Track } from './track.js' */

/**
 * `begin` and `end` of an alert are for logs; `notify` is due for a sound or a message.
 * @typedef {object} AlertEvent
 * @property {'begin' | 'notify' | 'end'} type
 * @property {number} id of the alert, from 1
 * @property {number} face id of the track
 * @property {string} label the most severe label so far
 * @property {number} atMs whole milliseconds on the clock of `update`
 * @property {number} durationMs since the alert began
 * @property {boolean} notified whether a `notify` of this alert was reported
 */

/**
 * When an alert begins and ends.
 * @typedef {object} AlertOptions
 * @property {number} minFrames frames, of the last `window`, in which the face must violate the
 *   rule; 1 to `window`
 * @property {number} window number of frames considered, at least 1
 * @property {number} cooldownMs minimum time between two `notify` events
 */

/**
 * An alert in progress.
 * @typedef {object} ActiveAlert
 * @property {number} id
 * @property {number} face
 * @property {string} label
 * @property {number} sinceMs
 * @property {boolean} covered whether it was in progress at a `notify` event
 * @property {boolean} notified whether that event was its own
 */

/**
 * A face that violated the rule lately; `frames` has its alert label in each frame, latest last.
 * @typedef {{frames: (string | undefined)[], alert: ActiveAlert | undefined}} Violator
 */

/** @type {Readonly<AlertOptions>} */
export const ALERT_OPTIONS = Object.freeze({ minFrames: 8, window: 12, cooldownMs: 10_000 });

/**
 * Raises an alert for each face that violates the rule. Pure: no clock, no page.
 *
 * An alert begins when its face has an alert label in `minFrames` of the last `window` frames, and
 * ends when the face has none, or is out of view, in as many frames since. Frames are counted, not
 * milliseconds, so that a slow device, which classifies fewer frames, does not alert on less
 * evidence.
 *
 * A `notify` event covers all alerts in progress and has the most severe one that is new. Alerts that
 * begin during the cooldown get one when it ends, unless they are over by then.
 */
export class AlertRule {
  /** May change at any time; a `minFrames` above `window` counts as `window`. */
  options;
  #id = 0;
  #notifiedMs = -Infinity;
  /** @type {Map<number, Violator>} by track id */
  #faces = new Map();

  /** @param {Partial<AlertOptions>} [options] */
  constructor(options) {
    this.options = { ...ALERT_OPTIONS, ...options };
  }

  /**
   * The alerts in progress, oldest first.
   * @returns {ActiveAlert[]}
   */
  get active() {
    const alerts = [...this.#faces.values()].flatMap(({ alert }) => alert ?? []);
    return alerts.toSorted((a, b) => a.id - b.id);
  }

  /**
   * Process the tracks of a frame.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {number} nowMs on any clock that does not go back
   * @returns {AlertEvent[]} to report
   */
  update(tracks, nowMs) {
    const violations = violationsOf(tracks);
    for (const id of violations.keys()) {
      if (!this.#faces.has(id)) this.#faces.set(id, { frames: [], alert: undefined });
    }
    const changes = [...this.#faces].flatMap(([id, face]) => {
      face.frames = [...face.frames, violations.get(id)].slice(-this.options.window);
      return face.alert ? this.#continue(id, face, face.alert, nowMs) : this.#begin(id, face, nowMs);
    });
    return [...changes, ...this.#notify(nowMs)];
  }

  /**
   * End all alerts because the camera stopped.
   * @param {number} nowMs
   * @returns {AlertEvent[]} to report
   */
  stop(nowMs) {
    const ended = this.active.map((alert) => toEvent('end', alert, nowMs));
    this.#faces.clear();
    return ended;
  }

  get #minFrames() {
    return Math.min(this.options.minFrames, this.options.window);
  }

  /**
   * Begin the alert of a face that violates the rule persistently.
   * @param {number} id
   * @param {Violator} face
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #begin(id, face, nowMs) {
    const label = face.frames.at(-1);
    const violating = face.frames.filter(Boolean).length;
    if (violating === 0) this.#faces.delete(id);
    if (!label || violating < this.#minFrames) return [];
    this.#id += 1;
    const sinceMs = Math.round(nowMs);
    face.alert = { id: this.#id, face: id, label, sinceMs, covered: false, notified: false };
    face.frames = []; // earlier frames do not count towards the end
    return [toEvent('begin', face.alert, nowMs)];
  }

  /**
   * End the alert of a face, or raise its label.
   * @param {number} id
   * @param {Violator} face
   * @param {ActiveAlert} alert
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #continue(id, { frames }, alert, nowMs) {
    const violating = frames.filter(Boolean).length;
    if (frames.length - violating >= this.#minFrames) {
      this.#faces.delete(id);
      return [toEvent('end', alert, nowMs)];
    }
    if (frames.at(-1) === ALERT_LABELS[0] && violating >= this.#minFrames) {
      [alert.label] = ALERT_LABELS;
    }
    return [];
  }

  /**
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #notify(nowMs) {
    const fresh = this.active.filter(({ covered }) => !covered);
    if (fresh.length === 0 || nowMs < this.#notifiedMs + this.options.cooldownMs) return [];
    this.#notifiedMs = nowMs;
    for (const alert of fresh) alert.covered = true;
    const label = ALERT_LABELS.find((one) => fresh.some((alert) => alert.label === one));
    const [first] = fresh.filter((alert) => alert.label === label);
    first.notified = true;
    return [toEvent('notify', first, nowMs)];
  }
}

/**
 * @param {AlertEvent['type']} type
 * @param {ActiveAlert} alert
 * @param {number} nowMs
 * @returns {AlertEvent}
 */
function toEvent(type, { id, face, label, sinceMs, notified }, nowMs) {
  const atMs = Math.round(nowMs);
  return { type, id, face, label, atMs, durationMs: atMs - sinceMs, notified };
}

/**
 * @param {Pick<Track, 'id' | 'label'>[]} tracks
 * @returns {Map<number, string>} the alert labels by track id
 */
function violationsOf(tracks) {
  const alerting = tracks.filter(({ label }) => ALERT_LABELS.includes(label));
  return new Map(alerting.map(({ id, label }) => [id, label]));
}
