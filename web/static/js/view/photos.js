/** Photos: chosen, dropped or pasted, and what is seen on them. */

import { annotate } from '../vision/annotate.js';
import { texts, verdictWords } from '../texts/texts.js';
import { make, part, write } from './parts.js';

/** @import { Seen } from '../photos/photo.js' */

export class PhotosView {
  #section = part('photos');
  #list = part('photos-list');

  #closed;

  /**
   * @param {object} listeners
   * @param {(files: Iterable<File>) => void} listeners.check
   * @param {() => void} listeners.closed the photos are gone
   * @param {() => void} listeners.json the verdicts shall be saved
   * @param {() => void} listeners.csv
   */
  constructor({ check, closed, json, csv }) {
    this.#closed = closed;
    const input = part('photo');
    input.multiple = true;
    input.required = false;
    input.accept = 'image/*';
    part('check').hidden = true;
    part('upload').classList.add('here');
    input.addEventListener('change', () => {
      check([...input.files]);
      input.value = ''; // the same photo may be chosen again
    });
    part('photos-close').addEventListener('click', () => this.#close());
    part('photos-json').addEventListener('click', json);
    part('photos-csv').addEventListener('click', csv);
    addEventListener('paste', ({ clipboardData }) => check(clipboardData?.files ?? []));
    this.#takeDrops(check);
  }

  /** @param {(files: Iterable<File>) => void} check */
  #takeDrops(check) {
    const drop = part('drop');
    /** @param {DragEvent} event */
    const carries = ({ dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      drop.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (!event.relatedTarget) drop.hidden = true; // left the window
    });
    addEventListener('drop', (event) => {
      drop.hidden = true;
      if (!carries(event)) return;
      event.preventDefault();
      check(event.dataTransfer?.files ?? []);
    });
  }

  #close() {
    this.#section.hidden = true;
    part('photos-save').hidden = true;
    this.#list.replaceChildren();
    this.#closed();
    part('photo').focus();
  }

  /** Whether the page shows no photo, nor one that the server judged. */
  get empty() {
    return this.#section.hidden && !document.querySelector('.result');
  }

  /** Show the section, before its photos come. */
  open() {
    this.#section.hidden = false;
    part('photos-title').focus();
    this.#section.scrollIntoView({ block: 'start' });
  }

  /** There is something to save, if the photos are still shown. */
  savable() {
    part('photos-save').hidden = this.#section.hidden;
  }

  /**
   * A place for a photo, after those that are there.
   * @param {string} name of the file
   */
  add(name) {
    const card = new PhotoCard(name);
    this.#list.append(card.element);
    return card;
  }
}

/** One photo and what is seen on it. */
export class PhotoCard {
  #canvas = make('canvas', { role: 'img' });
  #sentence = make('p', { class: 'sentence', role: 'status' }, texts.photo.waiting);
  #faces = make('ol', { class: 'faces' });
  #server = make('button', { type: 'button', class: 'quiet' }, texts.photo.server);
  #hint = make('p', { class: 'small' }, texts.photo.serverHint);

  /** @param {string} name of the file */
  constructor(name) {
    this.#canvas.setAttribute('aria-label', texts.photo.alt(name));
    this.#canvas.hidden = true;
    this.offerServer(false);
    this.element = make(
      'article',
      { class: 'photo-card' },
      make('figure', {}, this.#canvas),
      make(
        'div',
        {},
        make('h3', {}, name),
        this.#sentence,
        this.#faces,
        this.#server,
        this.#hint,
      ),
    );
  }

  /** @param {string} text */
  say(text) {
    write(this.#sentence, text);
  }

  /**
   * Show the picture and annotate what is seen on it.
   * @param {CanvasImageSource & {width: number, height: number}} picture
   * @param {Seen} [seen] not yet
   */
  show(picture, seen) {
    const { width, height } = picture;
    Object.assign(this.#canvas, { width, height, hidden: false });
    const context = this.#canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    if (seen) annotate(context, scaled(seen, width, height), seen.verdicts.length > 1);
  }

  /** @param {Seen} seen listed face by face */
  list({ verdicts }) {
    this.#faces.replaceChildren(
      ...verdicts.map(({ label, probability }) =>
        make('li', {}, make('span', { class: `tag ${label}` }, verdictWords(label, probability))),
      ),
    );
  }

  /**
   * Offer to send the photo to the server.
   * @param {(() => void) | false} ask
   */
  offerServer(ask) {
    this.#server.hidden = !ask;
    this.#hint.hidden = !ask;
    this.#server.onclick = ask || null;
  }
}

/**
 * The verdicts with their boxes in pixels of the shown picture.
 * @param {Seen} seen
 * @param {number} width of the shown picture
 * @param {number} height
 */
function scaled(seen, width, height) {
  const [x, y] = [width / seen.width, height / seen.height];
  return seen.verdicts.map(({ box, ...rest }) => ({
    ...rest,
    box: { left: box.left * x, right: box.right * x, top: box.top * y, bottom: box.bottom * y },
  }));
}
