/** The user's settings, stored in the browser. They contain no pictures and no verdicts. */

import { ALERT_OPTIONS } from '../tracking/alerts.js';

/**
 * @typedef {object} Settings
 * @property {string} device id of the camera that was used last; empty for any
 * @property {'user' | 'environment'} facing direction of a phone's camera
 * @property {number} minFrames frames, of the last `window`, in which a face must violate the rule
 * @property {number} window number of frames considered, 1 to 60
 * @property {number} cooldownS minimum time between sounds and notifications, 0 to 600 seconds
 * @property {number} zoneLeft edge of the part of the picture that counts, in percent of its width
 *   as it is shown, like `zoneRight`
 * @property {number} zoneTop the same in percent of its height, like `zoneBottom`
 * @property {number} zoneRight
 * @property {number} zoneBottom
 * @property {number} minFacePercent height of the smallest face that counts, in percent of the picture's
 * @property {boolean} sound whether alerts play a sound
 * @property {number} volumePercent of the sound, 0 to 100
 * @property {boolean} notification whether alerts show a system notification
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  device: '',
  facing: 'user',
  minFrames: ALERT_OPTIONS.minFrames,
  window: ALERT_OPTIONS.window,
  cooldownS: ALERT_OPTIONS.cooldownMs / 1000,
  zoneLeft: 0,
  zoneTop: 0,
  zoneRight: 100,
  zoneBottom: 100,
  minFacePercent: 0,
  sound: false,
  volumePercent: 40,
  notification: false,
});

const KEY = 'settings';
const MAX_WINDOW = 60;
const MAX_COOLDOWN_S = 600;
const MAX_FACE_PERCENT = 90;
const MIN_ZONE_PERCENT = 5; // of the picture's width and height

/**
 * Valid settings, with defaults for what `raw` lacks or has wrong. Earlier versions stored
 * `frames`, `of` and `coolDown`.
 * @param {any} raw
 * @returns {Settings}
 */
export function normalize(raw) {
  const { frames, of, coolDown, ...rest } = raw ?? {};
  const given = { minFrames: frames, window: of, cooldownS: coolDown, ...rest };
  const window = clamp(given.window, 1, MAX_WINDOW, DEFAULTS.window);
  return {
    device: typeof given.device === 'string' ? given.device : DEFAULTS.device,
    facing: given.facing === 'environment' ? 'environment' : 'user',
    minFrames: clamp(given.minFrames, 1, window, Math.min(DEFAULTS.minFrames, window)),
    window,
    cooldownS: clamp(given.cooldownS, 0, MAX_COOLDOWN_S, DEFAULTS.cooldownS),
    ...normalizeZone(given),
    minFacePercent: clamp(given.minFacePercent, 0, MAX_FACE_PERCENT, 0),
    sound: given.sound === true,
    volumePercent: clamp(given.volumePercent, 0, 100, DEFAULTS.volumePercent),
    notification: given.notification === true,
  };
}

/**
 * The left and top edges; they give way to a changed right and bottom one.
 * @param {Partial<Settings>} change
 * @param {Settings} current
 * @returns {Partial<Settings>}
 */
function leftAndTop({ zoneLeft, zoneTop, zoneRight, zoneBottom }, current) {
  const leftOf = (zoneRight ?? 100) - MIN_ZONE_PERCENT;
  const above = (zoneBottom ?? 100) - MIN_ZONE_PERCENT;
  return {
    zoneLeft: zoneLeft ?? Math.min(current.zoneLeft, leftOf),
    zoneTop: zoneTop ?? Math.min(current.zoneTop, above),
  };
}

/**
 * The edges of the zone, in order and apart from each other.
 * @param {Record<string, unknown>} given
 */
function normalizeZone({ zoneLeft, zoneTop, zoneRight, zoneBottom }) {
  const last = 100 - MIN_ZONE_PERCENT;
  const [left, top] = [clamp(zoneLeft, 0, last, 0), clamp(zoneTop, 0, last, 0)];
  return {
    zoneLeft: left,
    zoneTop: top,
    zoneRight: clamp(zoneRight, left + MIN_ZONE_PERCENT, 100, 100),
    zoneBottom: clamp(zoneBottom, top + MIN_ZONE_PERCENT, 100, 100),
  };
}

/**
 * An integer within bounds.
 * @param {unknown} value
 * @param {number} min
 * @param {number} max
 * @param {number} fallback if `value` is not a number
 */
function clamp(value, min, max, fallback) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(Math.max(Math.round(value), min), max);
}

/** Reads and writes the settings. Without browser storage they last as long as the page. */
export class SettingsStore {
  #storage;
  #current;

  /** @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage throws if storage is forbidden */
  constructor(storage) {
    this.#storage = storage;
    this.#current = normalize(this.#read());
  }

  get current() {
    return this.#current;
  }

  /**
   * Change some settings; `window` grows to at least a changed `minFrames`, and a changed edge of the
   * zone moves the opposite one if needed.
   * @param {Partial<Settings>} change
   * @returns {Settings} all settings after the change
   */
  update(change) {
    const window = Math.max(change.window ?? this.#current.window, change.minFrames ?? 0);
    const edges = leftAndTop(change, this.#current);
    this.#current = normalize({ ...this.#current, ...change, ...edges, window });
    try {
      this.#storage().setItem(KEY, JSON.stringify(this.#current));
    } catch {
      // storage is full or forbidden
    }
    return this.#current;
  }

  #read() {
    try {
      return JSON.parse(this.#storage().getItem(KEY) ?? '{}');
    } catch {
      return {};
    }
  }
}
