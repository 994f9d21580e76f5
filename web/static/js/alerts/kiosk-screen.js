/** The message of the full screen: shown, and read aloud in a kiosk that speaks. */

import { texts } from '../texts/texts.js';
import { KioskMessage } from './kiosk-message.js';

/** @import { Track } from '../tracking/track.js' */
/** @import { View } from '../view/view.js' */
/** @import { Speaker } from './speaker.js' */

export class KioskScreen {
  #screen;
  #phrases = texts.kiosk;
  #message = new KioskMessage(this.#phrases);
  /** @type {Speaker | undefined} */
  #speaker;

  /** @param {View['screen']} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  /** Whether messages are read aloud. */
  get speaks() {
    return this.#speaker !== undefined;
  }

  /**
   * @param {Record<string, string>} phrases own messages, by key of `texts.kiosk`
   * @param {Speaker} [speaker] reads them aloud
   */
  configure(phrases, speaker) {
    this.#phrases = { ...texts.kiosk, ...phrases };
    this.#speaker = speaker;
  }

  /**
   * Show the message for the faces in view, and read it aloud if there are any.
   * @param {Track[]} tracks
   * @param {number} nowMs
   * @returns {string} the message
   */
  update(tracks, nowMs) {
    const { text, label } = this.#message.update(tracks, nowMs);
    this.#screen.showMessage(text, label);
    this.#speaker?.update(label === 'noFace' ? '' : text, nowMs);
    return text;
  }

  /** Reset the message for the next person. */
  reset() {
    this.#message = new KioskMessage(this.#phrases);
    this.#speaker?.update('', performance.now());
    this.#screen.showMessage(this.#phrases.unsure, 'unsure');
  }

  /** Show the message for a kiosk that does not work. */
  askStaff() {
    this.#screen.showMessage(this.#phrases.staff, 'unsure');
  }
}
