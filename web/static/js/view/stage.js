/** The camera's picture with its boxes, in the page or filling the screen. */

import { annotate } from '../vision/annotate.js';
import { drawBoxes } from './boxes.js';
import { part, save, write } from './parts.js';

/** @import { Annotation } from '../vision/annotate.js' */

export class Stage {
  /** @type {HTMLVideoElement} */
  video = part('video');
  #scene = part('scene');
  #stage = part('stage');
  #boxes = part('boxes');
  #kiosk = part('kiosk');
  #leave = part('leave');
  #full = part('full');
  #mirrored = false;
  /** @type {Annotation[]} */
  #told = [];

  /** @param {(on: boolean) => void} onFull called when the screen is filled, or no longer */
  constructor(onFull) {
    /** @param {boolean} on */
    const turn = (on) => {
      if (on !== this.full) this.#turn(on, onFull);
    };
    this.#full.addEventListener('click', () => turn(true));
    this.#leave.addEventListener('click', () => turn(false));
    document.addEventListener('fullscreenchange', () => turn(Boolean(document.fullscreenElement)));
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') turn(false);
    });
    this.leaveFull = () => turn(false);
  }

  /** Whether it fills the screen. */
  get full() {
    return this.#scene.classList.contains('full');
  }

  /**
   * Where the browser can't fill the screen, as on iPhones, the page is filled.
   * @param {boolean} on
   * @param {(on: boolean) => void} onFull
   */
  async #turn(on, onFull) {
    this.#scene.classList.toggle('full', on);
    this.#leave.hidden = !on;
    this.#kiosk.hidden = !on;
    this.#contain(on);
    onFull(on);
    if (on) await this.#scene.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
    this.#focus();
  }

  /** @param {boolean} on whether what the scene covers can't be reached */
  #contain(on) {
    /** @type {Element} */
    let inner = this.#scene;
    for (let outer = inner.parentElement; outer; inner = outer, outer = outer.parentElement) {
      if (inner === document.body) return;
      for (const other of outer.children) if (other !== inner) other.toggleAttribute('inert', on);
    }
  }

  /** The focus follows; without a camera, the button that fills the screen is hidden. */
  #focus() {
    if (this.full) this.#leave.focus();
    else if (this.#full.closest('[hidden]')) part('start').focus();
    else this.#full.focus();
  }

  /**
   * Show the camera's picture.
   * @param {MediaStream} stream
   * @param {boolean} mirrored as the one before the camera expects; boxes and words never are
   */
  show(stream, mirrored) {
    this.#mirrored = mirrored;
    this.video.classList.toggle('mirrored', mirrored);
    this.video.srcObject = stream;
    this.#stage.classList.add('live');
  }

  /** Whether the picture can be read; Chromium tells of a first one that it cannot give yet. */
  get playing() {
    return !this.video.paused && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** @param {boolean} on whether the picture stands still */
  still(on) {
    if (on) this.video.pause();
    else this.video.play().catch(() => {}); // a camera that ends meanwhile tells so itself
  }

  /** Show no picture. */
  clear() {
    this.video.srcObject = null;
    this.#stage.classList.remove('live', 'warned');
    this.#boxes.replaceChildren();
    this.#told = [];
  }

  /** @param {{tracks: Annotation[], width: number, height: number}} judged */
  draw({ tracks, width, height }) {
    this.#told = tracks;
    this.#scene.style.setProperty('--ratio', `${width / height}`);
    drawBoxes(this.#boxes, { told: tracks, width, height }, this.#mirrored);
  }

  /** @param {boolean} on whether an alert is on */
  warn(on) {
    this.#stage.classList.toggle('warned', on);
  }

  /**
   * The one big sentence of the full screen.
   * @param {string} text
   * @param {string} label for its colour
   */
  tell(text, label) {
    write(this.#kiosk, text);
    this.#kiosk.className = `kiosk ${label}`;
  }

  /**
   * Save the picture as it is shown, with its boxes.
   * @param {string} name of the file
   */
  save(name) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    context.save();
    if (this.#mirrored) context.transform(-1, 0, 0, 1, width, 0);
    context.drawImage(this.video, 0, 0);
    context.restore();
    annotate(context, this.#mirrored ? this.#told.map((told) => flipped(told, width)) : this.#told);
    canvas.toBlob((blob) => blob && save(blob, name), 'image/jpeg', 0.92);
  }
}

/**
 * @param {Annotation} told
 * @param {number} width of the picture
 * @returns {Annotation}
 */
function flipped(told, width) {
  const { left, right } = told.box;
  return { ...told, box: { ...told.box, left: width - right, right: width - left } };
}
