/**
 * Checks photos in the browser, one after the other; where it cannot run the models, on the server
 * if the user agrees.
 */

import { PhotoError } from '../errors.js';
import { texts } from '../texts/texts.js';
import { PhotosView, save } from '../view/view.js';
import { askServer, isHeif, problemOf, read } from './photo.js';
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
      const problem = problemOf(photo.file);
      if (problem) this.#fail(photo, new PhotoError(problem));
      else this.#queue = this.#queue.then(() => this.#check(photo));
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
      if (picture || isHeif(file)) card.offerServer(() => this.#checkOnServer(photo));
    } finally {
      picture?.close();
    }
  }

  /** @param {Photo} photo */
  async #checkOnServer(photo) {
    const { file, card } = photo;
    photo.result = undefined;
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
    photo.card.fail(message);
    this.#showResults();
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
    card.setStatus(sentence(labels));
    this.#showResults();
  }

  /** Offer the results as files and, once all photos are checked, sum them up. */
  #showResults() {
    const results = this.#results();
    const isDone = results.length === this.#photos.length;
    this.#view.offerDownloads();
    this.#view.summarize(isDone && results.length > 1 ? summaryOf(results) : '');
  }
}

/** @param {string[]} labels one per face of a photo */
function sentence(labels) {
  return labels.length ? texts.summary(labels) : texts.noFaceOnPhoto;
}

/**
 * Several photos in a sentence or two; twin of `_summarize` in `serving/page.py`.
 * @param {PhotoResult[]} results
 * @returns {string}
 */
export function summaryOf(results) {
  const checked = results.flatMap((result) => ('verdicts' in result ? [result] : []));
  const labels = checked.flatMap(({ verdicts }) => verdicts.map(({ label }) => label));
  const failed = results.length - checked.length;
  const sentences = checked.length ? [sentence(labels)] : [];
  if (failed) sentences.push(texts.photo.failed(failed, results.length));
  return sentences.join(' ');
}

/**
 * Whether the picture could not be copied or transferred.
 * @param {unknown} error
 */
function isOutOfMemory(error) {
  return error instanceof DOMException || error instanceof RangeError;
}
