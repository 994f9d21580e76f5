/** Turns the tracks of each frame into the summary sentence, alerts, counts and the log. */

import { ALERT_LABELS } from '../labels.js';
import { texts } from '../texts/texts.js';
import { AlertRule } from '../tracking/alerts.js';
import { AlertsView, MAX_ROWS, save } from '../view/view.js';
import { AlertLog } from './alert-log.js';
import { AlertPictures } from './alert-pictures.js';
import { Announcer } from './announcer.js';
import { Debouncer } from './debouncer.js';
import { DEBOUNCE_MS, KioskMessage } from './kiosk-message.js';
import { DesktopNotifier } from './notifier.js';
import { PeopleCounter } from './people-counter.js';
import { Sound } from './sound.js';

/** @import { Speaker } from './speaker.js' */
/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Settings, SettingsStore } from './settings.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */

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
  #phrases = texts.kiosk;
  #kiosk = new KioskMessage(this.#phrases);
  /** @type {Speaker | undefined} */
  #speaker;
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
    this.#announcer = new Announcer((text) => view.announce(text));
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
   * @param {boolean} [demo] whether nobody is in view, so that nothing is counted or logged
   */
  start(demo = false) {
    this.#demo = demo;
    this.#summary = new Debouncer(DEBOUNCE_MS);
    this.#resetKiosk();
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
    this.#announce(summary, labels);
    this.#showMessage(this.#kiosk.update(tracks, nowMs), nowMs);
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
    this.#resetKiosk();
    if (cameraOff) this.#announcer.update('');
    this.#counter.stop(cameraOff);
  }

  /** @param {boolean} hidden whether the page was hidden, and may be closed; or is shown again */
  hide(hidden) {
    if (hidden) this.#counter.write();
    else this.#counter.refresh();
  }

  /**
   * Announce the result, unless the user does not want that or everyone raises an alert, which
   * announces itself.
   * @param {string} summary that is shown
   * @param {string[]} labels one per face
   */
  #announce(summary, labels) {
    if (summary !== texts.summary(labels)) return; // about to change
    const alerting = labels.length > 0 && labels.every((label) => ALERT_LABELS.includes(label));
    this.#announcer.update(alerting || !this.#store.current.announce ? '' : summary);
  }

  /** Reset the kiosk message for the next person. */
  #resetKiosk() {
    this.#kiosk = new KioskMessage(this.#phrases);
    this.#speaker?.update('', performance.now());
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
