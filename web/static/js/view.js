/** The live part of the page. The only room that touches the DOM. */

import { texts } from './texts.js';

/** @import { Judged } from './worker.js' */
/** @import { Box } from './geometry.js' */

const LABEL_ABOVE = 0.12; // share of the picture that a label above its box needs

export class View {
  /** @type {HTMLVideoElement} */
  video;
  #parts;
  #mirrored = false;

  /** @param {Document} document */
  constructor(document) {
    /**
     * @param {string} id
     * @returns {any}
     */
    const part = (id) => document.getElementById(id);
    this.video = part('video');
    this.#parts = {
      stage: part('stage'),
      boxes: part('boxes'),
      start: part('start'),
      stop: part('stop'),
      status: part('status'),
      rate: part('rate'),
      summary: part('summary'),
      alert: part('alert'),
      version: part('version'),
      upload: part('upload'),
      check: part('check'),
    };
  }

  /**
   * Take the buttons into use, which are hidden where scripts don't run.
   * @param {{start: () => void, stop: () => void, hide: (hidden: boolean) => void}} actions `hide`:
   *   the page is hidden, or shown again
   */
  on({ start, stop, hide }) {
    this.#parts.start.addEventListener('click', start);
    this.#parts.stop.addEventListener('click', stop);
    document.addEventListener('visibilitychange', () => hide(document.hidden));
    this.switched(false);
    this.#tellUpload();
  }

  /** Say that a photo is being judged; offer the button again to who comes back or chooses anew. */
  #tellUpload() {
    const { upload, check } = this.#parts;
    const offered = check.textContent;
    /** @param {boolean} on */
    const judging = (on) => {
      check.disabled = on;
      write(check, on ? texts.judging : offered);
    };
    upload.addEventListener('submit', () => judging(true));
    upload.addEventListener('change', () => judging(false));
    addEventListener('pageshow', () => judging(false));
  }

  /**
   * Offer Start or Stop; the focus follows from one to the other.
   * @param {boolean} on whether the camera is wanted
   */
  switched(on) {
    const { start, stop } = this.#parts;
    const focused = document.activeElement === start || document.activeElement === stop;
    start.hidden = on;
    stop.hidden = !on;
    if (focused) (on ? stop : start).focus();
  }

  /** @param {string} text the model's; the server began with another where one was trained since */
  version(text) {
    write(this.#parts.version, text);
  }

  /** @param {string} text what the page does now */
  status(text) {
    write(this.#parts.status, text);
  }

  /** @param {string} text not announced, since it changes all the time */
  rate(text) {
    write(this.#parts.rate, text);
  }

  /** @param {string} text what is seen */
  summary(text) {
    write(this.#parts.summary, text);
  }

  /** @param {string} text a warning or an error; empty if there is none */
  alert(text) {
    write(this.#parts.alert, text);
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
    this.#parts.stage.classList.add('live');
  }

  /** Whether the picture can be read; Chromium tells of a first one that it cannot give yet. */
  get playing() {
    return !this.video.paused && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** Show no picture. */
  clear() {
    this.video.srcObject = null;
    this.#parts.stage.classList.remove('live');
    this.#parts.boxes.replaceChildren();
    this.rate('');
    this.summary('');
  }

  /**
   * Frame each face: a word, the border's shape and its colour say the same.
   * @param {Pick<Judged, 'verdicts' | 'width' | 'height'>} judged
   */
  draw({ verdicts, width, height }) {
    const { stage, boxes } = this.#parts;
    stage.style.setProperty('--ratio', `${width / height}`);
    while (boxes.children.length > verdicts.length) boxes.lastElementChild.remove();
    while (boxes.children.length < verdicts.length) boxes.append(newBox());
    verdicts.forEach(({ label, probability, box }, i) => {
      const element = boxes.children[i];
      const place = placed(box, width, height, this.#mirrored);
      element.className = `box ${label}`;
      element.classList.toggle('inside', place.top < LABEL_ABOVE);
      element.classList.toggle('ending', place.left + place.width / 2 > 0.5);
      for (const edge of /** @type {const} */ (['left', 'top', 'width', 'height'])) {
        element.style[edge] = `${(place[edge] * 100).toFixed(2)}%`;
      }
      write(element.firstElementChild, texts.box(label, probability));
    });
  }
}

/**
 * Where to draw a box, in shares of the picture, cut at its edges.
 * @param {Box} box in pixels of the unmirrored picture
 * @param {number} width of the picture
 * @param {number} height of the picture
 * @param {boolean} mirrored
 * @returns {{left: number, top: number, width: number, height: number}} each 0 to 1
 */
export function placed(box, width, height, mirrored) {
  /** @param {number} value */
  const cut = (value) => Math.min(Math.max(value, 0), 1);
  const [left, right] = [cut(box.left / width), cut(box.right / width)];
  const [top, bottom] = [cut(box.top / height), cut(box.bottom / height)];
  const across = right - left;
  return { left: mirrored ? 1 - right : left, top, width: across, height: bottom - top };
}

function newBox() {
  const element = document.createElement('div');
  element.append(document.createElement('span'));
  return element;
}

/**
 * Only what is new, so that nothing is announced twice.
 * @param {Element} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
