import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Speaker } from '../../../web/static/js/alerts/speaker.js';

const GERMAN = { lang: 'de-DE', localService: true };

/** A browser's speech that records what it is asked to do. */
class Synthesis {
  /** @type {any[]} */
  voices = [{ lang: 'en-US', localService: true }, { lang: 'de-DE', localService: false }, GERMAN];
  /** @type {any[]} */
  spoken = [];
  cancelled = 0;

  getVoices() {
    return this.voices;
  }

  /** @param {any} utterance */
  speak(utterance) {
    this.spoken.push(utterance);
  }

  cancel() {
    this.cancelled += 1;
  }

  get said() {
    return this.spoken.map(({ text }) => text);
  }
}

/** @type {Synthesis} */
let synthesis;
/** @type {Speaker} */
let speaker;

beforeEach(() => {
  Object.assign(globalThis, {
    SpeechSynthesisUtterance: class {
      /** @param {string} text */
      constructor(text) {
        this.text = text;
      }
    },
  });
  synthesis = new Synthesis();
  speaker = new Speaker('de', 50, /** @type {any} */ (synthesis));
});

/**
 * Show a text from one time to another, in ms.
 * @param {string} text
 * @param {number} fromMs
 * @param {number} untilMs
 */
function show(text, fromMs, untilMs) {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 100) speaker.update(text, nowMs);
}

test('a message is spoken once it has lasted, and once', () => {
  show('Willkommen', 0, 600);
  assert.deepEqual(synthesis.said, []);
  show('Willkommen', 700, 60_000);
  assert.deepEqual(synthesis.said, ['Willkommen']);
});

test('a voice of the device in the language speaks, as loud as wanted', () => {
  show('Willkommen', 0, 1000);
  const [{ voice, lang, volume }] = synthesis.spoken;
  assert.deepEqual([voice, lang, volume], [GERMAN, 'de-DE', 0.5]);
});

test('the next person hears the same sentence, but not within 8 seconds', () => {
  show('Willkommen', 0, 1000);
  show('', 1100, 2000);
  show('Willkommen', 2100, 8600);
  assert.equal(synthesis.spoken.length, 1);
  show('Willkommen', 8700, 9000);
  assert.equal(synthesis.spoken.length, 2);
});

test('a new sentence ends the previous one; speech ends when the person leaves', () => {
  show('Bitte warten', 0, 1000);
  show('Willkommen', 1100, 2000);
  assert.deepEqual(synthesis.said, ['Bitte warten', 'Willkommen']);
  const before = synthesis.cancelled;
  show('', 2100, 2100);
  assert.equal(synthesis.cancelled, before + 1);
});

test('without a voice of the device in the language it is silent', () => {
  synthesis.voices = synthesis.voices.slice(0, 2);
  show('Willkommen', 0, 1000);
  assert.deepEqual(synthesis.said, []);
});

test('a browser without speech is silent', () => {
  const silent = new Speaker('de', 50, undefined);
  silent.update('Willkommen', 0);
  silent.update('Willkommen', 1000);
  silent.update('', 2000);
});
