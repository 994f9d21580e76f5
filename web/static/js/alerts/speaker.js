/** Reads the kiosk's messages aloud, with a voice of the device. */

const SETTLE_MS = 700; // a message must last, so that sentences are rarely cut off
const REPEAT_MS = 8000; // between the same sentence and itself
const LOAD_MS = 5000; // browsers load voices late, or have none

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
   * @param {(missing: boolean) => void} report called when voices have loaded, or did not in time:
   *   whether none of the device speaks the language
   * @param {SpeechSynthesis | undefined} [synthesis] undefined in browsers without speech
   */
  constructor(language, volumePercent, report, synthesis = globalThis.speechSynthesis) {
    this.#synthesis = synthesis;
    this.#language = language;
    this.#volumePercent = volumePercent;
    const check = () => report(!this.#voice());
    if (this.#voice()) return; // asking for it makes browsers load the voices
    synthesis?.addEventListener('voiceschanged', check);
    setTimeout(check, LOAD_MS);
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
    if (!text || this.#spoken || !due || !this.#speak(text)) return;
    this.#spoken = true;
    this.#spokenMs.set(text, nowMs);
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

  /** A voice of the device that speaks the language: others send the text to a service. */
  #voice() {
    return this.#synthesis
      ?.getVoices()
      .find(({ lang, localService }) => localService && lang.split(/[-_]/)[0] === this.#language);
  }

  /**
   * @param {string} text
   * @returns {boolean} whether there is a voice
   */
  #speak(text) {
    const voice = this.#voice();
    if (!voice) return false;
    const utterance = new SpeechSynthesisUtterance(text);
    const volume = this.#volumePercent / 100;
    Object.assign(utterance, { voice, lang: voice.lang, volume });
    this.#synthesis?.cancel();
    this.#synthesis?.speak(utterance);
    return true;
  }
}
