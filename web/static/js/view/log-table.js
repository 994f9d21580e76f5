/** The table of alerts. Rows stay in place while others come and go, so that focus is kept. */

import { language, texts } from '../texts/texts.js';
import { EntryDialog, correctionWord } from './entry-dialog.js';
import { make, part, write } from './parts.js';

/** @import { LogEntry } from '../alerts/alert-log.js' */

/** Calls back with the right label, or undefined to undo a correction. */
/** @typedef {(entry: LogEntry, corrected: string | undefined) => void} Correct */

export const MAX_ROWS = 50; // of the table; the CSV file has all entries

const timeFormat = new Intl.DateTimeFormat(language, {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/**
 * The key of an alert's log entry and picture.
 * @param {{atMs: number, face: number}} entry
 */
export function keyOf({ atMs, face }) {
  return `${atMs} ${face}`;
}

export class LogTable {
  #body = part('log');
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #dialog = new EntryDialog();
  #correct;

  /** @param {Correct} correct */
  constructor(correct) {
    this.#correct = correct;
  }

  /**
   * @param {LogEntry[]} entries latest first, at most `MAX_ROWS`
   * @param {Map<string, Blob>} pictures by `keyOf` of their entries
   */
  show(entries, pictures) {
    const keys = new Set(entries.map(keyOf));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) this.#remove(key, row);
    }
    entries.forEach((entry, i) => {
      const row = this.#rowOf(entry);
      row.update(entry, pictures.get(keyOf(entry)));
      const next = this.#body.children[i];
      if (next !== row.element) this.#body.insertBefore(row.element, next ?? null);
    });
  }

  /** @param {LogEntry} entry */
  #rowOf(entry) {
    const row = this.#rows.get(keyOf(entry)) ?? new Row(entry, this.#dialog, this.#correct);
    this.#rows.set(keyOf(entry), row);
    return row;
  }

  /**
   * @param {string} key
   * @param {Row} row
   */
  #remove(key, row) {
    const { element } = row;
    if (element.contains(document.activeElement)) part('log-details').querySelector('summary')?.focus();
    row.showPicture(undefined);
    element.remove();
    this.#rows.delete(key);
  }
}

class Row {
  #entry;
  #time;
  #dialog;
  #correct;
  #thumbnail = make('button', { type: 'button', class: 'thumbnail' });
  #tag = make('span');
  #corrected = make('span', { class: 'small' });
  #wrong = make('button', { type: 'button', class: 'secondary' });
  #duration = make('td');
  #pictureUrl = '';

  /**
   * @param {LogEntry} entry
   * @param {EntryDialog} dialog
   * @param {Correct} correct
   */
  constructor(entry, dialog, correct) {
    const datetime = new Date(entry.atMs).toISOString();
    this.#entry = entry;
    this.#time = timeFormat.format(entry.atMs);
    this.#dialog = dialog;
    this.#correct = correct;
    this.#thumbnail.hidden = true;
    this.#thumbnail.addEventListener('click', () => this.#open());
    this.#wrong.addEventListener('click', () => this.#undoOrOpen());
    this.element = make(
      'tr',
      {},
      make('td', {}, make('div', {}, this.#thumbnail, make('time', { datetime }, this.#time))),
      make('td', {}, make('div', {}, this.#tag, this.#corrected, this.#wrong)),
      this.#duration,
    );
  }

  /** Names the alert in buttons and in the dialog. */
  get #name() {
    return `${texts.words[this.#entry.label]}, ${this.#time}`;
  }

  /**
   * @param {LogEntry} entry
   * @param {Blob | undefined} picture
   */
  update(entry, picture) {
    const { label, durationMs, corrected } = entry;
    const lasted = durationMs === null ? '–' : texts.alerts.lasted(Math.round(durationMs / 1000));
    const action = corrected ? texts.pictures.undo : texts.pictures.wrong;
    this.#entry = entry;
    this.#tag.setAttribute('class', `tag ${label}`);
    write(this.#tag, texts.words[label]);
    write(this.#corrected, corrected ? texts.pictures.corrected(correctionWord(corrected)) : '');
    write(this.#wrong, action);
    this.#thumbnail.setAttribute('aria-label', `${texts.pictures.enlarge}: ${this.#name}`);
    this.#wrong.setAttribute('aria-label', `${action}: ${this.#name}`);
    write(this.#duration, lasted);
    this.showPicture(picture);
  }

  /** @param {Blob | undefined} picture */
  showPicture(picture) {
    if (Boolean(picture) === Boolean(this.#pictureUrl)) return; // an alert's picture never changes
    URL.revokeObjectURL(this.#pictureUrl);
    this.#pictureUrl = picture ? URL.createObjectURL(picture) : '';
    if (document.activeElement === this.#thumbnail) this.#wrong.focus(); // it may disappear
    const image = picture ? [make('img', { src: this.#pictureUrl, alt: '' })] : [];
    this.#thumbnail.replaceChildren(...image);
    this.#thumbnail.hidden = !picture;
  }

  #undoOrOpen() {
    if (this.#entry.corrected) this.#correct(this.#entry, undefined);
    else this.#open();
  }

  #open() {
    const { label } = this.#entry;
    const title = this.#name;
    this.#dialog.open({ label, title, pictureUrl: this.#pictureUrl }, (corrected) => {
      this.#correct(this.#entry, corrected);
    });
  }
}
