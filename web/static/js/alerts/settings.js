/** The user's settings, stored in the browser. They contain no pictures and no verdicts. */

import { ALERT_OPTIONS } from '../tracking/alerts.js';
import { WHOLE, isZone } from '../view/zone.js';

/**
 * @typedef {object} Settings
 * @property {string} device id of the camera that was used last; empty for any
 * @property {'user' | 'environment'} facing direction of a phone's camera
 * @property {number} afterS how long a face must violate the rule, 0.1 to 60 seconds
 * @property {number} cooldownS minimum time between sounds and notifications, 0 to 600 seconds
 * @property {number} zoneLeft edge of the part of the picture that counts, in percent of its width
 *   as it is shown, like `zoneRight`
 * @property {number} zoneTop the same in percent of its height, like `zoneBottom`
 * @property {number} zoneRight
 * @property {number} zoneBottom
 * @property {number} minFacePercent height of the smallest face that counts, in percent of the
 *   picture's, 0 to 90
 * @property {boolean} sound whether alerts play a sound
 * @property {number} volumePercent of the sound, 0 to 100
 * @property {boolean} notification whether alerts show a system notification
 * @property {boolean} keepPictures whether a picture of the face is kept with each alert
 * @property {number} pictureHours how long pictures are kept: one of `PICTURE_HOURS`
 * @property {boolean} announce whether screen readers announce the results
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  device: '',
  facing: 'user',
  afterS: ALERT_OPTIONS.afterMs / 1000,
  cooldownS: ALERT_OPTIONS.cooldownMs / 1000,
  ...WHOLE,
  minFacePercent: 0,
  sound: false,
  volumePercent: 40,
  notification: false,
  keepPictures: false,
  pictureHours: 24,
  announce: true,
});

const KEY = 'settings';
const MIN_AFTER_S = 0.1;
const MAX_AFTER_S = 60;
const MAX_COOLDOWN_S = 600;
const MAX_FACE_PERCENT = 90;
const PICTURE_HOURS = [1, 24, 168, 720];

/**
 * Valid settings, with defaults for what `raw` lacks or has wrong. Earlier versions stored the
 * cooldown as `coolDown`.
 * @param {any} raw
 * @returns {Settings}
 */
export function normalize(raw) {
  const { coolDown, ...rest } = raw ?? {};
  const given = { cooldownS: coolDown, ...rest };
  return {
    device: typeof given.device === 'string' ? given.device : DEFAULTS.device,
    facing: given.facing === 'environment' ? 'environment' : 'user',
    afterS: within(given.afterS, MIN_AFTER_S, MAX_AFTER_S, DEFAULTS.afterS),
    cooldownS: within(given.cooldownS, 0, MAX_COOLDOWN_S, DEFAULTS.cooldownS),
    ...zoneOf(given),
    minFacePercent: within(given.minFacePercent, 0, MAX_FACE_PERCENT, DEFAULTS.minFacePercent),
    sound: given.sound === true,
    volumePercent: within(given.volumePercent, 0, 100, DEFAULTS.volumePercent),
    notification: given.notification === true,
    keepPictures: given.keepPictures === true,
    pictureHours: PICTURE_HOURS.includes(given.pictureHours)
      ? given.pictureHours
      : DEFAULTS.pictureHours,
    announce: given.announce !== false,
  };
}

/**
 * The edges of a valid zone, otherwise of the whole picture.
 * @param {any} given
 */
function zoneOf({ zoneLeft, zoneTop, zoneRight, zoneBottom }) {
  const zone = { zoneLeft, zoneTop, zoneRight, zoneBottom };
  return isZone(zone) ? zone : WHOLE;
}

/**
 * A number within bounds.
 * @param {any} value
 * @param {number} min
 * @param {number} max
 * @param {number} fallback for everything else
 * @returns {number}
 */
function within(value, min, max, fallback) {
  return typeof value === 'number' && value >= min && value <= max ? value : fallback;
}

/** Reads and writes the settings. Without browser storage they last as long as the page. */
export class SettingsStore {
  #storage;
  #current;
  /** @type {Partial<Settings>} that could not be stored */
  #unstored = {};

  /** @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage throws if storage is forbidden */
  constructor(storage) {
    this.#storage = storage;
    this.#current = normalize(this.#read());
  }

  get current() {
    return this.#current;
  }

  /** Read the settings again, which another tab may have changed. */
  reload() {
    this.#current = normalize({ ...this.#read(), ...this.#unstored });
    return this.#current;
  }

  /**
   * Change some settings; the others stay as they are stored, also by other tabs.
   * @param {Partial<Settings>} change
   * @returns {Settings} all settings after the change
   */
  update(change) {
    this.#unstored = { ...this.#unstored, ...change };
    const settings = this.reload();
    try {
      this.#storage().setItem(KEY, JSON.stringify(settings));
      this.#unstored = {};
    } catch {
      // storage is full or forbidden
    }
    return settings;
  }

  #read() {
    try {
      return JSON.parse(this.#storage().getItem(KEY) ?? '{}');
    } catch {
      return {};
    }
  }
}
