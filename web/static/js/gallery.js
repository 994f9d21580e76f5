/** Photos, judged one after the other in the browser; the server only where the user asks it. */

import { askServer, pictures, read } from './photo.js';
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

  /** @param {Iterable<File>} files those that are pictures are judged, in their order */
  check(files) {
    const photos = pictures(files);
    if (photos.length === 0) return;
    const cards = photos.map((photo) => this.#view.add(photo.name));
    this.#view.open();
    photos.forEach((photo, i) => {
      this.#last = this.#last.then(() => this.#judge(photo, cards[i]));
    });
  }

  /**
   * @param {File} file
   * @param {PhotoCard} card
   */
  async #judge(file, card) {
    try {
      card.say(texts.judging);
      const picture = await read(file);
      card.show(picture);
      card.serverWanted(() => this.#askServer(file, card));
      await this.#judging.load(() => {});
      const seen = await this.#judging.judge(await createImageBitmap(picture));
      tell(card, picture, seen);
      picture.close();
    } catch (error) {
      card.say(error instanceof Error ? error.message : `${error}`);
    }
  }

  /**
   * @param {File} file
   * @param {PhotoCard} card
   */
  async #askServer(file, card) {
    card.say(texts.judging);
    card.serverWanted(false);
    try {
      const [picture, seen] = await Promise.all([read(file), askServer(file)]);
      tell(card, picture, seen);
      picture.close();
    } catch (error) {
      card.say(error instanceof Error ? error.message : `${error}`);
      card.serverWanted(() => this.#askServer(file, card));
    }
  }
}

/**
 * @param {PhotoCard} card
 * @param {ImageBitmap} picture
 * @param {Seen} seen
 */
function tell(card, picture, seen) {
  const labels = seen.verdicts.map(({ label }) => label);
  card.show(picture, seen);
  card.say(labels.length ? texts.faces(labels) : texts.noFaceOnPhoto);
}
