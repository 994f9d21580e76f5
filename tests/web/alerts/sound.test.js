import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sound } from '../../../web/static/js/alerts/sound.js';

/** An AudioContext that writes down what it is asked for. */
class Audio {
  state = 'suspended';
  currentTime = 5;
  destination = {};
  /** @type {{frequency: {value: number}, started: number, stopped: number}[]} */
  tones = [];
  /** @type {[number, number][]} time and loudness */
  loudness = [];
  allowed = true;

  async resume() {
    if (!this.allowed) throw new DOMException('', 'NotAllowedError');
    this.state = 'running';
  }

  createGain() {
    const note = (/** @type {number} */ value, /** @type {number} */ time) => {
      this.loudness.push([time, value]);
    };
    return { gain: { setValueAtTime: note, linearRampToValueAtTime: note }, connect: () => {} };
  }

  createOscillator() {
    const tone = { frequency: { value: 0 }, started: NaN, stopped: NaN };
    this.tones.push(tone);
    return {
      ...tone,
      connect: () => {},
      start: (/** @type {number} */ time) => { tone.started = time; },
      stop: (/** @type {number} */ time) => { tone.stopped = time; },
    };
  }
}

function newSound() {
  const audio = new Audio();
  let made = 0;
  const sound = new Sound(() => {
    made += 1;
    return /** @type {any} */ (audio);
  });
  return { audio, sound, made: () => made };
}

test('nothing is made before the user asks for sound', () => {
  const { sound, made } = newSound();
  assert.equal(sound.play(), false);
  assert.equal(made(), 0);
});

test('enabled twice, one context is made', async () => {
  const { sound, made } = newSound();
  assert.equal(await sound.enable(), true);
  assert.equal(await sound.enable(), true);
  assert.equal(made(), 1);
});

test('an alert is short, swells and fades, and begins now', async () => {
  const { audio, sound } = newSound();
  await sound.enable();
  assert.equal(sound.play(), true);
  assert.equal(audio.tones.length, 2);
  assert.equal(audio.tones[0].started, 5);
  assert.ok(audio.tones[1].stopped < 5.5);
  const [first, last] = [audio.loudness[0], audio.loudness[audio.loudness.length - 1]];
  assert.deepEqual([first[1], last[1]], [0, 0]);
  assert.ok(audio.loudness.every(([, loudness]) => loudness < 0.5));
});

test('muted is silent', async () => {
  const { audio, sound } = newSound();
  await sound.enable();
  sound.muted = true;
  assert.equal(sound.play(), false);
  assert.equal(audio.tones.length, 0);
});

test('a sound that the system suspended is silent once, then there again', async () => {
  const { audio, sound } = newSound();
  await sound.enable();
  audio.state = 'suspended';
  assert.equal(sound.play(), false);
  await Promise.resolve();
  assert.equal(sound.play(), true);
});

test('where sound is not allowed, or there is none, it says so', async () => {
  const { audio, sound } = newSound();
  audio.allowed = false;
  assert.equal(await sound.enable(), false);
  assert.equal(sound.play(), false);
  const none = new Sound(() => {
    throw new Error('no AudioContext');
  });
  assert.equal(await none.enable(), false);
});
