/** Full screen: the video from edge to edge, one message over it, and the buttons it needs. */

import { onLongPress } from './long-press.js';
import { make, part, write } from './parts.js';

/** The symbol of each message's label; its color is in kiosk.css and labels.css. */
const SYMBOLS = /** @type {Record<string, string>} */ ({
  noFace: '#kiosk-idle',
  with_mask: '#kiosk-welcome',
  without_mask: '#kiosk-please',
  incorrect_mask: '#kiosk-please',
  unsure: '#kiosk-unsure',
  too_small: '#kiosk-unsure',
});
const LONG_TEXT = 60; // characters from which the message is set smaller

export class FullScreen {
  #scene = part('scene');
  #top = part('full-top');
  #bar = part('full-bar');
  #kiosk = part('kiosk');
  #symbol = part('kiosk-symbol', SVGElement);
  #text = part('kiosk-text');
  #leave = part('leave');
  #enter = part('full');
  #locked = false;
  /** @type {Record<string, string>} */
  #problems = {};
  #onChange;

  /** @param {(on: boolean) => void} onChange called when full screen begins or ends */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#enter.addEventListener('click', () => this.#turn(true));
    this.#leave.addEventListener('click', () => this.leave());
    document.addEventListener('fullscreenchange', () =>
      this.#turn(Boolean(document.fullscreenElement)),
    );
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.leave();
    });
  }

  /** Whether it is on. */
  get on() {
    return this.#scene.classList.contains('full');
  }

  /**
   * Leave full screen, unless it is locked. The browser leaves first: while the scene fills the
   * screen, nothing outside of it can have the focus.
   */
  leave() {
    if (this.#locked || !document.fullscreenElement) this.#turn(false);
    else document.exitFullscreen().catch(() => this.#turn(false));
  }

  /**
   * Fill the page, and the screen once it is touched, without a way back.
   * @param {() => void} onClick
   */
  lock(onClick) {
    this.#locked = true;
    this.#turn(true);
    this.#bar.hidden = true;
    this.#scene.classList.add('locked');
    this.#scene.addEventListener('click', () => {
      this.#fillScreen();
      onClick();
    });
  }

  /** @param {() => void} callback called when the scene, or Escape, is pressed for long */
  onLongPress(callback) {
    onLongPress(this.#scene, callback);
  }

  /**
   * @param {string} text the message
   * @param {string} label whose color and symbol it has
   */
  showMessage(text, label) {
    write(this.#text, text);
    this.#symbol.setAttribute('href', SYMBOLS[label] ?? SYMBOLS.unsure);
    this.#kiosk.className = `kiosk ${label}`;
    this.#kiosk.classList.toggle('long', text.length >= LONG_TEXT);
  }

  /**
   * Show a problem to the operator, beside those of other parts.
   * @param {'camera' | 'logo' | 'voice'} name of the part
   * @param {string} text empty if it has none
   */
  showProblem(name, text) {
    this.#problems[name] = text;
    const shown = Object.values(this.#problems).filter((problem) => problem !== '');
    write(part('kiosk-problem'), shown.join(' '));
  }

  /**
   * Show a logo in the corner.
   * @param {string} address
   * @param {string} alt its alternative text
   * @param {() => void} onMissing called if it cannot be loaded
   */
  showLogo(address, alt, onMissing) {
    const logo = make('img', { src: address, alt, class: 'logo' });
    logo.addEventListener('error', () => {
      logo.remove();
      onMissing();
    });
    this.#top.prepend(logo);
  }

  /** @param {boolean} on */
  #turn(on) {
    if (on === this.on || (!on && this.#locked)) return;
    this.#scene.classList.toggle('full', on);
    this.#top.hidden = !on;
    this.#kiosk.hidden = !on;
    this.#setInert(on);
    this.#moveFocus();
    this.#moveButtons();
    this.#onChange(on);
    if (on) this.#fillScreen();
  }

  /**
   * Browsers allow full screen only after a click or a touch, and iPhones do not have it. It would
   * cover a dialog that is open.
   */
  async #fillScreen() {
    const { userActivation } = navigator;
    const covers = this.#scene.querySelector('dialog[open]');
    if (userActivation?.isActive === false || document.fullscreenElement || covers) return;
    await this.#scene.requestFullscreen?.().catch(() => {});
  }

  /** @param {boolean} inert whether all elements outside of the scene are inert */
  #setInert(inert) {
    /** @type {Element} */
    let inner = this.#scene;
    for (let outer = inner.parentElement; outer; inner = outer, outer = outer.parentElement) {
      if (inner === document.body) return;
      for (const one of outer.children) if (one !== inner) one.toggleAttribute('inert', inert);
    }
  }

  /** Focus the button that reverts the change; without a camera, that is Start. */
  #moveFocus() {
    if (this.on) this.#leave.focus();
    else if (this.#enter.closest('[hidden]')) part('start').focus();
    else this.#enter.focus();
  }

  /** Mute and Pause are beside Exit while full screen is on, else among the controls. */
  #moveButtons() {
    if (this.on) {
      this.#bar.prepend(part('mute'), part('pause'));
    } else {
      part('snapshot').before(part('mute'));
      part('stop').before(part('pause'));
    }
  }
}
