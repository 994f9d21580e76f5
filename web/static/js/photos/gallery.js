/**
 * Photos, checked one after the other in the browser; where it cannot run the models, by the server
 * if the user wants it.
 */

import { PhotoError } from '../errors.js';
import { askServer, mayBePicture, read } from './photo.js';
import { toCsv, toJson } from './results.js';
import { texts } from '../texts/texts.js';
import { PhotosView, save } from '../view/view.js';

/** @import { Predictor } from '../client/predictor.js' */
/** @import { Seen } from './photo.js' */
/** @import { Outcome } from './results.js' */
/** @import { PhotoCard } from '../view/photos.js' */

/** @typedef {{file: File, card: PhotoCard, outcome: Outcome}} Photo */

export class Gallery {
  #judge;
  #view;
  #last = Promise.resolve();
  /** @type {Outcome[]} of the photos that the page shows */
  #outcomes = [];

  /** @param {Predictor} judge */
  constructor(judge) {
    this.#judge = judge;
    this.#view = new PhotosView({
      check: (files) => this.check(files),
      closed: () => (this.#outcomes = []),
      json: () => save(new Blob([toJson(this.#told())]), 'verdicts.json'),
      csv: () => save(new Blob([toCsv(this.#told())], { type: 'text/csv' }), 'verdicts.csv'),
    });
  }

  /** Whether the page shows no photo. */
  get empty() {
    return this.#view.empty;
  }

  /** @param {Iterable<File>} files judged in their order; those that are no pictures are told */
  check(files) {
    const photos = [...files].map((file) => {
      return { file, card: this.#view.add(file.name), outcome: { name: file.name } };
    });
    if (photos.length === 0) return;
    this.#outcomes.push(...photos.map(({ outcome }) => outcome));
    this.#view.open();
    for (const photo of photos) {
      if (!mayBePicture(photo.file)) this.#complain(photo, new PhotoError(texts.photo.unreadable));
      else this.#last = this.#last.then(() => this.#check(photo));
    }
  }

  /** Those that need not be waited for. */
  #told() {
    return this.#outcomes.filter(({ seen, problem }) => seen || problem);
  }

  /** @param {Photo} photo */
  async #check(photo) {
    const { file, card } = photo;
    card.setStatus(texts.checking);
    /** @type {ImageBitmap | undefined} */
    let picture;
    try {
      picture = await read(file);
      card.show(picture);
      await this.#judge.load();
      this.#tell(photo, await this.#judge.judge(await createImageBitmap(picture)), picture);
    } catch (error) {
      this.#complain(photo, isAboutMemory(error) ? new PhotoError(texts.photo.memory) : error);
      if (picture) card.offerServer(() => this.#askServer(photo));
    } finally {
      picture?.close();
    }
  }

  /** @param {Photo} photo */
  async #askServer(photo) {
    const { file, card } = photo;
    card.setStatus(texts.checking);
    card.offerServer(false);
    const reading = read(file).catch(() => undefined);
    try {
      const seen = await askServer(file);
      this.#tell(photo, seen, await reading);
    } catch (error) {
      this.#complain(photo, error);
      const final = error instanceof PhotoError && error.final;
      card.offerServer(!final && (() => this.#askServer(photo)));
    } finally {
      (await reading)?.close();
    }
  }

  /**
   * @param {Photo} photo
   * @param {unknown} error
   */
  #complain({ card, outcome }, error) {
    const sentence = error instanceof Error ? error.message : `${error}`;
    outcome.problem = sentence;
    card.setStatus(sentence);
    this.#view.offerDownloads();
  }

  /**
   * @param {Photo} photo
   * @param {Seen} seen
   * @param {ImageBitmap} [picture] if the browser can read it
   */
  #tell({ card, outcome }, seen, picture) {
    const labels = seen.verdicts.map(({ label }) => label);
    Object.assign(outcome, { seen, problem: undefined });
    if (picture) card.show(picture, seen);
    card.showFaces(seen);
    card.setStatus(labels.length ? texts.faces(labels) : texts.noFaceOnPhoto);
    this.#view.offerDownloads();
  }
}

/**
 * Whether a shown picture could not be copied or transferred.
 * @param {unknown} error
 */
function isAboutMemory(error) {
  return error instanceof DOMException || error instanceof RangeError;
}
