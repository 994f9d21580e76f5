/** A log of alerts for tests of the page. */

/** @import { AlertEvent } from '../../../web/static/js/tracking/alerts.js' */
/** @import { EntryKey, LogEntry } from '../../../web/static/js/alerts/alert-log.js' */

/** A log in a browser that refuses what the test chooses. */
export class FakeLog {
  /** @type {Set<string>} names of refused methods */
  refused = new Set();
  /** @type {LogEntry[]} */
  entries = [];
  persistent = true;

  /** @param {AlertEvent} event */
  async add({ type, face, label, atMs, durationMs }) {
    this.#allow('add');
    const others = this.entries.filter((entry) => entry.face !== face);
    const lastedMs = type === 'end' ? durationMs : null;
    const entry = { atMs: atMs - durationMs, face, label, durationMs: lastedMs };
    this.entries = [...others, entry];
  }

  /** @param {number} maxEntries */
  async latest(maxEntries) {
    this.#allow('latest');
    const { length: count } = this.entries;
    const startMs = this.entries[0]?.atMs ?? Infinity;
    return { entries: this.entries.slice(-maxEntries).toReversed(), count, startMs };
  }

  async corrected() {
    return [];
  }

  async clear() {
    this.#allow('clear');
    this.entries = [];
  }

  /** @type {(key: EntryKey, corrected: string | undefined) => Promise<void>} */
  async correct({ face }, corrected) {
    this.entries = this.entries.map((entry) => (entry.face === face ? { ...entry, corrected } : entry));
  }

  async csv() {
    this.#allow('csv');
    return 'time';
  }

  async isPersistent() {
    return this.persistent;
  }

  /** @param {string} name */
  #allow(name) {
    if (this.refused.has(name)) throw new DOMException('', 'UnknownError');
  }
}
