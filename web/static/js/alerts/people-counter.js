/** Counts people per hour, stores the counts and shows them. */

import { dayStart } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { AfterAlerts } from '../tracking/after-alerts.js';
import { COUNTS, hourOf, merge, overview, overviewStart } from '../tracking/hours.js';
import { TALLY, Tally } from '../tracking/tally.js';
import { CountsView, save } from '../view/view.js';
import { countsCsv } from './counts-csv.js';
import { CountsStore } from './counts-store.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Change, HourCounts } from '../tracking/hours.js' */
/** @import { Track } from '../tracking/track.js' */

const SHOW_INTERVAL_MS = 1000;
/** Least time between two writes. */
export const WRITE_INTERVAL_MS = 3000;
/** The same while only the time that the camera is watched has changed. */
export const IDLE_WRITE_INTERVAL_MS = 60_000;

export class PeopleCounter {
  #store;
  #view;
  #tally = new Tally();
  #afterAlerts = new AfterAlerts();
  /** @type {number | undefined} */
  #updatedMs; // undefined while the camera is not watched
  #shownMs = -Infinity;
  #writtenMs = -Infinity;
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
    this.refresh();
    this.#refreshDaily();
  }

  /** Prepare for a camera that starts: the tracks of the one before have ended. */
  start() {
    this.#tally = new Tally();
    this.#afterAlerts = new AfterAlerts();
    this.#show();
  }

  /**
   * @param {Pick<Track, 'id' | 'label'>[]} tracks of the latest frame, those that count
   * @param {AlertEvent[]} events of the alert rule in this frame
   * @param {number} nowMs on any clock that does not go back
   */
  update(tracks, events, nowMs) {
    const changes = this.#changes(tracks, events, nowMs);
    this.#pending = changes.map(hourOf).reduce((all, hour) => merge(all, [hour]), this.#pending);
    if (nowMs - this.#shownMs >= SHOW_INTERVAL_MS) {
      this.#shownMs = nowMs;
      this.#show();
    }
    const intervalMs = this.#pending.some(hasPeople) ? WRITE_INTERVAL_MS : IDLE_WRITE_INTERVAL_MS;
    if (nowMs - this.#writtenMs >= intervalMs) {
      this.#writtenMs = nowMs;
      this.write();
    }
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
    return this.#enqueue(() => this.#write(), texts.counts.notKept);
  }

  /** Show what is stored, also by other tabs, and what is today. */
  refresh() {
    return this.#enqueue(() => this.#load(), texts.counts.notKept);
  }

  /** Show the new day when it begins, also while no frames arrive. */
  #refreshDaily() {
    const nowMs = Date.now();
    setTimeout(() => {
      this.refresh();
      this.#refreshDaily();
    }, dayStart(nowMs, 1) - nowMs);
  }

  get #hours() {
    return merge(merge(this.#stored, this.#writing), this.#pending);
  }

  /**
   * What a frame changes; the parameters are those of `update`.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {AlertEvent[]} events
   * @param {number} nowMs
   * @returns {Change[]}
   */
  #changes(tracks, events, nowMs) {
    const atMs = Date.now();
    /** @type {Change[]} */
    const changes = [...this.#watch(nowMs, atMs), ...this.#tally.update(tracks, nowMs, atMs)];
    for (const id of this.#afterAlerts.update(tracks, events, nowMs)) {
      const countedAtMs = this.#tally.countedAtMs(id) ?? atMs;
      changes.push({ atMs: countedAtMs, name: 'put_on_after_alert', step: 1 });
    }
    return changes;
  }

  /**
   * The time since the frame before, unless there was none for long.
   * @param {number} nowMs
   * @param {number} atMs Unix time
   * @returns {Change[]}
   */
  #watch(nowMs, atMs) {
    const step = nowMs - (this.#updatedMs ?? nowMs);
    this.#updatedMs = nowMs;
    return step > 0 && step <= TALLY.maxGapMs ? [{ atMs, name: 'watchedMs', step }] : [];
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
      this.#afterAlerts = new AfterAlerts();
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
    this.#view.show(overview(this.#hours, Date.now()));
  }
}

/** @param {HourCounts} hour */
function hasPeople(hour) {
  return COUNTS.some((name) => hour[name] !== 0);
}
