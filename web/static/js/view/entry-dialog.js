/** The dialog of an alert in the log: its picture, and the choice of the correct result. */

import { DEFINITE_LABELS } from '../labels.js';
import { texts } from '../texts/texts.js';
import { make, part, write } from './parts.js';

const NOT_A_FACE = 'not_a_face'; // a correction that is no label

/** @param {string} corrected a label, or `not_a_face` */
export function correctionWord(corrected) {
  return corrected === NOT_A_FACE ? texts.pictures.notAFace : texts.words[corrected];
}

export class EntryDialog {
  #dialog = part('entry', HTMLDialogElement);
  #picture = part('entry-picture', HTMLImageElement);

  constructor() {
    part('entry-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#picture.removeAttribute('src'));
  }

  /**
   * Open the dialog; once it is closed, the focus is where it was.
   * @param {{label: string, title: string, pictureUrl: string}} entry the URL is empty without a
   *   picture
   * @param {(corrected: string) => void} choose called with the right label, or `not_a_face`
   */
  open({ label, title, pictureUrl }, choose) {
    write(part('entry-title'), title);
    this.#picture.hidden = !pictureUrl;
    this.#picture.alt = texts.pictures.face;
    if (pictureUrl) this.#picture.src = pictureUrl;
    const others = [...DEFINITE_LABELS.filter((one) => one !== label), NOT_A_FACE];
    part('entry-choices').replaceChildren(...others.map((one) => this.#choice(one, choose)));
    this.#dialog.showModal();
  }

  /**
   * @param {string} corrected
   * @param {(corrected: string) => void} choose
   */
  #choice(corrected, choose) {
    const button = make('button', { type: 'button' }, correctionWord(corrected));
    button.addEventListener('click', () => {
      this.#dialog.close();
      choose(corrected);
    });
    return button;
  }
}
