/** The page, as the rest of the code uses it. Only files of view/ access the DOM. */

import { home, language, texts } from '../texts/texts.js';
import { FullScreen } from './full-screen.js';
import { part, make, write } from './parts.js';
import { Stage } from './stage.js';
import { Tab } from './tab.js';

export { PicturesView } from './alert-pictures.js';
export { AlertsView } from './alerts.js';
export { CountsView } from './counts.js';
export { MAX_ROWS, keyOf } from './log-table.js';
export { save } from './parts.js';
export { PhotosView } from './photos.js';
export { PinDialog, pinProblem } from './pin.js';
export { offerSamples, openDemo } from './samples.js';

/** @import { ZoneEdges } from './zone.js' */

/**
 * Handlers of the buttons around the video.
 * @typedef {object} Actions
 * @property {() => void} start
 * @property {() => void} demo
 * @property {() => void} stop
 * @property {() => void} pause or resume
 * @property {() => void} flip switch to the camera with the other direction
 * @property {(device: string) => void} pick choose a camera
 * @property {(muted: boolean) => void} mute
 * @property {() => void} snapshot
 * @property {(on: boolean) => void} full full screen began or ended
 * @property {(zone: ZoneEdges) => void} zone the part of the picture that counts was drawn
 * @property {(hidden: boolean) => void} hide the page was hidden or shown
 */

export class View {
  /** @type {Stage} */
  stage;
  modelVersion = '';
  /** @type {FullScreen} */
  screen;
  #status = part('status');
  #rate = part('rate');
  #summary = part('summary');
  #announcement = part('announcement');
  #urgent = part('urgent');
  #alert = part('alert');
  #start = part('start');
  #demo = part('demo');
  #controls = part('controls');
  #cameras = part('cameras', HTMLSelectElement);
  #hasDirections = false;
  #statusTimer = 0;
  #tab;

  /** @param {Actions} actions */
  constructor(actions) {
    translate();
    this.#tab = new Tab();
    this.stage = new Stage(actions.zone);
    this.screen = new FullScreen(actions.full);
    this.#start.addEventListener('click', actions.start);
    for (const name of /** @type {const} */ (['demo', 'stop', 'pause', 'flip', 'snapshot'])) {
      part(name).addEventListener('click', actions[name]);
    }
    this.#cameras.addEventListener('change', () => actions.pick(this.#cameras.value));
    part('mute').addEventListener('click', () => actions.mute(toggle('mute')));
    document.addEventListener('visibilitychange', () => actions.hide(document.hidden));
    this.setActive(false);
  }

  /** Whether the page is hidden, as in a background tab. */
  get hidden() {
    return document.hidden;
  }

  /** Explain why this address has no camera, instead of offering to start it. */
  explainInsecure() {
    write(part('insecure'), texts.insecure(home));
    part('insecure').hidden = false;
    this.#start.hidden = this.#demo.hidden = true;
    this.status('');
  }

  /** @param {string[]} problems of the page's address, a sentence each */
  explainAddress(problems) {
    const items = problems.map((problem) => make('li', {}, problem));
    part('address').replaceChildren(make('p', {}, texts.address.wrong), make('ul', {}, ...items));
    part('address').hidden = false;
  }

  /**
   * Show either the Start button or the controls of a running camera, and keep the focus on them.
   * @param {boolean} active whether the camera is starting or running
   */
  setActive(active) {
    const focused = document.activeElement;
    const hasFocus =
      focused === this.#start || focused === this.#demo || this.#controls.contains(focused);
    const changed = this.#controls.hidden === active;
    this.#start.hidden = this.#demo.hidden = active;
    this.#controls.hidden = !active;
    if (changed && hasFocus) (active ? part('stop') : this.#start).focus({ preventScroll: true });
    if (!active) this.screen.leave();
  }

  /**
   * @param {boolean} available whether there is video to pause and to save
   * @param {boolean} paused
   */
  setPause(available, paused) {
    const button = part('pause', HTMLButtonElement);
    const words = paused ? texts.live.resume : texts.live.pause;
    button.disabled = part('snapshot', HTMLButtonElement).disabled = !available;
    button.setAttribute('aria-label', words);
    button.setAttribute('title', words);
    button.classList.toggle('pressed', paused);
  }

  /**
   * Show the cameras to choose from, if there are several.
   * @param {{id: string, name: string}[]} cameras
   * @param {string | undefined} device in use
   * @param {boolean} [hasDirections] whether they have directions, as on phones; default: unchanged
   */
  cameras(cameras, device, hasDirections = this.#hasDirections) {
    this.#hasDirections = hasDirections;
    const options = cameras.map(({ id, name }) => make('option', { value: id }, name));
    this.#cameras.replaceChildren(...options);
    this.#cameras.value = device ?? '';
    this.#cameras.hidden = cameras.length < 2;
    part('flip').hidden = cameras.length < 2 || !hasDirections;
  }

  /** @param {() => void} callback called once the page and its files are loaded */
  onLoad(callback) {
    if (document.readyState === 'complete') callback();
    else addEventListener('load', callback, { once: true });
  }

  /**
   * Offer a newer version of the page.
   * @param {() => void} reload
   */
  offerUpdate(reload) {
    const box = part('update');
    const now = make('button', { type: 'button', class: 'primary' }, texts.page.reload);
    const later = make('button', { type: 'button', class: 'secondary' }, texts.page.notNow);
    now.addEventListener('click', reload);
    later.addEventListener('click', () => {
      box.hidden = true;
      part('webcam-title').focus(); // the focused button is gone
    });
    box.replaceChildren(make('p', {}, texts.page.update), now, later);
    box.hidden = false;
  }

  /** @param {string} text version of the model in use, which may be newer than the page */
  version(text) {
    this.modelVersion = text;
    write(part('version'), text);
  }

  /**
   * @param {string} text announced by screen readers
   * @param {string} [detail] changes often, so it is not announced
   */
  status(text, detail = '') {
    clearTimeout(this.#statusTimer);
    write(this.#status, text);
    this.rate(detail);
  }

  /**
   * Change the status later, unless it changes before.
   * @param {string} text
   * @param {number} delayMs
   */
  statusLater(text, delayMs) {
    this.#statusTimer = window.setTimeout(() => write(this.#status, text), delayMs);
  }

  /** @param {string} text changes often, so it is not announced */
  rate(text) {
    write(this.#rate, text);
  }

  /** @param {string} text the result in one sentence */
  summary(text) {
    write(this.#summary, text);
  }

  /** @param {string} text the result for screen readers; empty to announce nothing */
  announce(text) {
    write(this.#announcement, text);
  }

  /** @param {string} text an alert for screen readers, which interrupts them; empty if it is over */
  interrupt(text) {
    write(this.#urgent, text);
  }

  /** @param {string} text an alert, whose number of people changes often, so it is not announced */
  alert(text) {
    write(this.#alert, text);
    this.#tab.show(text);
  }

  /** @param {string} text an error, also for screen readers; empty if there is none */
  error(text) {
    this.alert(text);
    this.interrupt(text);
  }

  /** Show no video and no results. */
  clear() {
    this.stage.clear();
    this.rate('');
    this.summary('');
  }
}

/**
 * @param {string} id of a toggle button
 * @returns {boolean} whether it is pressed now
 */
function toggle(id) {
  const pressed = part(id).getAttribute('aria-pressed') !== 'true';
  part(id).setAttribute('aria-pressed', `${pressed}`);
  return pressed;
}

/**
 * Translate the page, which the server renders in English: `data-text` has the path of an element's
 * text, `data-label` that of its accessible name.
 */
function translate() {
  const root = document.documentElement;
  if (language !== 'en') {
    root.lang = language;
    if (!document.querySelector('.result')) document.title = texts.page.title;
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = textAt(element.getAttribute('data-text'));
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', textAt(element.getAttribute('data-label')));
    }
  }
  for (const button of document.querySelectorAll('button.icon')) {
    button.setAttribute('title', button.getAttribute('aria-label') ?? '');
  }
  part('photo-label').textContent = texts.photo.chooseMany;
  part('photo-hint').textContent = texts.photo.here;
}

/**
 * @param {string | null} path such as `page.lead`
 * @returns {string}
 */
function textAt(path) {
  return (path ?? '').split('.').reduce((/** @type {any} */ value, name) => value[name], texts);
}
