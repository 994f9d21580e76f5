/** Reads the kiosk's messages aloud, with a voice of the device. */

const SETTLE_MS = 700; // a message must last, so that sentences are rarely cut off
const REPEAT_MS = 8000; // between the same sentence and itself

export class Speaker {
  #synthesis;
  #language;
  #volumePercent;
  #text = '';
  #sinceMs = 0;
  #spoken = false; // whether the text in view was
  /** @type {Map<string, number>} when each sentence was spoken last, ms */
  #spokenMs = new Map();

  /**
   * @param {string} language such as `de`
   * @param {number} volumePercent 0 to 100
   * @param {SpeechSynthesis | undefined} [synthesis] undefined in browsers without speech
   */
  constructor(language, volumePercent, synthesis = globalThis.speechSynthesis) {
    this.#synthesis = synthesis;
    this.#language = language;
    this.#volumePercent = volumePercent;
  }

  /**
   * Must be called for each frame: speaks a new message once it has lasted.
   * @param {string} text empty to be silent at once
   * @param {number} nowMs
   */
  update(text, nowMs) {
    if (text !== this.#text) this.#change(text, nowMs);
    const silentMs = nowMs - (this.#spokenMs.get(text) ?? -Infinity);
    const due = nowMs - this.#sinceMs >= SETTLE_MS && silentMs >= REPEAT_MS;
    if (!text || this.#spoken || !due) return;
    this.#spoken = true;
    this.#spokenMs.set(text, nowMs);
    this.#speak(text);
  }

  /**
   * @param {string} text
   * @param {number} nowMs
   */
  #change(text, nowMs) {
    this.#text = text;
    this.#sinceMs = nowMs;
    this.#spoken = false;
    if (!text) this.#synthesis?.cancel();
  }

  /**
   * Only a voice of the device is used: others send the text to a service.
   * @param {string} text
   */
  #speak(text) {
    const voice = this.#synthesis
      ?.getVoices()
      .find(({ lang, localService }) => localService && lang.split(/[-_]/)[0] === this.#language);
    if (!voice) return;
    const utterance = new SpeechSynthesisUtterance(text);
    const volume = this.#volumePercent / 100;
    Object.assign(utterance, { voice, lang: voice.lang, volume });
    this.#synthesis?.cancel();
    this.#synthesis?.speak(utterance);
  }
}
