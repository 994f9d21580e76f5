/** Photos that are chosen, dropped or pasted, and their results. */

import { texts, verdictWords } from '../texts/texts.js';
import { annotate } from '../vision/annotate.js';
import { make, makeSvg, part, write } from './parts.js';
import { PictureDialog } from './picture-dialog.js';

/** @import { ProcessedPhoto } from '../photos/results.js' */


export class PhotosView {
  #section = part('photos');
  #list = part('photos-list');
  #dialog = new PictureDialog();
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
    part('photo-drop').hidden = false;
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
    part('photos-link').hidden = true;
    this.summarize('');
    this.#list.replaceChildren();
    this.#onClose();
    part('photo').focus();
  }

  /** Whether the page shows no photo, neither of the browser nor of the server. */
  get empty() {
    return this.#section.hidden && !document.querySelector('.result');
  }

  /** Show the section, before its photos are checked. The video of a running camera stays in view. */
  open() {
    const isCameraOn = !part('controls').hidden;
    this.#section.hidden = false;
    part('photos-link').hidden = false;
    part('photos-title').focus({ preventScroll: true });
    if (!isCameraOn) this.#section.scrollIntoView({ block: 'start' });
  }

  /** @param {string} text the result of all photos; empty for a single one */
  summarize(text) {
    write(part('photos-summary'), text);
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
    const card = new PhotoCard(name, (picture, description) => {
      this.#dialog.open(picture, name, description);
    });
    this.#list.append(card.element);
    return card;
  }
}

/** One photo and its result. */
export class PhotoCard {
  #canvas = make('canvas', { role: 'img' });
  #enlarge = make('button', { type: 'button', class: 'enlarge' }, icon('enlarge'));
  #status = make('p', { class: 'sentence', role: 'status', tabindex: '-1' }, texts.photo.waiting);
  #faces = make('ol', { class: 'faces' });
  #server = make('button', { type: 'button', class: 'secondary' }, texts.photo.server);
  #hint = make('p', { class: 'small' }, texts.photo.serverHint);

  /**
   * @param {string} name of the file
   * @param {(picture: HTMLCanvasElement, description: string) => void} enlarge
   */
  constructor(name, enlarge) {
    const description = texts.photo.alt(name);
    this.#canvas.setAttribute('aria-label', description);
    this.#canvas.hidden = true;
    this.#enlarge.hidden = true;
    this.#enlarge.setAttribute('aria-label', texts.photo.enlarge(name));
    this.#enlarge.addEventListener('click', () => enlarge(this.#canvas, description));
    this.offerServer(false);
    const title = make('h3', {}, name);
    this.element = make(
      'article',
      { class: 'photo-card' },
      make('figure', {}, this.#canvas, this.#enlarge),
      make('div', {}, title, this.#status, this.#faces, this.#server, this.#hint),
    );
  }

  /** @param {string} text */
  setStatus(text) {
    this.element.classList.remove('failed');
    write(this.#status, text);
  }

  /**
   * Show why there is no result.
   * @param {string} message
   */
  fail(message) {
    this.element.classList.add('failed');
    const words = make('span', {}, make('strong', {}, texts.photo.notChecked), ` ${message}`);
    this.#status.replaceChildren(icon('failed'), words);
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
    this.#enlarge.hidden = false;
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
    const hadFocus = document.activeElement === this.#server;
    this.#server.hidden = !send;
    this.#hint.hidden = !send;
    this.#server.onclick = send || null;
    if (hadFocus && !send) this.#status.focus(); // the focused button is gone
  }
}

/**
 * A symbol of the page.
 * @param {string} name
 */
function icon(name) {
  const svg = makeSvg('svg');
  const use = makeSvg('use');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
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
