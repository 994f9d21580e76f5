/** Keeps a picture of the face with each alert, if the user wants that. */

import { rooted } from '../files.js';
import { isDefinite } from '../labels.js';
import { HOUR_MS } from '../local-time.js';
import { texts } from '../texts/texts.js';
import { MAX_ROWS, PicturesView, keyOf, save } from '../view/view.js';
import { PictureStore } from './picture-store.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */
/** @import { AlertLog, LogEntry } from './alert-log.js' */
/** @import { AlertPicture } from './picture-store.js' */
/** @import { CorrectedPicture } from './picture-export.js' */
/** @import { SettingsStore } from './settings.js' */

const PRUNE_INTERVAL_MS = 300_000; // in which pictures that are too old are deleted

export class AlertPictures {
  #view;
  #settings;
  #log;
  #refresh;
  #store;
  #picturesView;
  #on = false;
  #started;

  /**
   * @param {View} view
   * @param {SettingsStore} settings
   * @param {Pick<AlertLog, 'all' | 'isPersistent'>} log
   * @param {() => Promise<void>} refresh show the log anew
   * @param {PictureStore} [store]
   */
  constructor(view, settings, log, refresh, store = new PictureStore()) {
    this.#view = view;
    this.#settings = settings;
    this.#log = log;
    this.#refresh = refresh;
    this.#store = store;
    this.#picturesView = new PicturesView({
      keep: (on) => (on ? this.#turnOn() : this.#askToTurnOff()),
      deleteAfter: (pictureHours) => this.#setHours(pictureHours),
      turnOff: () => this.#turnOff(),
      exportAll: () => this.#attempt(() => this.#export(), texts.pictures.notExported),
    });
    store.onDelete = () => this.#switchOff(); // another page was switched off
    this.#started = settings.current.keepPictures ? this.#start() : this.#clean();
    this.#picturesView.showSettings(settings.current);
    setInterval(() => this.#on && refresh(), PRUNE_INTERVAL_MS);
  }

  /**
   * A picture of the face whose alert begins, read from the video at once.
   * @param {AlertEvent} event
   * @param {Track[]} tracks of the latest frame
   * @param {{width: number, height: number}} frame
   * @returns {Promise<AlertPicture | undefined>} undefined for other events and while it is off
   */
  async capture({ type, face, label, atMs }, tracks, frame) {
    const track = tracks.find(({ id }) => id === face);
    if (!this.#on || type !== 'begin' || !track) return undefined;
    const { probability } = track;
    const version = this.#view.modelVersion;
    const jpeg = await this.#view.stage.facePicture(track.box, frame);
    return jpeg ? { atMs, face, label, probability, version, jpeg } : undefined;
  }

  /**
   * Store a picture. If that fails, the log stays complete.
   * @param {AlertPicture | undefined} picture
   */
  async keep(picture) {
    if (!this.#on || !picture) return; // it may have been switched off meanwhile
    await this.#attempt(() => this.#store.put(picture), texts.pictures.notKept);
  }

  /**
   * The pictures of the entries that the log shows. Deletes pictures that are too old or whose entry
   * was deleted.
   * @param {LogEntry[]} entries of the log, oldest first
   * @returns {Promise<Map<string, Blob>>} by `keyOf` of the entry
   */
  async of(entries) {
    await this.#started;
    if (!this.#on) return new Map();
    const minMs = Date.now() - this.#settings.current.pictureHours * HOUR_MS;
    const [shown] = entries.slice(-MAX_ROWS);
    try {
      await this.#store.deleteBefore(Math.max(minMs, entries[0]?.atMs ?? Infinity));
      const stored = new Set((await this.#store.keys()).map(([atMs, face]) => keyOf({ atMs, face })));
      const corrected = entries.filter((entry) => isExported(entry) && stored.has(keyOf(entry)));
      this.#picturesView.showExport(corrected.length);
      const pictures = await this.#store.since(shown?.atMs ?? Infinity);
      return new Map(pictures.map((picture) => [keyOf(picture), picture.jpeg]));
    } catch {
      this.#picturesView.showProblem(texts.pictures.notKept);
      return new Map();
    }
  }

  /** Switch on, unless this browser allows no storage. */
  async #turnOn() {
    this.#settings.update({ keepPictures: true });
    await this.#start();
    if (!this.#on) this.#settings.update({ keepPictures: false });
    this.#picturesView.showSettings(this.#settings.current);
  }

  async #start() {
    this.#on = await this.#canStore();
    this.#picturesView.showNote(this.#on ? '' : texts.pictures.unavailable);
  }

  /** Whether the log and its pictures outlive the page. */
  async #canStore() {
    try {
      await this.#store.keys();
      return await this.#log.isPersistent();
    } catch {
      return false;
    }
  }

  /** Switch off at once if that deletes no picture. */
  async #askToTurnOff() {
    const stored = await this.#store.keys().catch(() => []);
    if (stored.length === 0) await this.#turnOff();
    else this.#picturesView.askToDelete(stored.length);
  }

  async #turnOff() {
    await this.#switchOff();
    await this.#attempt(() => this.#store.deleteAll(), texts.pictures.notDeleted);
  }

  /** Keep and show no more pictures. */
  async #switchOff() {
    this.#on = false;
    this.#picturesView.showSettings(this.#settings.update({ keepPictures: false }));
    this.#picturesView.showNote('');
    this.#picturesView.showExport(0);
    await this.#refresh();
  }

  /** Delete what an earlier page has left: its settings may have lasted only as long as itself. */
  async #clean() {
    await this.#store.deleteAll().catch(() => {}); // no storage, so no pictures
  }

  /** @param {number} pictureHours */
  async #setHours(pictureHours) {
    this.#picturesView.showSettings(this.#settings.update({ pictureHours }));
    await this.#refresh();
  }

  async #export() {
    const entries = (await this.#log.all()).filter(isExported);
    const labels = new Map(entries.map((entry) => [keyOf(entry), `${entry.corrected}`]));
    /** @type {CorrectedPicture[]} */
    const corrected = (await this.#store.since(0)).flatMap((picture) => {
      const label = labels.get(keyOf(picture));
      return label ? [{ picture, corrected: label }] : [];
    });
    /** @type {typeof import('./picture-export.js')} */
    const { zipPictures } = await import(rooted(PICTURE_EXPORT));
    save(await zipPictures(corrected, texts.pictures.readme), 'pictures.zip');
  }

  /**
   * @param {() => Promise<void>} action
   * @param {string} problem shown if it fails
   */
  async #attempt(action, problem) {
    try {
      await action();
      this.#picturesView.showProblem('');
    } catch {
      this.#picturesView.showProblem(problem);
    }
  }
}

/**
 * Whether the trainer can learn from an entry: a user corrected it to a label.
 * @param {LogEntry} entry
 */
function isExported({ corrected }) {
  return corrected !== undefined && isDefinite(corrected);
}
