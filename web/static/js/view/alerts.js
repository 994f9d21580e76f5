/** The settings and the log of alerts. */

import { texts, language } from '../texts/texts.js';
import { make, part, write } from './parts.js';

/** @import { LogEntry } from '../alerts/alert-log.js' */
/** @import { Settings } from '../alerts/settings.js' */

const NUMBERS = /** @type {const} */ ([
  'minFrames', 'window', 'cooldownS',
  'minFacePercent', 'zoneLeft', 'zoneTop', 'zoneRight', 'zoneBottom',
]);
const SWITCHES = /** @type {const} */ (['sound', 'notification']);
const MAX_ROWS = 50; // of the table; the CSV file has all entries
const CONFIRM_MS = 4000; // in which a second click clears the log

const timeFormat = new Intl.DateTimeFormat(language, {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** @param {string} name of a setting */
const field = (name) => part(`set-${name}`, HTMLInputElement);

const volume = () => part('set-volumePercent', HTMLSelectElement);

export class AlertsView {
  #confirmTimer = 0;

  /**
   * @param {object} actions
   * @param {(change: Partial<Settings>) => void} actions.change the settings
   * @param {() => void} actions.trySound
   * @param {() => void} actions.download the log
   * @param {() => void} actions.clear the log
   */
  constructor({ change, trySound, download, clear }) {
    part('alerts').hidden = false;
    part('settings').addEventListener('submit', (event) => event.preventDefault());
    for (const name of NUMBERS) {
      field(name).addEventListener('change', () => {
        const { value, valueAsNumber } = field(name);
        change(value === '' ? {} : { [name]: valueAsNumber });
      });
    }
    for (const name of SWITCHES) {
      field(name).addEventListener('change', () => change({ [name]: field(name).checked }));
    }
    volume().addEventListener('change', () => change({ volumePercent: Number(volume().value) }));
    part('try-sound').addEventListener('click', trySound);
    part('log-download').addEventListener('click', download);
    part('log-clear').addEventListener('click', () => this.#confirmClear(clear));
    write(part('log-clear'), texts.alerts.clear);
  }

  /**
   * Clear the log on the second click.
   * @param {() => void} clear
   */
  #confirmClear(clear) {
    const button = part('log-clear');
    clearTimeout(this.#confirmTimer);
    if (button.textContent === texts.alerts.clear) {
      write(button, texts.alerts.confirmClear);
      this.#confirmTimer = window.setTimeout(() => write(button, texts.alerts.clear), CONFIRM_MS);
    } else {
      write(button, texts.alerts.clear);
      clear();
      part('log-details').querySelector('summary')?.focus();
    }
  }

  /** @param {Settings} settings */
  showSettings(settings) {
    for (const name of NUMBERS) field(name).value = `${settings[name]}`;
    for (const name of SWITCHES) field(name).checked = settings[name];
    volume().value = `${settings.volumePercent}`;
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

  /** @param {LogEntry[]} entries latest first */
  showLog(entries) {
    part('log-empty').hidden = entries.length > 0;
    part('log-filled').hidden = entries.length === 0;
    write(part('log-count'), entries.length ? `${entries.length}` : '');
    const older = entries.length - MAX_ROWS;
    write(part('log-older'), older > 0 ? texts.alerts.older(older) : '');
    part('log').replaceChildren(...entries.slice(0, MAX_ROWS).map(row));
  }
}

/** @param {LogEntry} entry */
function row({ label, atMs, durationMs }) {
  const lasted = durationMs === null ? '–' : texts.alerts.lasted(Math.round(durationMs / 1000));
  const time = make('time', { datetime: new Date(atMs).toISOString() }, timeFormat.format(atMs));
  return make(
    'tr',
    {},
    make('td', {}, time),
    make('td', {}, make('span', { class: `tag ${label}` }, texts.words[label])),
    make('td', {}, lasted),
  );
}
