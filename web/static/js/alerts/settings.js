/** What the user set, kept in the browser. No picture and no verdict is among it. */

/**
 * @typedef {object} Settings
 * @property {string} device of the camera picked last; empty for any
 * @property {'user' | 'environment'} facing which way a phone's camera looks
 * @property {number} frames an alert needs so many of the last `of` pictures, 1 to `of`
 * @property {number} of 1 to 60
 * @property {number} coolDown seconds of quiet after an alert, 0 to 600
 * @property {boolean} sound whether an alert is heard
 * @property {boolean} notification whether the system tells of an alert
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  device: '',
  facing: 'user',
  frames: 8,
  of: 12,
  coolDown: 10,
  sound: false,
  notification: false,
});

const KEY = 'settings';
const MOST_PICTURES = 60;
const MOST_QUIET = 600;

/**
 * The settings that `raw` gives, with the defaults where it gives none that can be used.
 * @param {any} raw
 * @returns {Settings}
 */
export function cleaned(raw) {
  const given = raw ?? {};
  const of = whole(given.of, 1, MOST_PICTURES, DEFAULTS.of);
  return {
    device: typeof given.device === 'string' ? given.device : DEFAULTS.device,
    facing: given.facing === 'environment' ? 'environment' : 'user',
    frames: whole(given.frames, 1, of, Math.min(DEFAULTS.frames, of)),
    of,
    coolDown: whole(given.coolDown, 0, MOST_QUIET, DEFAULTS.coolDown),
    sound: given.sound === true,
    notification: given.notification === true,
  };
}

/**
 * A whole number within bounds.
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 * @param {number} otherwise what is taken for no number
 */
function whole(value, least, most, otherwise) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return otherwise;
  return Math.min(Math.max(Math.round(value), least), most);
}

/** Reads and writes them. A browser that keeps nothing has them for as long as the page lives. */
export class SettingsStore {
  #storage;
  #now;

  /** @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage may throw where it is forbidden */
  constructor(storage) {
    this.#storage = storage;
    this.#now = cleaned(this.#read());
  }

  get now() {
    return this.#now;
  }

  /**
   * More pictures to agree than are looked at make those more.
   * @param {Partial<Settings>} change
   * @returns {Settings} as they are now
   */
  change(change) {
    const of = Math.max(change.of ?? this.#now.of, change.frames ?? 0);
    this.#now = cleaned({ ...this.#now, ...change, of });
    try {
      this.#storage().setItem(KEY, JSON.stringify(this.#now));
    } catch {
      // full or forbidden: they last as long as the page
    }
    return this.#now;
  }

  #read() {
    try {
      return JSON.parse(this.#storage().getItem(KEY) ?? '{}');
    } catch {
      return {};
    }
  }
}
