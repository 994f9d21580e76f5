/** Photos, judged one after the other in the browser; the server only where the user asks it. */

import { PhotoError } from './errors.js';
import { askServer, mayBePicture, read } from './photo.js';
import { texts } from './texts.js';
import { PhotosView } from './view.js';

/** @import { Judging } from './judging.js' */
/** @import { Seen } from './photo.js' */
/** @import { PhotoCard } from './view/photos.js' */

export class Gallery {
  #judging;
  #view;
  #last = Promise.resolve();

  /** @param {Judging} judging */
  constructor(judging) {
    this.#judging = judging;
    this.#view = new PhotosView((files) => this.check(files));
  }

  /** Whether the page shows no photo. */
  get empty() {
    return this.#view.empty;
  }

  /** @param {Iterable<File>} files judged in their order; those that are no pictures are told */
  check(files) {
    const cards = [...files].map((file) => ({ file, card: this.#view.add(file.name) }));
    if (cards.length === 0) return;
    this.#view.open();
    for (const { file, card } of cards) {
      if (!mayBePicture(file)) card.say(texts.photo.unreadable);
      else this.#last = this.#last.then(() => this.#judge(file, card));
    }
  }

  /**
   * @param {File} file
   * @param {PhotoCard} card
   */
  async #judge(file, card) {
    card.say(texts.judging);
    card.serverWanted(() => this.#askServer(file, card)); // who may read what the browser cannot
    /** @type {ImageBitmap | undefined} */
    let picture;
    try {
      picture = await read(file);
      card.show(picture);
      await this.#judging.load(() => {});
      tell(card, await this.#judging.judge(await createImageBitmap(picture)), picture);
    } catch (error) {
      complain(card, error);
    } finally {
      picture?.close();
    }
  }

  /**
   * @param {File} file
   * @param {PhotoCard} card
   */
  async #askServer(file, card) {
    card.say(texts.judging);
    card.serverWanted(false);
    const reading = read(file).catch(() => undefined);
    try {
      const seen = await askServer(file);
      tell(card, seen, await reading);
    } catch (error) {
      complain(card, error);
      card.serverWanted(() => this.#askServer(file, card));
    } finally {
      (await reading)?.close();
    }
  }
}

/**
 * @param {PhotoCard} card
 * @param {unknown} error
 */
function complain(card, error) {
  const lang = error instanceof PhotoError ? error.lang : '';
  card.say(error instanceof Error ? error.message : `${error}`, lang);
}

/**
 * @param {PhotoCard} card
 * @param {Seen} seen
 * @param {ImageBitmap} [picture] if the browser can read it
 */
function tell(card, seen, picture) {
  const labels = seen.verdicts.map(({ label }) => label);
  if (picture) card.show(picture, seen);
  card.list(seen);
  card.say(labels.length ? texts.faces(labels) : texts.noFaceOnPhoto);
}
