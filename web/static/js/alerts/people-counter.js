/** Counts people per hour, stores the counts and shows them. */

import { texts } from '../texts/texts.js';
import { hourOf, merge, overview, overviewStart } from '../tracking/hours.js';
import { Reminders } from '../tracking/reminders.js';
import { TALLY, Tally } from '../tracking/tally.js';
import { CountsView, save } from '../view/view.js';
import { countsCsv } from './counts-csv.js';
import { CountsStore } from './counts-store.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Change, HourCounts } from '../tracking/hours.js' */
/** @import { Track } from '../tracking/track.js' */

const SHOW_INTERVAL_MS = 1000;
export const WRITE_INTERVAL_MS = 3000;

export class PeopleCounter {
  #store;
  #view;
  #tally = new Tally();
  #reminders = new Reminders();
  /** @type {number | undefined} */
  #updatedMs; // undefined while the camera is not watched
  #shownMs = 0;
  #writtenMs = 0;
  /** @type {HourCounts[]} */
  #stored = []; // of the days that are shown
  /** @type {HourCounts[]} */
  #writing = [];
  /** @type {HourCounts[]} */
  #pending = []; // not written yet
  #queue = Promise.resolve(); // uses of the store, one at a time

  /** @param {Pick<CountsStore, 'add' | 'since' | 'clear' | 'isPersistent'>} [store] */
  constructor(store = new CountsStore()) {
    this.#store = store;
    this.#view = new CountsView({ reset: () => this.#reset(), download: () => this.#download() });
    this.#enqueue(() => this.#load(), texts.counts.notKept);
  }

  /** Prepare for a camera that starts: the tracks of the one before have ended. */
  start() {
    this.#tally = new Tally();
    this.#reminders = new Reminders();
    this.#writtenMs = Date.now();
    this.#show();
  }

  /**
   * @param {Pick<Track, 'id' | 'label'>[]} tracks of the latest frame, those that count
   * @param {AlertEvent[]} events of the alert rule in this frame
   * @param {number} nowMs Unix time in milliseconds
   */
  update(tracks, events, nowMs) {
    /** @type {Change[]} */
    const changes = [...this.#watch(nowMs), ...this.#tally.update(tracks, nowMs)];
    for (const id of this.#reminders.update(tracks, events, nowMs)) {
      const atMs = this.#tally.countedMs(id) ?? nowMs;
      changes.push({ atMs, name: 'put_on_after_reminder', step: 1 });
    }
    this.#pending = changes.map(hourOf).reduce((all, hour) => merge(all, [hour]), this.#pending);
    if (nowMs - this.#shownMs >= SHOW_INTERVAL_MS) this.#show();
    if (nowMs - this.#writtenMs >= WRITE_INTERVAL_MS) this.write();
  }

  /**
   * Store the counts: no frames follow for now.
   * @param {boolean} cameraOff false if it is only paused
   */
  stop(cameraOff) {
    this.#updatedMs = undefined;
    this.write();
    if (cameraOff && this.#hours.length === 0) this.#view.hide();
  }

  /** Store what is not stored yet. If that fails, it is tried again with the next counts. */
  write() {
    this.#writtenMs = Date.now();
    return this.#enqueue(() => this.#write(), texts.counts.notKept);
  }

  get #hours() {
    return merge(merge(this.#stored, this.#writing), this.#pending);
  }

  /**
   * The time since the frame before, unless there was none for long.
   * @param {number} nowMs
   * @returns {Change[]}
   */
  #watch(nowMs) {
    const step = nowMs - (this.#updatedMs ?? nowMs);
    this.#updatedMs = nowMs;
    return step > 0 && step <= TALLY.maxGapMs ? [{ atMs: nowMs, name: 'watchedMs', step }] : [];
  }

  async #load() {
    this.#stored = await this.#store.since(overviewStart(Date.now()));
    if (this.#hours.length > 0) this.#show();
    this.#view.showPersistence(await this.#store.isPersistent());
  }

  async #write() {
    if (this.#pending.length === 0) return;
    this.#writing = this.#pending;
    this.#pending = [];
    try {
      await this.#store.add(this.#writing);
      this.#stored = merge(this.#stored, this.#writing);
    } catch (error) {
      this.#pending = merge(this.#writing, this.#pending);
      throw error;
    } finally {
      this.#writing = [];
    }
    this.#stored = await this.#store.since(overviewStart(Date.now())); // also by other tabs
  }

  #reset() {
    return this.#enqueue(async () => {
      await this.#store.clear();
      this.#stored = [];
      this.#pending = [];
      this.#tally = new Tally();
      this.#reminders = new Reminders();
      this.#show();
    }, texts.counts.notCleared);
  }

  #download() {
    return this.#enqueue(async () => {
      const hours = merge(await this.#store.since(), this.#pending);
      save(new Blob([countsCsv(hours)], { type: 'text/csv' }), 'counts.csv');
    }, texts.counts.notSaved);
  }

  /**
   * Use the store after earlier uses have ended. If that fails, counting goes on.
   * @param {() => Promise<void>} action
   * @param {string} problem shown if it fails
   */
  #enqueue(action, problem) {
    this.#queue = this.#queue.then(async () => {
      try {
        await action();
        this.#view.hideProblem(problem);
      } catch {
        this.#view.showProblem(problem);
      }
    });
    return this.#queue;
  }

  #show() {
    this.#shownMs = Date.now();
    this.#view.show(overview(this.#hours, this.#shownMs));
  }
}
