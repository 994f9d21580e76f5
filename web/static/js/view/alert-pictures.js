/** The settings of pictures of alerts, and the button that exports them. */

import { texts } from '../texts/texts.js';
import { part, write } from './parts.js';

/** @import { Settings } from '../alerts/settings.js' */

export class PicturesView {
  #keep = part('set-keepPictures', HTMLInputElement);
  #hours = part('set-pictureHours', HTMLSelectElement);
  #delete = part('pictures-delete');
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
    this.#delete.addEventListener('click', () => {
      this.#keep.focus(); // this button disappears
      turnOff();
    });
  }

  /** @param {Pick<Settings, 'keepPictures' | 'pictureHours'>} settings */
  showSettings({ keepPictures, pictureHours }) {
    this.#keep.checked = keepPictures;
    this.#hours.value = `${pictureHours}`;
  }

  /** @param {string} text why no pictures are kept; empty if they are, or are not wanted */
  showNote(text) {
    write(part('pictures-note'), text);
    this.#delete.hidden = true;
  }

  /**
   * Leave the switch on, and offer to delete the pictures and switch it off.
   * @param {number} count of pictures
   */
  askToDelete(count) {
    this.#keep.checked = true;
    write(part('pictures-note'), texts.pictures.confirmOff(count));
    this.#delete.hidden = false;
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
}
