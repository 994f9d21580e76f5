/** The words of the columns in CSV files. */

import { texts } from '../texts/texts.js';

/** @type {Record<string, string>} by code */
export const COLUMN_WORDS = {
  ...texts.words,
  ...texts.columns,
  time: texts.alerts.when,
  verdict: texts.photo.verdict,
  label: texts.photo.verdict,
  probability: texts.photo.probability,
  model: texts.page.model,
  duration_seconds: texts.alerts.duration,
  people: texts.counts.people,
  put_on_after_alert: texts.counts.putOn,
  watched_seconds: texts.counts.watched,
};
