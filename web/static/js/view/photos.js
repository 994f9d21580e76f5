/** Photos that are chosen, dropped or pasted, and their results. */

import { texts, verdictWords } from '../texts/texts.js';
import { annotate } from '../vision/annotate.js';
import { make, part, write } from './parts.js';

/** @import { ProcessedPhoto } from '../photos/results.js' */

export class PhotosView {
  #section = part('photos');
  #list = part('photos-list');
  #onClose;

  /**
   * @param {object} listeners
   * @param {(files: Iterable<File>) => void} listeners.check
   * @param {() => void} listeners.closed called when the photos are removed
   * @param {() => void} listeners.json save the results
   * @param {() => void} listeners.csv
   */
  constructor({ check, closed, json, csv }) {
    this.#onClose = closed;
    const input = part('photo', HTMLInputElement);
    input.multiple = true;
    input.required = false;
    input.accept = 'image/*';
    part('check').hidden = true;
    part('upload').classList.add('in-browser');
    input.addEventListener('change', () => {
      check([...(input.files ?? [])]);
      input.value = ''; // so that the same photo can be chosen again
    });
    part('photos-close').addEventListener('click', () => this.#close());
    part('photos-json').addEventListener('click', json);
    part('photos-csv').addEventListener('click', csv);
    addEventListener('paste', ({ clipboardData }) => check(clipboardData?.files ?? []));
    this.#acceptDrops(check);
  }

  /** @param {(files: Iterable<File>) => void} check */
  #acceptDrops(check) {
    const drop = part('drop');
    /** @param {DragEvent} event */
    const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      drop.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (!event.relatedTarget) drop.hidden = true; // left the window
    });
    addEventListener('drop', (event) => {
      drop.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      check(event.dataTransfer?.files ?? []);
    });
  }

  #close() {
    this.#section.hidden = true;
    part('photos-save').hidden = true;
    this.#list.replaceChildren();
    this.#onClose();
    part('photo').focus();
  }

  /** Whether the page shows no photo, neither of the browser nor of the server. */
  get empty() {
    return this.#section.hidden && !document.querySelector('.result');
  }

  /** Show the section, before its photos are checked. */
  open() {
    this.#section.hidden = false;
    part('photos-title').focus();
    this.#section.scrollIntoView({ block: 'start' });
  }

  /** Offer the results as files while photos are shown. */
  offerDownloads() {
    part('photos-save').hidden = this.#section.hidden;
  }

  /**
   * Append a card for a photo.
   * @param {string} name of the file
   */
  add(name) {
    const card = new PhotoCard(name);
    this.#list.append(card.element);
    return card;
  }
}

/** One photo and its result. */
export class PhotoCard {
  #canvas = make('canvas', { role: 'img' });
  #status = make('p', { class: 'sentence', role: 'status' }, texts.photo.waiting);
  #faces = make('ol', { class: 'faces' });
  #server = make('button', { type: 'button', class: 'secondary' }, texts.photo.server);
  #hint = make('p', { class: 'small' }, texts.photo.serverHint);

  /** @param {string} name of the file */
  constructor(name) {
    this.#canvas.setAttribute('aria-label', texts.photo.alt(name));
    this.#canvas.hidden = true;
    this.offerServer(false);
    const title = make('h3', {}, name);
    this.element = make(
      'article',
      { class: 'photo-card' },
      make('figure', {}, this.#canvas),
      make('div', {}, title, this.#status, this.#faces, this.#server, this.#hint),
    );
  }

  /** @param {string} text */
  setStatus(text) {
    write(this.#status, text);
  }

  /**
   * Show the picture, annotated once there is a result.
   * @param {CanvasImageSource & {width: number, height: number}} picture
   * @param {ProcessedPhoto} [result]
   */
  show(picture, result) {
    const { width, height } = picture;
    Object.assign(this.#canvas, { width, height, hidden: false });
    const context = this.#canvas.getContext('2d');
    context?.drawImage(picture, 0, 0);
    if (!context || !result) return;
    annotate(context, scaled(result, width, height), result.verdicts.length > 1);
  }

  /**
   * List the faces.
   * @param {ProcessedPhoto} result
   */
  showFaces({ verdicts }) {
    this.#faces.replaceChildren(
      ...verdicts.map(({ label, probability }) =>
        make('li', {}, make('span', { class: `tag ${label}` }, verdictWords(label, probability))),
      ),
    );
  }

  /**
   * Offer to send the photo to the server, or stop offering it.
   * @param {(() => void) | false} send
   */
  offerServer(send) {
    this.#server.hidden = !send;
    this.#hint.hidden = !send;
    this.#server.onclick = send || null;
  }
}

/**
 * The verdicts with their boxes in pixels of the shown picture.
 * @param {ProcessedPhoto} result
 * @param {number} width of the shown picture
 * @param {number} height
 */
function scaled(result, width, height) {
  const [x, y] = [width / result.width, height / result.height];
  return result.verdicts.map(({ box, ...rest }) => ({
    ...rest,
    box: { left: box.left * x, right: box.right * x, top: box.top * y, bottom: box.bottom * y },
  }));
}
