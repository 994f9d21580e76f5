/** The counts of each hour as a table for spreadsheets. */

import { csvOf, headerOf } from '../csv.js';
import { localIso } from '../local-time.js';
import { COUNTS } from '../tracking/hours.js';
import { COLUMN_WORDS } from './columns.js';

/** @import { HourCounts } from '../tracking/hours.js' */

/**
 * One row per hour: local time of its start, counts, and for how long the camera was watched. The
 * header has the page's words, each with its code.
 * @param {HourCounts[]} hours
 */
export function countsCsv(hours) {
  const codes = ['time', ...COUNTS, 'watched_seconds'];
  const rows = hours.map((hour) => [
    localIso(hour.hourMs),
    ...COUNTS.map((name) => `${hour[name]}`),
    `${Math.round(hour.watchedMs / 1000)}`,
  ]);
  return csvOf([headerOf(codes, COLUMN_WORDS), ...rows]);
}
