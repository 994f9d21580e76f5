/** The settings of pictures of alerts, and the button that exports them. */

import { texts } from '../texts/texts.js';
import { part, write } from './parts.js';

/** @import { Settings } from '../alerts/settings.js' */

export class PicturesView {
  #keep = part('set-keepPictures', HTMLInputElement);
  #hours = part('set-pictureHours', HTMLSelectElement);
  #question = part('pictures-question');
  #export = part('pictures-export');

  /**
   * @param {object} actions
   * @param {(on: boolean) => void} actions.keep switch pictures on, or ask to switch them off
   * @param {(hours: number) => void} actions.deleteAfter
   * @param {() => void} actions.turnOff switch pictures off and delete them
   * @param {() => void} actions.exportAll
   */
  constructor({ keep, deleteAfter, turnOff, exportAll }) {
    this.#keep.addEventListener('change', () => keep(this.#keep.checked));
    this.#hours.addEventListener('change', () => deleteAfter(Number(this.#hours.value)));
    this.#export.addEventListener('click', exportAll);
    part('pictures-delete').addEventListener('click', () => {
      this.#dismiss();
      turnOff();
    });
    part('pictures-stay').addEventListener('click', () => this.#dismiss());
  }

  /** @param {Pick<Settings, 'keepPictures' | 'pictureHours'>} settings */
  showSettings({ keepPictures, pictureHours }) {
    this.#keep.checked = keepPictures;
    this.#hours.value = `${pictureHours}`;
  }

  /** @param {string} text why no pictures are kept; empty if they are, or are not wanted */
  showNote(text) {
    write(part('pictures-note'), text);
    this.#question.hidden = true;
  }

  /** Close the question, whose buttons disappear. */
  #dismiss() {
    if (this.#question.contains(document.activeElement)) this.#keep.focus();
    this.showNote('');
  }

  /**
   * Leave the switch on, and offer to delete the pictures and switch it off.
   * @param {number} count of pictures
   */
  askToDelete(count) {
    this.#keep.checked = true;
    this.#question.hidden = false;
    this.recount(count);
  }

  /** @param {number} count of pictures, which the question names; without any it is closed */
  recount(count) {
    if (this.#question.hidden) return;
    if (count > 0) write(part('pictures-note'), texts.pictures.confirmOff(count));
    else this.#dismiss();
  }

  /** @param {number} count of pictures that can be exported; without any, there is no button */
  showExport(count) {
    if (count === 0 && document.activeElement === this.#export) part('log-download').focus();
    this.#export.hidden = count === 0;
    write(this.#export, texts.pictures.exportAll(count));
  }

  /** @param {string} text what failed with the pictures; empty if nothing did */
  showProblem(text) {
    write(part('pictures-problem'), text);
  }

  /** @param {string} text of the problem that is over */
  hideProblem(text) {
    const shown = part('pictures-problem');
    if (shown.textContent === text) write(shown, '');
  }
}
