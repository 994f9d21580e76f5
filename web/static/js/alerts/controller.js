/** Turns the tracks of each frame into the summary sentence, alerts, counts and the log. */

import { ALERT_LABELS } from '../labels.js';
import { texts } from '../texts/texts.js';
import { AlertRule } from '../tracking/alerts.js';
import { AlertsView, MAX_ROWS, save } from '../view/view.js';
import { AlertLog } from './alert-log.js';
import { AlertPictures } from './alert-pictures.js';
import { Announcer } from './announcer.js';
import { Debouncer } from './debouncer.js';
import { DEBOUNCE_MS } from './kiosk-message.js';
import { KioskScreen } from './kiosk-screen.js';
import { DesktopNotifier } from './notifier.js';
import { PeopleCounter } from './people-counter.js';
import { Sound } from './sound.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Settings, SettingsStore } from './settings.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */

const RESULT_INTERVAL_MS = 3000; // least time between two announcements
const ALERT_INTERVAL_MS = 10_000;

export class AlertController {
  #muted = false;
  #view;
  #store;
  #rule = new AlertRule();
  #counter;
  #log;
  #pictures;
  #sound;
  #notifier;
  #alertsView;
  #summary = new Debouncer(DEBOUNCE_MS);
  #announcer;
  #alertAnnouncer;
  #demo = false;
  /** @type {Map<number, number>} starts of the alerts in progress by their ids; Unix time, ms */
  #startsMs = new Map();

  /**
   * @param {View} view
   * @param {SettingsStore} store
   * @param {Pick<AlertLog, 'add' | 'clear' | 'correct' | 'corrected' | 'csv' | 'isPersistent' | 'latest'>} [log]
   * @param {PeopleCounter} [counter]
   * @param {Sound} [sound]
   */
  constructor(
    view, store, log = new AlertLog(), counter = new PeopleCounter(), sound = new Sound(),
  ) {
    this.#view = view;
    this.#store = store;
    this.#log = log;
    this.#pictures = new AlertPictures(view, store, log, () => this.#changeLog());
    this.#counter = counter;
    this.#sound = sound;
    this.kiosk = new KioskScreen(view.screen);
    this.#announcer = new Announcer((text) => view.announce(text), RESULT_INTERVAL_MS);
    this.#alertAnnouncer = new Announcer((text) => view.interrupt(text), ALERT_INTERVAL_MS);
    this.#notifier = new DesktopNotifier(globalThis.Notification, async () =>
      navigator.serviceWorker?.getRegistration(),
    );
    this.#alertsView = new AlertsView({
      change: (change) => this.change(change),
      trySound: async () => {
        if (await this.#sound.enable()) this.#sound.play();
      },
      download: () => this.#attempt(() => this.#download(), texts.alerts.notSaved),
      clear: () => this.#changeLog(() => log.clear(), texts.alerts.notCleared),
      correct: (entry, corrected) => this.#changeLog(() => log.correct(entry, corrected)),
    });
    if (store.current.notification) this.#restoreNotifications();
    this.#apply(store.current);
    this.#changeLog(async () => this.#alertsView.showPersistence(await log.isPersistent()));
  }

  /** Must be called while a click is handled: only then does the browser allow sound. */
  enableSound() {
    if (this.#store.current.sound) this.#sound.enable();
  }

  /**
   * Prepare for a camera that starts.
   * @param {boolean} [demo] whether sample pictures are shown, so that nothing is counted or logged
   */
  start(demo = false) {
    this.#demo = demo;
    this.#summary = new Debouncer(DEBOUNCE_MS);
    this.kiosk.reset();
    if (!demo) this.#counter.start();
  }

  /**
   * @param {Track[]} allTracks of the latest frame
   * @param {{width: number, height: number}} picture
   */
  update(allTracks, picture) {
    const nowMs = performance.now();
    const tracks = allTracks.filter(({ box }) => this.#view.stage.counts(box, picture));
    const labels = tracks.map(({ label }) => label);
    const summary = this.#summary.update(texts.summary(labels), nowMs);
    this.#view.summary(summary);
    const message = this.kiosk.update(tracks, nowMs);
    if (this.#view.screen.on) this.#announce(message);
    else this.#announceResult(summary, labels);
    const events = this.#rule.update(tracks, nowMs);
    this.#report(events, tracks, picture);
    if (!this.#demo) this.#counter.update(tracks, events, nowMs);
  }

  /**
   * End all alerts: no frames follow for now.
   * @param {boolean} cameraOff false if it is only paused
   */
  stop(cameraOff) {
    this.#report(this.#rule.stop(performance.now()));
    this.kiosk.reset();
    if (cameraOff) this.#announcer.update('');
    this.#counter.stop(cameraOff);
  }

  /** @param {boolean} hidden whether the page was hidden, and may be closed; or is shown again */
  hide(hidden) {
    if (hidden) this.#counter.write();
    else this.#counter.refresh();
  }

  /**
   * Announce the result, unless everyone raises an alert, which is announced itself.
   * @param {string} summary that is shown
   * @param {string[]} labels one per face
   */
  #announceResult(summary, labels) {
    if (summary !== texts.summary(labels)) return; // about to change
    const alerting = labels.length > 0 && labels.every((label) => ALERT_LABELS.includes(label));
    this.#announce(alerting ? '' : summary);
  }

  /**
   * Announce a text, unless the user does not want that or the kiosk speaks.
   * @param {string} text
   */
  #announce(text) {
    this.#announcer.update(this.kiosk.speaks || !this.#store.current.announce ? '' : text);
  }

  /** @param {number} volumePercent of the alert sound, instead of that of the settings */
  setVolume(volumePercent) {
    this.#sound.volumePercent = volumePercent;
  }

  /** @param {boolean} muted whether alerts are shown without sound and notification */
  mute(muted) {
    this.#muted = muted;
  }

  /**
   * @param {AlertEvent[]} events
   * @param {Track[]} [tracks] of the frame
   * @param {{width: number, height: number}} [frame]
   */
  #report(events, tracks = [], frame = { width: 0, height: 0 }) {
    const warning = texts.warning(this.#rule.active.map(({ label }) => label));
    for (const event of events) {
      if (event.type === 'notify') this.#notify(warning);
      else if (!this.#demo) this.#logEvent(this.#dated(event), tracks, frame);
    }
    this.#view.alert(warning);
    if (warning === '') this.#alertAnnouncer.update('');
    this.#view.stage.highlight(warning !== '');
  }

  /**
   * The event with Unix time. The start of its alert, by which the log knows it, stays the same if
   * the computer's clock is set meanwhile.
   * @param {AlertEvent} event
   * @returns {AlertEvent}
   */
  #dated(event) {
    const { type, id, durationMs } = event;
    const startMs = this.#startsMs.get(id) ?? Date.now();
    if (type === 'end') this.#startsMs.delete(id);
    else this.#startsMs.set(id, startMs);
    return { ...event, atMs: startMs + durationMs };
  }

  /**
   * @param {AlertEvent} event with Unix time
   * @param {Track[]} tracks of the frame
   * @param {{width: number, height: number}} frame
   */
  #logEvent(event, tracks, frame) {
    const picture = this.#pictures.capture(event, tracks, frame);
    this.#changeLog(async () => {
      await this.#log.add(event);
      await this.#pictures.keep(await picture);
    });
  }

  /**
   * Change the log and show it.
   * @param {() => Promise<void>} [change]
   * @param {string} [problem] shown if the browser refuses
   */
  #changeLog(change = async () => {}, problem = texts.alerts.notKept) {
    return this.#attempt(async () => {
      await change();
      const latest = await this.#log.latest(MAX_ROWS);
      const pictures = await this.#pictures.of(latest);
      this.#alertsView.showLog(latest.entries, latest.count, pictures);
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
    if (!this.kiosk.speaks) this.#alertAnnouncer.update(warning);
    if (this.#muted) return;
    if (this.#store.current.sound) this.#sound.play();
    this.#notifier.notify(texts.page.title, warning);
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

  /** Follow another tab that has changed the settings. */
  reload() {
    this.#apply(this.#store.reload());
    return this.#pictures.follow();
  }

  /** @param {Settings} settings */
  #apply(settings) {
    const { afterS, cooldownS, volumePercent } = settings;
    this.#rule.options = { afterMs: afterS * 1000, cooldownMs: cooldownS * 1000 };
    this.setVolume(volumePercent);
    this.#alertsView.showSettings(settings);
    this.#view.stage.setZone(settings);
  }

  /** Enable notifications again if the browser still allows them. */
  #restoreNotifications() {
    if (this.#notifier.permission === 'granted') this.#notifier.setEnabled(true);
    else this.#store.update({ notification: false });
  }
}
