/**
 * Checks photos in the browser, one after the other; where it cannot run the models, on the server
 * if the user agrees.
 */

import { PhotoError } from '../errors.js';
import { texts } from '../texts/texts.js';
import { PhotosView, save } from '../view/view.js';
import { askServer, mayBePicture, read } from './photo.js';
import { processedPhoto, toCsv, toJson } from './results.js';

/** @import { Predictor } from '../client/predictor.js' */
/** @import { PhotoCard } from '../view/photos.js' */
/** @import { PhotoResult, Verdicts } from './results.js' */

/** @typedef {{file: File, card: PhotoCard, result?: PhotoResult}} Photo pending without a result */

export class Gallery {
  #predictor;
  #view;
  #queue = Promise.resolve();
  /** @type {Photo[]} on the page */
  #photos = [];

  /** @param {Predictor} predictor */
  constructor(predictor) {
    this.#predictor = predictor;
    this.#view = new PhotosView({
      check: (files) => this.check(files),
      closed: () => (this.#photos = []),
      json: () => save(new Blob([toJson(this.#results())]), 'verdicts.json'),
      csv: () => save(new Blob([toCsv(this.#results())], { type: 'text/csv' }), 'verdicts.csv'),
    });
  }

  /** Whether the page shows no photo. */
  get empty() {
    return this.#view.empty;
  }

  /** @param {Iterable<File>} files checked in this order; an error for each non-picture */
  check(files) {
    const photos = [...files].map((file) => ({ file, card: this.#view.add(file.name) }));
    if (photos.length === 0) return;
    this.#photos.push(...photos);
    this.#view.open();
    for (const photo of photos) {
      if (mayBePicture(photo.file)) this.#queue = this.#queue.then(() => this.#check(photo));
      else this.#fail(photo, new PhotoError(texts.photo.unreadable));
    }
  }

  /** The results of the photos that are not pending. */
  #results() {
    return this.#photos.flatMap(({ result }) => result ?? []);
  }

  /** @param {Photo} photo */
  async #check(photo) {
    if (!this.#photos.includes(photo)) return; // closed meanwhile
    const { file, card } = photo;
    card.setStatus(texts.checking);
    /** @type {ImageBitmap | undefined} */
    let picture;
    try {
      picture = await read(file);
      card.show(picture);
      await this.#predictor.load();
      const copy = await createImageBitmap(picture);
      this.#finish(photo, await this.#predictor.detect(copy), picture);
    } catch (error) {
      this.#fail(photo, isOutOfMemory(error) ? new PhotoError(texts.photo.memory) : error);
      if (picture) card.offerServer(() => this.#checkOnServer(photo));
    } finally {
      picture?.close();
    }
  }

  /** @param {Photo} photo */
  async #checkOnServer(photo) {
    const { file, card } = photo;
    card.setStatus(texts.checking);
    card.offerServer(false);
    const reading = read(file).catch(() => undefined);
    try {
      this.#finish(photo, await askServer(file), await reading);
    } catch (error) {
      this.#fail(photo, error);
      const final = error instanceof PhotoError && error.final;
      card.offerServer(!final && (() => this.#checkOnServer(photo)));
    } finally {
      (await reading)?.close();
    }
  }

  /**
   * @param {Photo} photo
   * @param {unknown} error
   */
  #fail(photo, error) {
    const message = error instanceof Error ? error.message : `${error}`;
    photo.result = { photo: photo.file.name, error: message };
    photo.card.setStatus(message);
    this.#view.offerDownloads();
  }

  /**
   * @param {Photo} photo
   * @param {Verdicts} verdicts
   * @param {ImageBitmap} [picture] undefined if the browser cannot decode it
   */
  #finish(photo, verdicts, picture) {
    const { file, card } = photo;
    const result = processedPhoto(file.name, verdicts);
    const labels = result.verdicts.map(({ label }) => label);
    photo.result = result;
    if (picture) card.show(picture, result);
    card.showFaces(result);
    card.setStatus(labels.length ? texts.summary(labels) : texts.noFaceOnPhoto);
    this.#view.offerDownloads();
  }
}

/**
 * Whether the picture could not be copied or transferred.
 * @param {unknown} error
 */
function isOutOfMemory(error) {
  return error instanceof DOMException || error instanceof RangeError;
}
