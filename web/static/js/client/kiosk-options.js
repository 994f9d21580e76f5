/** What the page's address asks for: the language, the kiosk and its options. */

import { LANGUAGES, texts } from '../texts/texts.js';

const MAX_TEXT_LENGTH = 120; // in characters
const PIN = /^\d{4,8}$/;
/** The message that each parameter replaces, a key of `texts.kiosk`. */
const TEXTS = {
  'text-idle': 'noFace',
  'text-welcome': 'with_mask',
  'text-please': 'without_mask',
  'text-incorrect': 'incorrect_mask',
  'text-unsure': 'unsure',
  'text-closer': 'too_small',
  'text-face': 'face',
  'text-light': 'light',
  'text-staff': 'staff',
};
const KIOSK = ['kiosk', 'camera', 'logo', 'speak', 'volume', 'pin', ...Object.keys(TEXTS)];

/**
 * @typedef {object} KioskOptions
 * @property {string} camera part of the camera's name; empty for any
 * @property {Record<string, string>} phrases own messages, by key of `texts.kiosk`
 * @property {string | undefined} logo its alternative text; undefined without a logo
 * @property {boolean} speak whether messages are read aloud
 * @property {number | undefined} volumePercent of speech and alert sound, 0 to 100
 * @property {string} pin digits that leave the kiosk; empty if a long press suffices
 */

/**
 * @param {string} search the query of the page's address, without problems
 * @returns {KioskOptions | undefined} undefined unless it asks for a kiosk
 */
export function kioskOptions(search) {
  const query = new URLSearchParams(search);
  if (!query.has('kiosk')) return undefined;
  const own = Object.entries(TEXTS).filter(([name]) => query.has(name));
  return {
    camera: query.get('camera') ?? '',
    phrases: Object.fromEntries(own.map(([name, key]) => [key, query.get(name)?.trim() ?? ''])),
    logo: query.get('logo') ?? undefined,
    speak: query.has('speak'),
    volumePercent: query.has('volume') ? Number(query.get('volume')) : undefined,
    pin: query.get('pin') ?? '',
  };
}

/**
 * What is wrong with an address, one sentence for each parameter.
 * @param {string} search the query of the page's address
 * @returns {string[]}
 */
export function addressProblems(search) {
  const query = new URLSearchParams(search);
  const checked = [...query].filter(([name]) => name === 'lang' || query.has('kiosk'));
  return checked.map(([name, value]) => problemOf(name, value)).filter((problem) => problem !== '');
}

/**
 * @param {string} name of a parameter
 * @param {string} value
 * @returns {string} empty if it is valid
 */
function problemOf(name, value) {
  const { address } = texts;
  if (name === 'lang') return isLanguage(value) ? '' : address.lang(value, Object.keys(LANGUAGES));
  if (!KIOSK.includes(name)) return address.unknown(name);
  if (name === 'pin') return PIN.test(value) ? '' : address.pin;
  if (name === 'volume') return isPercent(value) ? '' : address.volume(value);
  return name in TEXTS && !isMessage(value) ? address.text(name, MAX_TEXT_LENGTH) : '';
}

/** @param {string} value */
function isMessage(value) {
  const { length } = value.trim();
  return length > 0 && length <= MAX_TEXT_LENGTH;
}

/** @param {string} value a tag such as `de-AT` */
function isLanguage(value) {
  return Object.hasOwn(LANGUAGES, value.split('-')[0].toLowerCase());
}

/** @param {string} value */
function isPercent(value) {
  return /^\d{1,3}$/.test(value) && Number(value) <= 100;
}

/**
 * The address without the kiosk and its options.
 * @param {string} search
 */
export function withoutKiosk(search) {
  const query = new URLSearchParams(search);
  for (const name of KIOSK) query.delete(name);
  return `${query}` && `?${query}`;
}
