/** Keeps a picture of the face with each alert, if the user wants that. */

import { rooted } from '../files.js';
import { isDefinite } from '../labels.js';
import { HOUR_MS } from '../local-time.js';
import { language, texts } from '../texts/texts.js';
import { PicturesView, keyOf, save } from '../view/view.js';
import { COLUMN_WORDS } from './columns.js';
import { persist } from './database.js';
import { PictureStore } from './picture-store.js';

/** @import { AlertEvent } from '../tracking/alerts.js' */
/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */
/** @import { AlertLog, LatestEntries, LogEntry } from './alert-log.js' */
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
   * @param {Pick<AlertLog, 'corrected' | 'isPersistent'>} log
   * @param {() => Promise<void>} refresh show the log again
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
    this.#started = settings.current.keepPictures ? this.#start() : this.#deleteOld();
    this.#picturesView.showSettings(settings.current);
    setInterval(() => (this.#on ? refresh() : this.#deleteOld()), PRUNE_INTERVAL_MS);
  }

  /**
   * A picture of the face whose alert begins, read from the video at once.
   * @param {AlertEvent} event
   * @param {Track[]} tracks of the latest frame
   * @param {{width: number, height: number}} frame
   * @returns {Promise<AlertPicture | undefined>} undefined for other events, while it is off, and if
   *   that fails
   */
  async capture({ type, face, label, atMs }, tracks, frame) {
    const track = tracks.find(({ id }) => id === face);
    if (!this.#on || type !== 'begin' || !track) return undefined;
    const { probability } = track;
    const version = this.#view.modelVersion;
    const jpeg = await this.#view.stage.facePicture(track.box, frame).catch(() => undefined);
    if (!jpeg) this.#picturesView.showProblem(texts.pictures.notTaken);
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
   * @param {LatestEntries} latest of the log
   * @returns {Promise<Map<string, Blob>>} by `keyOf` of the entry
   */
  async of({ entries, startMs }) {
    await this.#started;
    if (!this.#on) return new Map();
    try {
      await this.#store.deleteBefore(Math.max(this.#minMs, startMs));
      await this.#showNumbers();
      const pictures = await this.#store.since(entries.at(-1)?.atMs ?? Infinity);
      this.#picturesView.hideProblem(texts.pictures.notRead);
      return new Map(pictures.map((picture) => [keyOf(picture), picture.jpeg]));
    } catch {
      this.#picturesView.showProblem(texts.pictures.notRead);
      return new Map();
    }
  }

  /** The earliest start of an alert whose picture is kept, as Unix time. */
  get #minMs() {
    return Date.now() - this.#settings.current.pictureHours * HOUR_MS;
  }

  /** Show how many pictures there are, and how many of them can be exported. */
  async #showNumbers() {
    const stored = new Set((await this.#store.keys()).map(([atMs, face]) => keyOf({ atMs, face })));
    const corrected = (await this.#log.corrected()).filter(isExported);
    this.#picturesView.showExport(corrected.filter((entry) => stored.has(keyOf(entry))).length);
    this.#picturesView.recount(stored.size);
  }

  /** Follow another page that has changed the settings. */
  async follow() {
    const { keepPictures } = this.#settings.current;
    this.#picturesView.showSettings(this.#settings.current);
    if (keepPictures && !this.#on) await this.#start();
    if (!keepPictures) this.#stop();
    await this.#refresh();
  }

  /** Switch on, unless this browser allows no storage. */
  async #turnOn() {
    this.#settings.update({ keepPictures: true });
    persist();
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
    this.#stop();
    this.#picturesView.showSettings(this.#settings.update({ keepPictures: false }));
    await this.#refresh();
  }

  #stop() {
    this.#on = false;
    this.#picturesView.showNote('');
    this.#picturesView.showExport(0);
  }

  /**
   * Delete pictures that are too old while it is off. There are pictures then if the settings were
   * lost: only the user's own click deletes all.
   */
  async #deleteOld() {
    try {
      if (await this.#store.exists()) await this.#store.deleteBefore(this.#minMs);
    } catch {
      // no storage, so no pictures
    }
  }

  /** @param {number} pictureHours */
  async #setHours(pictureHours) {
    this.#picturesView.showSettings(this.#settings.update({ pictureHours }));
    await this.#refresh();
  }

  async #export() {
    const entries = (await this.#log.corrected()).filter(isExported);
    const labels = new Map(entries.map((entry) => [keyOf(entry), `${entry.corrected}`]));
    /** @type {CorrectedPicture[]} */
    const corrected = (await this.#store.since(0)).flatMap((picture) => {
      const label = labels.get(keyOf(picture));
      return label ? [{ picture, corrected: label }] : [];
    });
    /** @type {typeof import('./picture-export.js')} */
    const { zipPictures } = await import(rooted(PICTURE_EXPORT));
    save(await zipPictures(corrected, language, COLUMN_WORDS), 'pictures.zip');
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
