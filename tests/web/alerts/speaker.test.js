import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Speaker } from '../../../web/static/js/alerts/speaker.js';

const GERMAN = { lang: 'de-DE', localService: true };

/** A browser's speech that records what it is asked to do. */
class Synthesis {
  /** @type {any[]} */
  voices = [{ lang: 'en-US', localService: true }, { lang: 'de-DE', localService: false }, GERMAN];
  /** @type {any[]} */
  spoken = [];
  cancelled = 0;
  asked = 0;
  loaded = () => {};

  getVoices() {
    this.asked += 1;
    return this.voices;
  }

  /** @type {(name: string, callback: () => void) => void} */
  addEventListener(name, callback) {
    if (name === 'voiceschanged') this.loaded = callback;
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

/** @type {boolean[]} */
let missing;

/** @param {any} speech of the browser */
const opened = (speech) => new Speaker('de', 50, (value) => missing.push(value), speech);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  missing = [];
  Object.assign(globalThis, {
    SpeechSynthesisUtterance: class {
      /** @param {string} text */
      constructor(text) {
        this.text = text;
      }
    },
  });
  synthesis = new Synthesis();
  speaker = opened(synthesis);
});

afterEach(() => mock.timers.reset());

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

test('a missing voice is reported after a time, and no longer once it is installed', () => {
  const others = synthesis.voices.slice(0, 2);
  Object.assign(synthesis, { voices: others });
  speaker = opened(synthesis);
  show('Willkommen', 0, 1000);
  assert.deepEqual([synthesis.said, missing], [[], []]);
  mock.timers.tick(5000);
  assert.deepEqual(missing, [true]);
  synthesis.voices = [...others, GERMAN];
  synthesis.loaded();
  assert.deepEqual(missing, [true, false]);
});

test('voices that are loaded late speak the first sentence', () => {
  synthesis.voices = [];
  synthesis.asked = 0;
  speaker = opened(synthesis);
  assert.ok(synthesis.asked > 0, 'asking makes browsers load them');
  show('Willkommen', 0, 1000);
  synthesis.voices = [GERMAN];
  show('Willkommen', 1100, 1200);
  assert.deepEqual(synthesis.said, ['Willkommen']);
});

test('a browser with a voice has no problem', () => {
  mock.timers.tick(60_000);
  assert.deepEqual(missing, []);
});

test('a browser without speech is reported', () => {
  speaker = opened(null);
  show('Willkommen', 0, 1000);
  show('', 1100, 1200);
  mock.timers.tick(5000);
  assert.deepEqual(missing, [true]);
});
