/** A photo in large: as large as fits on the screen, or zoomed in and scrolled. */

import { part, save, write } from './parts.js';

const JPEG_QUALITY = 0.92;
const MIN_ZOOM = 2; // compared with the fitting size, also where a pixel is enlarged then

export class PictureDialog {
  #dialog = part('picture', HTMLDialogElement);
  #frame = part('picture-frame');
  #canvas = part('picture-canvas', HTMLCanvasElement);
  #zoom = part('picture-zoom');
  #name = '';

  constructor() {
    part('picture-close').addEventListener('click', () => this.#dialog.close());
    part('picture-save').addEventListener('click', () => this.#save());
    this.#zoom.addEventListener('click', () => this.#setZoom(!this.#zoomed));
    this.#canvas.addEventListener('click', (event) => this.#setZoom(!this.#zoomed, event));
    this.#dialog.addEventListener('close', () => {
      Object.assign(this.#canvas, { width: 0, height: 0 }); // frees its memory
    });
  }

  /**
   * Show a picture until the user closes it; the browser then returns the focus.
   * @param {HTMLCanvasElement} picture
   * @param {string} name of the photo's file
   * @param {string} description of the picture
   */
  open(picture, name, description) {
    const { width, height } = picture;
    this.#name = name;
    write(part('picture-title'), name);
    this.#canvas.setAttribute('aria-label', description);
    Object.assign(this.#canvas, { width, height });
    this.#canvas.style.setProperty('--ratio', `${width / height}`);
    this.#canvas.getContext('2d')?.drawImage(picture, 0, 0);
    this.#dialog.showModal();
    this.#setZoom(false);
  }

  get #zoomed() {
    return this.#zoom.getAttribute('aria-pressed') === 'true';
  }

  /**
   * Fit the picture into the frame, or show its pixels in full size.
   * @param {boolean} zoomed
   * @param {{offsetX: number, offsetY: number}} [center] pixels of the shown picture; default: its
   *   middle
   */
  #setZoom(zoomed, center) {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const { offsetX = width / 2, offsetY = height / 2 } = center ?? {};
    const widthPx = Math.max(this.#canvas.width, MIN_ZOOM * width);
    this.#zoom.setAttribute('aria-pressed', `${zoomed}`);
    this.#frame.classList.toggle('zoomed', zoomed);
    this.#canvas.style.width = zoomed ? `${widthPx}px` : '';
    this.#frame.scrollTo({
      left: (offsetX / width) * this.#canvas.clientWidth - this.#frame.clientWidth / 2,
      top: (offsetY / height) * this.#canvas.clientHeight - this.#frame.clientHeight / 2,
    });
  }

  #save() {
    const name = `${this.#name.replace(/\.[^.]*$/, '')}-checked.jpg`;
    this.#canvas.toBlob((blob) => blob && save(blob, name), 'image/jpeg', JPEG_QUALITY);
  }
}
