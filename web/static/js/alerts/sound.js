/** The alert sound: two short tones, synthesized. */

const TONES_HZ = [880, 660];
const TONE_S = 0.18;
const FADE_S = 0.02; // at both ends of a tone, which would click otherwise
const FULL_GAIN = 0.5; // at 100 percent; more distorts small speakers

/**
 * The part of an AudioContext that is used.
 * @typedef {Pick<AudioContext, 'state' | 'currentTime' | 'destination' | 'resume' | 'createGain' |
 *   'createOscillator'>} Audio
 */

/** Silent until it is enabled: browsers only let a user gesture start a sound. */
export class Sound {
  volumePercent = 40; // 0 to 100
  #create;
  /** @type {Audio | undefined} */
  #audio;

  /** @param {() => Audio} [create] */
  constructor(create = () => new AudioContext()) {
    this.#create = create;
  }

  /**
   * Must be called while a click or key event is handled; may be called repeatedly.
   * @returns {Promise<boolean>} whether sounds can be played
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

  /** @returns {boolean} whether the sound is played: it is enabled */
  play() {
    const audio = this.#audio;
    if (!audio) return false;
    if (audio.state !== 'running') {
      audio.resume().catch(() => {}); // suspended by the system; resumed for the next alert
      return false;
    }
    const gain = (this.volumePercent / 100) * FULL_GAIN;
    TONES_HZ.forEach((tone, i) => {
      scheduleTone(audio, tone, gain, audio.currentTime + i * TONE_S);
    });
    return true;
  }
}

/**
 * @param {Audio} audio
 * @param {number} toneHz
 * @param {number} loudness 0 to 1 of full scale
 * @param {number} startS on the clock of `audio`
 */
function scheduleTone(audio, toneHz, loudness, startS) {
  const endS = startS + TONE_S;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(loudness, startS + FADE_S);
  gain.gain.setValueAtTime(loudness, endS - FADE_S);
  gain.gain.linearRampToValueAtTime(0, endS);
  gain.connect(audio.destination);
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = toneHz;
  oscillator.connect(gain);
  oscillator.start(startS);
  oscillator.stop(endS);
}
