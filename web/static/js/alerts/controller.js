/** Turns the tracks of each frame into the summary sentence, alerts, counts and the log. */

import { texts } from '../texts/texts.js';
import { AlertRule } from '../tracking/alerts.js';
import { Tally } from '../tracking/tally.js';
import { AlertsView, CountsView, save } from '../view/view.js';
import { AlertLog } from './alert-log.js';
import { Debouncer } from './debouncer.js';
import { DEBOUNCE_MS, KioskMessage } from './kiosk-message.js';
import { DesktopNotifier } from './notifier.js';
import { Sound } from './sound.js';

/** @import { Speaker } from './speaker.js' */
/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Settings, SettingsStore } from './settings.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */

const CHART_MINUTES = 10;
const COUNT_INTERVAL_MS = 1000; // between updates of the counts

export class AlertController {
  #muted = false;
  #view;
  #store;
  #rule = new AlertRule();
  #tally = new Tally();
  #log;
  #sound = new Sound();
  #notifier;
  #alertsView;
  #countsView;
  #summary = new Debouncer(DEBOUNCE_MS);
  #phrases = texts.kiosk;
  #kiosk = new KioskMessage(this.#phrases);
  /** @type {Speaker | undefined} */
  #speaker;
  #countsShownMs = 0;

  /**
   * @param {View} view
   * @param {SettingsStore} store
   * @param {Pick<AlertLog, 'add' | 'all' | 'clear' | 'csv' | 'isPersistent'>} [log]
   */
  constructor(view, store, log = new AlertLog()) {
    this.#view = view;
    this.#store = store;
    this.#log = log;
    this.#notifier = new DesktopNotifier(globalThis.Notification, async () =>
      navigator.serviceWorker?.getRegistration(),
    );
    this.#countsView = new CountsView(() => this.#resetCounts());
    this.#alertsView = new AlertsView({
      change: (change) => this.change(change),
      trySound: async () => {
        if (await this.#sound.enable()) this.#sound.play();
      },
      download: () => this.#attempt(() => this.#download(), texts.alerts.notSaved),
      clear: () => this.#changeLog(() => log.clear(), texts.alerts.notCleared),
    });
    if (store.current.notification) this.#restoreNotifications();
    this.#apply(store.current);
    this.#changeLog(async () => this.#alertsView.showPersistence(await log.isPersistent()));
  }

  /** Must be called while a click is handled: only then does the browser allow sound. */
  enableSound() {
    if (this.#store.current.sound) this.#sound.enable();
  }

  /** Prepare for a camera that starts. */
  start() {
    this.#summary = new Debouncer(DEBOUNCE_MS);
    this.#resetKiosk();
    this.#showCounts();
  }

  /**
   * @param {Track[]} allTracks of the latest frame
   * @param {{width: number, height: number}} picture
   */
  update(allTracks, picture) {
    const now = Date.now();
    const tracks = allTracks.filter(({ box }) => this.#view.stage.counts(box, picture));
    const labels = tracks.map(({ label }) => label);
    this.#view.summary(this.#summary.update(texts.summary(labels), now));
    this.#showMessage(this.#kiosk.update(tracks, now), now);
    this.#report(this.#rule.update(tracks, now));
    this.#tally.update(tracks, now);
    if (now - this.#countsShownMs >= COUNT_INTERVAL_MS) this.#showCounts();
  }

  /**
   * End all alerts: no frames follow for now.
   * @param {boolean} cameraOff false if it is only paused
   */
  stop(cameraOff) {
    this.#report(this.#rule.stop(Date.now()));
    this.#resetKiosk();
    if (cameraOff && this.#tally.totals.faces === 0) this.#countsView.hide();
  }

  /** Reset the kiosk message for the next person. */
  #resetKiosk() {
    this.#kiosk = new KioskMessage(this.#phrases);
    this.#speaker?.update('', Date.now());
    this.#view.screen.showMessage(this.#phrases.unsure, 'unsure');
  }

  /** Show the message for a kiosk that does not work. */
  askStaff() {
    this.#view.screen.showMessage(this.#phrases.staff, 'unsure');
  }

  /**
   * Show a message, and read it aloud if someone is there.
   * @param {{text: string, label: string}} message
   * @param {number} nowMs
   */
  #showMessage({ text, label }, nowMs) {
    this.#view.screen.showMessage(text, label);
    this.#speaker?.update(label === 'noFace' ? '' : text, nowMs);
  }

  /**
   * @param {Record<string, string>} phrases own messages, by key of `texts.kiosk`
   * @param {Speaker} [speaker] who reads them aloud
   */
  setKiosk(phrases, speaker) {
    this.#phrases = { ...texts.kiosk, ...phrases };
    this.#speaker = speaker;
  }

  /** @param {number} volumePercent of the alert sound, instead of that of the settings */
  setVolume(volumePercent) {
    this.#sound.volumePercent = volumePercent;
  }

  /** @param {boolean} muted whether alerts are shown without sound and notification */
  mute(muted) {
    this.#muted = muted;
    this.#sound.muted = muted;
  }

  /** @param {AlertEvent[]} events */
  #report(events) {
    const warning = texts.warning(this.#rule.active.map(({ label }) => label));
    for (const event of events) {
      if (event.type === 'notify') this.#notify(warning);
      else this.#changeLog(() => this.#log.add(event));
    }
    this.#view.alert(warning);
    this.#view.stage.highlight(warning !== '');
  }

  /**
   * Change the log and show it.
   * @param {() => Promise<void>} change
   * @param {string} [problem] shown if the browser refuses
   */
  #changeLog(change, problem = texts.alerts.notKept) {
    return this.#attempt(async () => {
      await change();
      this.#alertsView.showLog((await this.#log.all()).toReversed());
    }, problem);
  }

  async #download() {
    save(new Blob([await this.#log.csv()], { type: 'text/csv' }), 'alerts.csv');
  }

  /**
   * Use browser storage. If that fails, the log stays as it was and alerts still work.
   * @param {() => Promise<void>} action
   * @param {string} problem shown if it fails
   */
  async #attempt(action, problem) {
    try {
      await action();
      this.#alertsView.showProblem('');
    } catch {
      this.#alertsView.showProblem(problem);
    }
  }

  /** @param {string} warning */
  #notify(warning) {
    if (this.#store.current.sound) this.#sound.play();
    if (!this.#muted) this.#notifier.notify(texts.page.title, warning);
  }

  /**
   * Change settings, as far as the browser allows.
   * @param {Partial<Settings>} change
   */
  async change(change) {
    if (change.sound) this.#sound.enable(); // while the user's click is handled
    let allowed = change;
    if (change.notification !== undefined) {
      const permission = await this.#notifier.setEnabled(change.notification);
      allowed = { ...change, notification: this.#notifier.enabled };
      this.#alertsView.showBlocked(change.notification && permission !== 'granted');
    }
    this.#apply(this.#store.update(allowed));
  }

  /** @param {Settings} settings */
  #apply(settings) {
    const { minFrames, window, cooldownS } = settings;
    this.setVolume(settings.volumePercent);
    const cooldownMs = cooldownS * 1000;
    this.#rule.options = { ...this.#rule.options, minFrames, window, cooldownMs };
    this.#alertsView.showSettings(settings);
    this.#view.stage.setZone(settings);
  }

  /** Enable notifications again if the browser still allows them. */
  #restoreNotifications() {
    if (this.#notifier.permission === 'granted') this.#notifier.setEnabled(true);
    else this.#store.update({ notification: false });
  }

  #showCounts() {
    this.#countsShownMs = Date.now();
    const series = this.#tally.series(this.#countsShownMs, CHART_MINUTES);
    this.#countsView.show(this.#tally.totals, series, CHART_MINUTES);
  }

  #resetCounts() {
    this.#tally.reset();
    this.#showCounts();
  }
}
