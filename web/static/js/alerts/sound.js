/** The alert's sound: two short tones, made here and not loaded. */

const TONES = [880, 660]; // Hz, one after the other
const LENGTH = 0.18; // seconds of each
const RAMP = 0.02; // seconds that a tone takes to swell and to fade, so that it does not click
const LOUDNESS = 0.2; // of full scale

/**
 * What is used of an AudioContext.
 * @typedef {Pick<AudioContext, 'state' | 'currentTime' | 'destination' | 'resume' | 'createGain' |
 *   'createOscillator'>} Audio
 */

/** Silent until it is enabled, since browsers let only a user's gesture start a sound. */
export class Sound {
  muted = false;
  #create;
  /** @type {Audio | undefined} */
  #audio;

  /** @param {() => Audio} [create] */
  constructor(create = () => new AudioContext()) {
    this.#create = create;
  }

  /**
   * Call it while a click or a key is handled; again does no harm.
   * @returns {Promise<boolean>} whether sounds can be heard
   */
  async enable() {
    try {
      this.#audio ??= this.#create();
      await this.#audio.resume();
    } catch {
      return false; // no sound device, or not allowed
    }
    return this.#audio.state === 'running';
  }

  /** @returns {boolean} whether it sounds: it is enabled and not muted */
  play() {
    const audio = this.#audio;
    if (!audio || this.muted) return false;
    if (audio.state !== 'running') {
      audio.resume().catch(() => {}); // the system had suspended it: for the next time
      return false;
    }
    TONES.forEach((tone, i) => ring(audio, tone, audio.currentTime + i * LENGTH));
    return true;
  }
}

/**
 * @param {Audio} audio
 * @param {number} tone in Hz
 * @param {number} start in seconds of its clock
 */
function ring(audio, tone, start) {
  const end = start + LENGTH;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + RAMP);
  gain.gain.setValueAtTime(LOUDNESS, end - RAMP);
  gain.gain.linearRampToValueAtTime(0, end);
  gain.connect(audio.destination);
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = tone;
  oscillator.connect(gain);
  oscillator.start(start);
  oscillator.stop(end);
}
