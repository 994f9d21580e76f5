/** The page as the rest of the program sees it. Only this file and those in view/ touch the DOM. */

import { home, language, texts } from '../texts/texts.js';
import { part, make, write } from './parts.js';
import { Stage } from './stage.js';

export { AlertsView } from './alerts.js';
export { CountsView } from './counts.js';
export { save } from './parts.js';
export { PhotosView } from './photos.js';

/**
 * What the buttons round the picture do.
 * @typedef {object} Actions
 * @property {() => void} start
 * @property {() => void} stop
 * @property {() => void} pause or go on
 * @property {() => void} flip to the camera that looks the other way
 * @property {(device: string) => void} pick a camera
 * @property {(muted: boolean) => void} mute
 * @property {() => void} snapshot
 * @property {(on: boolean) => void} full the screen is filled, or no longer
 * @property {(hidden: boolean) => void} hide the page is hidden, or shown again
 */

export class View {
  /** @type {Stage} */
  stage;
  #status = part('status');
  #rate = part('rate');
  #summary = part('summary');
  #alert = part('alert');
  #start = part('start');
  #controls = part('controls');
  #phone = false;
  #later = 0;

  /** @param {Actions} actions */
  constructor(actions) {
    translate();
    this.stage = new Stage(actions.full);
    this.#start.addEventListener('click', actions.start);
    for (const name of /** @type {const} */ (['stop', 'pause', 'flip', 'snapshot'])) {
      part(name).addEventListener('click', actions[name]);
    }
    part('cameras').addEventListener('change', () => actions.pick(part('cameras').value));
    part('mute').addEventListener('click', () => actions.mute(this.#press('mute')));
    document.addEventListener('visibilitychange', () => actions.hide(document.hidden));
    this.switched(false);
  }

  /** Whether nobody can see the page. */
  get hidden() {
    return document.hidden;
  }

  /** Say why the camera cannot be had at this address, instead of offering it. */
  insecure() {
    write(part('insecure'), texts.insecure(home));
    part('insecure').hidden = false;
    this.#start.hidden = true;
    this.status(''); // not ready
  }

  /**
   * Offer Start or what goes with a running camera; the focus follows from one to the other.
   * @param {boolean} on whether the camera is wanted
   */
  switched(on) {
    const focused = document.activeElement;
    const within = focused === this.#start || this.#controls.contains(focused);
    const changes = this.#controls.hidden === on;
    this.#start.hidden = on;
    this.#controls.hidden = !on;
    if (changes && within) (on ? part('stop') : this.#start).focus();
    if (!on) this.stage.leaveFull();
  }

  /**
   * @param {string} name of a button that stays pressed
   * @returns {boolean} whether it is now
   */
  #press(name) {
    const pressed = part(name).getAttribute('aria-pressed') !== 'true';
    part(name).setAttribute('aria-pressed', `${pressed}`);
    return pressed;
  }

  /**
   * @param {boolean} can whether there is a picture to pause and to save
   * @param {boolean} on whether the user paused
   */
  pausing(can, on) {
    const button = part('pause');
    const words = on ? texts.live.resume : texts.live.pause;
    button.disabled = part('snapshot').disabled = !can;
    button.setAttribute('aria-label', words);
    button.setAttribute('title', words);
    button.classList.toggle('pressed', on);
  }

  /**
   * The cameras to choose from; nothing where there is no choice.
   * @param {{id: string, name: string}[]} cameras
   * @param {string | undefined} device in use
   * @param {boolean} [phone] whether they look different ways; as before if not given
   */
  cameras(cameras, device, phone = this.#phone) {
    this.#phone = phone;
    const select = part('cameras');
    select.replaceChildren(...cameras.map(({ id, name }) => make('option', { value: id }, name)));
    select.value = device ?? '';
    select.hidden = cameras.length < 2;
    part('flip').hidden = cameras.length < 2 || !phone;
  }

  /** @param {() => void} call once the page has all its files */
  loaded(call) {
    if (document.readyState === 'complete') call();
    else addEventListener('load', call, { once: true });
  }

  /**
   * Offer a newer page.
   * @param {() => void} take
   */
  offer(take) {
    const box = part('update');
    const now = make('button', { type: 'button', class: 'main' }, texts.page.reload);
    const later = make('button', { type: 'button', class: 'quiet' }, texts.page.notNow);
    now.addEventListener('click', take);
    later.addEventListener('click', () => {
      box.hidden = true;
      part('webcam-title').focus(); // else the focus would go with the box
    });
    box.replaceChildren(make('p', {}, texts.page.update), now, later);
    box.hidden = false;
  }

  /** @param {string} text the model's; the server began with another where one was trained since */
  version(text) {
    write(part('version'), text);
  }

  /**
   * Say what the page does now.
   * @param {string} text announced
   * @param {string} [detail] not announced, since it changes all the time
   */
  status(text, detail = '') {
    clearTimeout(this.#later);
    write(this.#status, text);
    this.rate(detail);
  }

  /**
   * Say something else later, unless something is said before.
   * @param {string} text
   * @param {number} afterMs
   */
  statusLater(text, afterMs) {
    this.#later = window.setTimeout(() => write(this.#status, text), afterMs);
  }

  /** @param {string} text not announced, since it changes all the time */
  rate(text) {
    write(this.#rate, text);
  }

  /** @param {string} text what is seen */
  summary(text) {
    write(this.#summary, text);
  }

  /** @param {string} text a warning or an error; empty if there is none */
  alert(text) {
    write(this.#alert, text);
  }

  /** Show no picture. */
  clear() {
    this.stage.clear();
    this.rate('');
    this.summary('');
  }
}

/**
 * Put the page's own words in the reader's language: those of `data-text` into elements, those of
 * `data-label` into their names. The server writes them in English.
 */
function translate() {
  const root = document.documentElement;
  if (language !== 'en') {
    root.lang = language;
    if (!document.querySelector('.result')) document.title = texts.page.title;
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = wordsAt(element.getAttribute('data-text'));
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', wordsAt(element.getAttribute('data-label')));
    }
  }
  for (const button of document.querySelectorAll('button.icon')) {
    button.setAttribute('title', button.getAttribute('aria-label') ?? '');
  }
  part('photo-label').textContent = texts.photo.chooseMany;
  part('photo-hint').textContent = texts.photo.here;
}

/** @param {string | null} path such as `page.lead` */
function wordsAt(path) {
  return (path ?? '').split('.').reduce((/** @type {any} */ found, name) => found[name], texts);
}
