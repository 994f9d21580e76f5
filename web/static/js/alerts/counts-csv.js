/** The counts of each hour as a table for spreadsheets. */

import { csvOf, withoutFormula } from '../csv.js';
import { localIso } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { COUNTS } from '../tracking/hours.js';

/** @import { HourCounts } from '../tracking/hours.js' */

/** @type {Record<string, string>} by code */
const WORDS = {
  ...texts.words,
  time: texts.alerts.when,
  people: texts.counts.people,
  put_on_after_alert: texts.counts.putOn,
  watched_seconds: texts.counts.watched,
};

/**
 * One row per hour: local time of its start, counts, and for how long the camera was watched. The
 * header has the page's words, each with its code.
 * @param {HourCounts[]} hours
 */
export function countsCsv(hours) {
  const codes = ['time', ...COUNTS, 'watched_seconds'];
  const header = codes.map((code) => withoutFormula(`${WORDS[code]} (${code})`));
  const rows = hours.map((hour) => [
    localIso(hour.hourMs),
    ...COUNTS.map((name) => `${hour[name]}`),
    `${Math.round(hour.watchedMs / 1000)}`,
  ]);
  return csvOf([header, ...rows]);
}
