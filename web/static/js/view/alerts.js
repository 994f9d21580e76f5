/** The settings and the log of alerts. */

import { texts } from '../texts/texts.js';
import { listenToChoices, showChoices } from './choices.js';
import { onConfirmedClick } from './confirm.js';
import { LogTable } from './log-table.js';
import { part, write } from './parts.js';
import { ZoneFields } from './zone-fields.js';

/** @import { LogEntry } from '../alerts/alert-log.js' */
/** @import { Settings } from '../alerts/settings.js' */
/** @import { Correct } from './log-table.js' */

const SWITCHES = /** @type {const} */ (['sound', 'notification', 'announce']);

/** @param {string} name of a setting */
const field = (name) => part(`set-${name}`, HTMLInputElement);

export class AlertsView {
  #table;
  #zone;

  /**
   * @param {object} actions
   * @param {(change: Partial<Settings>) => void} actions.change the settings
   * @param {() => void} actions.trySound
   * @param {() => void} actions.download the log
   * @param {() => void} actions.clear the log
   * @param {Correct} actions.correct an entry of the log
   */
  constructor({ change, trySound, download, clear, correct }) {
    this.#table = new LogTable(correct);
    part('alerts').hidden = false;
    part('settings').addEventListener('submit', (event) => event.preventDefault());
    listenToChoices(change);
    this.#zone = new ZoneFields(change);
    for (const name of SWITCHES) {
      field(name).addEventListener('change', () => change({ [name]: field(name).checked }));
    }
    part('try-sound').addEventListener('click', trySound);
    part('log-download').addEventListener('click', download);
    const { clear: text, confirmClear } = texts.alerts;
    onConfirmedClick(part('log-clear'), text, confirmClear, () => {
      clear();
      part('log-details').querySelector('summary')?.focus(); // the button is gone
    });
  }

  /** @param {Settings} settings */
  showSettings(settings) {
    showChoices(settings);
    this.#zone.show(settings);
    for (const name of SWITCHES) field(name).checked = settings[name];
    part('mute').hidden = !settings.sound && !settings.notification;
  }

  /** @param {boolean} blocked whether the browser blocks notifications */
  showBlocked(blocked) {
    write(part('notification-blocked'), blocked ? texts.alerts.blocked : '');
  }

  /** @param {string} text what failed with the log; empty if nothing did */
  showProblem(text) {
    write(part('log-problem'), text);
  }

  /** @param {boolean} persistent whether the log outlives the page */
  showPersistence(persistent) {
    write(part('log-kept'), persistent ? texts.alerts.kept : texts.alerts.keptForNow);
  }

  /**
   * @param {LogEntry[]} entries the latest ones, latest first, at most `MAX_ROWS`
   * @param {number} count of all entries
   * @param {Map<string, Blob>} pictures by `keyOf` of their entries
   */
  showLog(entries, count, pictures) {
    part('log-empty').hidden = count > 0;
    part('log-filled').hidden = count === 0;
    write(part('log-count'), count ? `${count}` : '');
    const older = count - entries.length;
    write(part('log-older'), older > 0 ? texts.alerts.older(older) : '');
    this.#table.show(entries, pictures);
  }
}
