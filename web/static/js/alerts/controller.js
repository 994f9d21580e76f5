/** What follows from what is seen: the sentence, alerts, counts, the log. */

import { AlertRule } from '../tracking/alerts.js';
import { BY_SEVERITY } from '../labels.js';
import { AlertLog } from './alert-log.js';
import { DesktopNotifier } from './notifier.js';
import { Sound } from './sound.js';
import { Debouncer } from './debouncer.js';
import { Tally } from '../tracking/tally.js';
import { texts } from '../texts/texts.js';
import { AlertsView, CountsView, save } from '../view/view.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Settings, SettingsStore } from './settings.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */

const SETTLED_AFTER = 300; // ms that a change must last to be told
const MINUTES = 10; // of the chart
const COUNTED_EVERY = 1000; // ms

export class AlertController {
  muted = false;
  #view;
  #store;
  #rule = new AlertRule();
  #tally = new Tally();
  #log;
  #sound = new Sound();
  #notifier;
  #alerts;
  #counts;
  #seen = new Debouncer(SETTLED_AFTER);
  #gravest = new Debouncer(SETTLED_AFTER);
  #counted = 0; // when the counts were last shown

  /**
   * @param {View} view
   * @param {SettingsStore} store
   * @param {Pick<AlertLog, 'add' | 'all' | 'clear' | 'csv' | 'lasting'>} [log]
   */
  constructor(view, store, log = new AlertLog()) {
    this.#view = view;
    this.#store = store;
    this.#log = log;
    this.#notifier = new DesktopNotifier(globalThis.Notification, async () =>
      navigator.serviceWorker?.getRegistration(),
    );
    this.#counts = new CountsView(() => this.#countAnew());
    this.#alerts = new AlertsView({
      change: (change) => this.#change(change),
      trySound: async () => {
        if (await this.#sound.enable()) this.#sound.play();
      },
      download: () => this.#attempt(() => this.#download(), texts.alerts.notSaved),
      clear: () => this.#changeLog(() => log.clear(), texts.alerts.notCleared),
    });
    if (store.now.notification) this.#remember();
    this.#apply(store.now);
    this.#changeLog(async () => this.#alerts.kept(await log.lasting()));
  }

  /** Call it while a click is handled: only then does the browser let the page sound. */
  allowSound() {
    if (this.#store.now.sound) this.#sound.enable();
  }

  /** A camera is asked for. */
  begin() {
    this.#seen = new Debouncer(SETTLED_AFTER);
    this.#resetKiosk();
    this.#showCounts();
  }

  /** @param {Track[]} tracks */
  see(tracks) {
    const now = Date.now();
    const labels = tracks.map(({ label }) => label);
    this.#view.summary(this.#seen.see(texts.faces(labels), now));
    const gravest = BY_SEVERITY.find((label) => labels.includes(label)) ?? 'nobody';
    const told = this.#gravest.see(gravest, now) || 'nobody';
    this.#view.stage.tell(texts.kiosk[told], told);
    this.#tell(this.#rule.update(tracks, now));
    this.#tally.update(tracks, now);
    if (now - this.#counted >= COUNTED_EVERY) this.#showCounts();
  }

  /**
   * Nothing is seen any more.
   * @param {boolean} off whether the camera is off, not only paused
   */
  end(off) {
    this.#tell(this.#rule.stop(Date.now()));
    this.#resetKiosk();
    if (off && this.#tally.totals.faces === 0) this.#counts.hide();
  }

  /** The big sentence is of no use to who comes now. */
  #resetKiosk() {
    this.#gravest = new Debouncer(SETTLED_AFTER);
    this.#view.stage.tell(texts.kiosk.unsure, 'unsure');
  }

  /** @param {boolean} muted whether alerts are only shown */
  mute(muted) {
    this.muted = muted;
    this.#sound.muted = muted;
  }

  /** @param {AlertEvent[]} events */
  #tell(events) {
    for (const event of events) {
      this.#changeLog(() => this.#log.add(event));
      if (event.type === 'begin') this.#call(event);
    }
    const { active } = this.#rule;
    this.#view.alert(active ? texts.warning([active.label]) : '');
    this.#view.stage.warn(active !== undefined);
  }

  /**
   * Change the log and show it.
   * @param {() => Promise<void>} change
   * @param {string} [problem] to tell if the browser refuses
   */
  #changeLog(change, problem = texts.alerts.notKept) {
    return this.#attempt(async () => {
      await change();
      this.#alerts.log((await this.#log.all()).toReversed());
    }, problem);
  }

  async #download() {
    save(new Blob([await this.#log.csv()], { type: 'text/csv' }), 'alerts.csv');
  }

  /**
   * Do something with what the browser keeps. If it refuses, the log is as it was; the alerts
   * themselves were told.
   * @param {() => Promise<void>} work
   * @param {string} problem to tell then
   */
  async #attempt(work, problem) {
    try {
      await work();
      this.#alerts.problem('');
    } catch {
      this.#alerts.problem(problem);
    }
  }

  /** @param {AlertEvent} event */
  #call({ label }) {
    if (this.#store.now.sound) this.#sound.play();
    if (!this.muted) this.#notifier.tell(texts.page.title, texts.warning([label]));
  }

  /** @param {Partial<Settings>} change */
  async #change(change) {
    if (change.sound) this.#sound.enable(); // while the user's click is handled
    let allowed = change;
    if (change.notification !== undefined) {
      const permission = await this.#notifier.turn(change.notification);
      allowed = { ...change, notification: this.#notifier.on };
      this.#alerts.refused(change.notification && permission !== 'granted');
    }
    this.#apply(this.#store.change(allowed));
  }

  /** @param {Settings} settings */
  #apply(settings) {
    const { frames, of, coolDown } = settings;
    this.#rule.options = { ...this.#rule.options, frames, of, coolDown: coolDown * 1000 };
    this.#alerts.show(settings);
  }

  /** Notifications that were switched on, as long as the browser still allows them. */
  #remember() {
    if (this.#notifier.permission === 'granted') this.#notifier.turn(true);
    else this.#store.change({ notification: false });
  }

  #showCounts() {
    this.#counted = Date.now();
    this.#counts.show(this.#tally.totals, this.#tally.series(this.#counted, MINUTES), MINUTES);
  }

  #countAnew() {
    this.#tally.reset();
    this.#showCounts();
  }
}
