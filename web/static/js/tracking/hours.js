/** Counts of people per hour, and their sums per day. Pure: no clock, no page. */

import { DEFINITE_LABELS, UNSURE } from '../labels.js';
import { HOUR_MS, dayStart, hourStart } from '../local-time.js';

/**
 * Number of people in an hour: in total, by label (`unsure` never got a definite one), and of those
 * who put their mask on after an alert.
 * @typedef {object} People
 * @property {number} people
 * @property {number} with_mask
 * @property {number} without_mask
 * @property {number} incorrect_mask
 * @property {number} unsure
 * @property {number} put_on_after_alert
 */

/**
 * @typedef {object} Times
 * @property {number} hourMs start of the local hour, or of the day for sums; Unix time in
 *   milliseconds
 * @property {number} sinceMs when counting began in it; infinite if it did not
 * @property {number} watchedMs how long the camera was watched
 */

/** @typedef {People & Times} HourCounts */

/** @typedef {{atMs: number, name: keyof People | 'watchedMs', step: number}} Change at `atMs` */

/**
 * What the page shows; all days and hours are local.
 * @typedef {object} Overview
 * @property {HourCounts} today
 * @property {HourCounts[]} hours each hour of today: 24, or one fewer or more when clocks change
 * @property {HourCounts[]} days today and the days before, latest first
 */

export const COUNTS = /** @type {const} */ ([
  'people', ...DEFINITE_LABELS, UNSURE, 'put_on_after_alert',
]);
const DAYS = 7; // of the overview

/**
 * @param {number} hourMs
 * @returns {HourCounts}
 */
function emptyHour(hourMs) {
  const counts = /** @type {People} */ (Object.fromEntries(COUNTS.map((name) => [name, 0])));
  return { hourMs, sinceMs: Infinity, watchedMs: 0, ...counts };
}

/**
 * The hour of a change, with nothing but this change.
 * @param {Change} change
 * @returns {HourCounts}
 */
export function hourOf({ atMs, name, step }) {
  return { ...emptyHour(hourStart(atMs)), sinceMs: atMs, [name]: step };
}

/**
 * The sum of two hours, with the start of the first one.
 * @param {HourCounts} one
 * @param {HourCounts} other
 * @returns {HourCounts}
 */
export function plus(one, other) {
  const sums = COUNTS.map((name) => [name, one[name] + other[name]]);
  return {
    ...one,
    ...Object.fromEntries(sums),
    sinceMs: Math.min(one.sinceMs, other.sinceMs),
    watchedMs: one.watchedMs + other.watchedMs,
  };
}

/**
 * Join two lists, adding the counts of hours that are in both.
 * @param {HourCounts[]} hours
 * @param {HourCounts[]} others
 * @returns {HourCounts[]} one per hour, oldest first
 */
export function merge(hours, others) {
  const merged = new Map(hours.map((hour) => [hour.hourMs, hour]));
  for (const hour of others) {
    const known = merged.get(hour.hourMs);
    merged.set(hour.hourMs, known ? plus(known, hour) : hour);
  }
  return [...merged.values()].toSorted((a, b) => a.hourMs - b.hourMs);
}

/**
 * The earliest time that the overview needs.
 * @param {number} nowMs
 */
export function overviewStart(nowMs) {
  return dayStart(nowMs, 1 - DAYS);
}

/**
 * @param {HourCounts[]} hours since `overviewStart`, or earlier
 * @param {number} nowMs
 * @returns {Overview}
 */
export function overview(hours, nowMs) {
  const days = Array.from({ length: DAYS }, (_, i) => {
    return sum(hours, dayStart(nowMs, -i), dayStart(nowMs, 1 - i));
  });
  const [today] = days;
  const count = Math.ceil((dayStart(nowMs, 1) - today.hourMs) / HOUR_MS);
  const ofToday = Array.from({ length: count }, (_, i) => {
    const startMs = today.hourMs + i * HOUR_MS;
    return sum(hours, startMs, startMs + HOUR_MS);
  });
  return { today, hours: ofToday, days };
}

/**
 * The share of masked people among those with a definite label.
 * @param {People} counts
 * @returns {number | null} 0 to 1; null without any
 */
export function maskedShare(counts) {
  const classified = DEFINITE_LABELS.reduce((total, name) => total + counts[name], 0);
  return classified > 0 ? counts.with_mask / classified : null;
}

/**
 * @param {HourCounts[]} hours
 * @param {number} startMs
 * @param {number} endMs exclusive
 */
function sum(hours, startMs, endMs) {
  const inside = hours.filter(({ hourMs }) => hourMs >= startMs && hourMs < endMs);
  return inside.reduce(plus, emptyHour(startMs));
}
