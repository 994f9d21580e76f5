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
 * @property {number} afterMs how long the face must violate the rule, above 0
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
 * Consecutive frames: how long the face violated the rule in them, and how long it did not.
 * @typedef {{violatingMs: number, clearMs: number}} Slice
 */

/**
 * A face that violated the rule lately.
 * @typedef {object} Violator
 * @property {Slice[]} slices of the window, or since the alert began; latest last
 * @property {ActiveAlert | undefined} alert
 */

/** @type {Readonly<AlertOptions>} */
export const ALERT_OPTIONS = Object.freeze({ afterMs: 500, cooldownMs: 10_000 });

/** Fewest frames that raise an alert: on a slow device, one wrong verdict must not. */
const MIN_FRAMES = 3;
/** Length of the window as a multiple of `afterMs`: a verdict may flicker for a third of the time. */
const WINDOW = 1.5;
/** Most slices per `afterMs`, which bounds the memory of a face. */
const MAX_SLICES = 30;

/**
 * Raises an alert for each face that violates the rule. Pure: no clock, no page.
 *
 * An alert begins when its face has had an alert label for `afterMs` of the last 1.5 × `afterMs`, and
 * ends when the face has had none, or was out of view, for as long since. A frame counts for the time
 * since the previous one, but for no more than a third of `afterMs`: so an alert needs three frames
 * also on a slow device, and a gap is little evidence.
 *
 * A `notify` event covers all alerts in progress and has the most severe one that is new. Alerts that
 * begin during the cooldown get one when it ends, unless they are over by then.
 */
export class AlertRule {
  #options = ALERT_OPTIONS;
  #id = 0;
  /** @type {number | undefined} */
  #updatedMs;
  #notifiedMs = -Infinity;
  /** @type {Map<number, Violator>} by track id */
  #faces = new Map();

  /** @param {Partial<AlertOptions>} [options] */
  constructor(options) {
    this.options = { ...ALERT_OPTIONS, ...options };
  }

  /**
   * These may change at any time.
   * @throws {RangeError} if `afterMs` is not above 0
   */
  set options(/** @type {Readonly<AlertOptions>} */ options) {
    const { afterMs } = options;
    if (!(afterMs > 0)) throw new RangeError(`Expected afterMs above 0, got ${afterMs}.`);
    this.#options = options;
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
    const frameMs = this.#frameMs(nowMs);
    for (const id of violations.keys()) {
      if (!this.#faces.has(id)) this.#faces.set(id, { slices: [], alert: undefined });
    }
    const changes = [...this.#faces].flatMap(([id, face]) => {
      const label = violations.get(id);
      this.#addFrame(face, label !== undefined, frameMs);
      return face.alert
        ? this.#continue(face, face.alert, label, nowMs)
        : this.#begin(id, face, label, nowMs);
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
    this.#updatedMs = undefined;
    return ended;
  }

  /**
   * How long a frame counts.
   * @param {number} nowMs
   */
  #frameMs(nowMs) {
    const sinceMs = nowMs - (this.#updatedMs ?? nowMs);
    this.#updatedMs = nowMs;
    return Math.min(sinceMs, this.#options.afterMs / MIN_FRAMES);
  }

  /**
   * Add a frame to the window of a face.
   * @param {Violator} face
   * @param {boolean} violating
   * @param {number} frameMs
   */
  #addFrame({ slices }, violating, frameMs) {
    const { afterMs } = this.#options;
    const last = slices.at(-1);
    const slice = last && lengthOf(last) < afterMs / MAX_SLICES ? last : emptySlice();
    if (slice !== last) slices.push(slice);
    slice[violating ? 'violatingMs' : 'clearMs'] += frameMs;
    trim(slices, WINDOW * afterMs);
  }

  /**
   * Begin the alert of a face that violates the rule persistently.
   * @param {number} id
   * @param {Violator} face
   * @param {string | undefined} label in this frame, if it alerts
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #begin(id, face, label, nowMs) {
    const { violatingMs } = totalOf(face.slices);
    if (!label && violatingMs === 0) this.#faces.delete(id);
    if (!label || violatingMs < this.#options.afterMs) return [];
    this.#id += 1;
    const sinceMs = Math.round(nowMs);
    face.alert = { id: this.#id, face: id, label, sinceMs, covered: false, notified: false };
    face.slices = []; // earlier frames do not count towards the end
    return [toEvent('begin', face.alert, nowMs)];
  }

  /**
   * End the alert of a face, or raise its label.
   * @param {Violator} face
   * @param {ActiveAlert} alert
   * @param {string | undefined} label in this frame, if it alerts
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #continue({ slices }, alert, label, nowMs) {
    const { violatingMs, clearMs } = totalOf(slices);
    if (clearMs >= this.#options.afterMs) {
      this.#faces.delete(alert.face);
      return [toEvent('end', alert, nowMs)];
    }
    if (label === ALERT_LABELS[0] && violatingMs >= this.#options.afterMs) [alert.label] = ALERT_LABELS;
    return [];
  }

  /**
   * @param {number} nowMs
   * @returns {AlertEvent[]}
   */
  #notify(nowMs) {
    const fresh = this.active.filter(({ covered }) => !covered);
    if (fresh.length === 0 || nowMs < this.#notifiedMs + this.#options.cooldownMs) return [];
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

/** @returns {Slice} */
function emptySlice() {
  return { violatingMs: 0, clearMs: 0 };
}

/** @param {Slice} slice */
function lengthOf({ violatingMs, clearMs }) {
  return violatingMs + clearMs;
}

/**
 * Remove what is older than a window.
 * @param {Slice[]} slices
 * @param {number} windowMs
 */
function trim(slices, windowMs) {
  let excessMs = lengthOf(totalOf(slices)) - windowMs;
  while (excessMs > 0) {
    const [oldest] = slices;
    const oldestMs = lengthOf(oldest);
    if (oldestMs > excessMs) {
      oldest.violatingMs *= 1 - excessMs / oldestMs;
      oldest.clearMs *= 1 - excessMs / oldestMs;
      return;
    }
    slices.shift();
    excessMs -= oldestMs;
  }
}

/** @param {Slice[]} slices */
function totalOf(slices) {
  const total = emptySlice();
  for (const { violatingMs, clearMs } of slices) {
    total.violatingMs += violatingMs;
    total.clearMs += clearMs;
  }
  return total;
}
