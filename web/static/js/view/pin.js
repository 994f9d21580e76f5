/** The dialog that asks for the kiosk's PIN, with keys for screens without a keyboard. */

import { texts } from '../texts/texts.js';
import { make, part, write } from './parts.js';

const CLOSE_MS = 15_000; // without input
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

export class PinDialog {
  #dialog = part('pin-dialog', HTMLDialogElement);
  #input = part('pin', HTMLInputElement);
  #problem = part('pin-problem');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(pin: string) => string} enter returns what is wrong; empty if it is the right PIN */
  constructor(enter) {
    const keys = DIGITS.map((digit) => key(digit, () => this.#change(this.#input.value + digit)));
    keys.splice(9, 0, part('pin-erase')); // beside the zero
    part('pin-keys').prepend(...keys);
    part('pin-erase').addEventListener('click', () => this.#change(this.#input.value.slice(0, -1)));
    this.#input.addEventListener('input', () => write(this.#problem, ''));
    part('pin-cancel').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => clearTimeout(this.#timer));
    for (const name of ['click', 'keydown']) {
      this.#dialog.addEventListener(name, () => this.#closeLater());
    }
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && event.repeat) event.preventDefault(); // still held to open it
    });
    part('pin-form').addEventListener('submit', (event) => {
      event.preventDefault();
      write(this.#problem, enter(this.#input.value));
      this.#input.value = '';
      this.#input.focus();
    });
  }

  /** Ask for the PIN, unless it is asked already. */
  open() {
    if (this.#dialog.open) return;
    this.#change('');
    this.#dialog.showModal();
    this.#closeLater();
  }

  /**
   * Change the PIN. The problem of the last one goes, so that the same one is announced again.
   * @param {string} pin
   */
  #change(pin) {
    this.#input.value = pin.slice(0, this.#input.maxLength);
    write(this.#problem, '');
  }

  #closeLater() {
    clearTimeout(this.#timer);
    if (this.#dialog.open) this.#timer = setTimeout(() => this.#dialog.close(), CLOSE_MS);
  }
}

/**
 * The sentence on a PIN that does not leave the kiosk.
 * @param {number} waitMs until the next one is compared
 */
export function pinProblem(waitMs) {
  return waitMs > 0 ? texts.pin.wait(Math.ceil(waitMs / 1000)) : texts.pin.wrong;
}

/**
 * @param {string} digit
 * @param {() => void} press
 */
function key(digit, press) {
  const button = make('button', { type: 'button' }, digit);
  button.addEventListener('click', press);
  return button;
}
