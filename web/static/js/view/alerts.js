/** The settings of alerts, and their log. */

import { texts, language } from '../texts/texts.js';
import { make, part, write } from './parts.js';

/** @import { LogEntry } from '../alerts/alert-log.js' */
/** @import { Settings } from '../alerts/settings.js' */

const NUMBERS = /** @type {const} */ (['frames', 'of', 'coolDown']);
const SWITCHES = /** @type {const} */ (['sound', 'notification']);
const ROWS = 50; // of the table; the file has all
const SURE_FOR = 4000; // ms in which a second press clears

const time = new Intl.DateTimeFormat(language, {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

export class AlertsView {
  #sure = 0;

  /**
   * @param {object} actions
   * @param {(change: Partial<Settings>) => void} actions.change of the settings
   * @param {() => void} actions.trySound
   * @param {() => void} actions.download of the log
   * @param {() => void} actions.clear the log
   */
  constructor({ change, trySound, download, clear }) {
    part('alerts').hidden = false;
    const stay = (/** @type {Event} */ event) => event.preventDefault();
    part('settings').addEventListener('submit', stay);
    for (const name of NUMBERS) {
      const field = part(`set-${name}`);
      field.addEventListener('change', () => {
        change(field.value === '' ? {} : { [name]: field.valueAsNumber });
      });
    }
    for (const name of SWITCHES) {
      const field = part(`set-${name}`);
      field.addEventListener('change', () => change({ [name]: field.checked }));
    }
    part('try-sound').addEventListener('click', trySound);
    part('log-download').addEventListener('click', download);
    part('log-clear').addEventListener('click', () => this.#askClear(clear));
    write(part('log-clear'), texts.alerts.clear);
  }

  /**
   * A second press clears.
   * @param {() => void} clear
   */
  #askClear(clear) {
    const button = part('log-clear');
    clearTimeout(this.#sure);
    if (button.textContent === texts.alerts.clear) {
      write(button, texts.alerts.clearSure);
      this.#sure = window.setTimeout(() => write(button, texts.alerts.clear), SURE_FOR);
    } else {
      write(button, texts.alerts.clear);
      clear();
      part('log-details').querySelector('summary').focus();
    }
  }

  /** @param {Settings} settings */
  show(settings) {
    for (const name of NUMBERS) part(`set-${name}`).value = `${settings[name]}`;
    for (const name of SWITCHES) part(`set-${name}`).checked = settings[name];
    part('mute').hidden = !settings.sound && !settings.notification;
  }

  /** @param {boolean} on whether the browser refused notifications */
  refused(on) {
    write(part('refused'), on ? texts.alerts.refused : '');
  }

  /** @param {string} text what did not work with the log; empty if all did */
  problem(text) {
    write(part('log-problem'), text);
  }

  /** @param {boolean} lasting whether the log outlives the page */
  kept(lasting) {
    write(part('log-kept'), lasting ? texts.alerts.kept : texts.alerts.fleeting);
  }

  /** @param {LogEntry[]} entries the latest first */
  log(entries) {
    part('log-empty').hidden = entries.length > 0;
    part('log-filled').hidden = entries.length === 0;
    write(part('log-count'), entries.length ? `${entries.length}` : '');
    const older = entries.length - ROWS;
    write(part('log-older'), older > 0 ? texts.alerts.older(older) : '');
    part('log').replaceChildren(...entries.slice(0, ROWS).map(row));
  }
}

/** @param {LogEntry} entry */
function row({ label, at, duration }) {
  const lasted = duration === null ? '–' : texts.alerts.lasted(Math.round(duration / 1000));
  return make(
    'tr',
    {},
    make('td', {}, make('time', { datetime: new Date(at).toISOString() }, time.format(at))),
    make('td', {}, make('span', { class: `tag ${label}` }, texts.words[label])),
    make('td', {}, lasted),
  );
}
