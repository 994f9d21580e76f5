import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sound } from '../../../web/static/js/alerts/sound.js';

/** An AudioContext that records its calls. */
class Audio {
  state = 'suspended';
  currentTime = 5;
  destination = {};
  /** @type {{frequency: {value: number}, started: number, stopped: number}[]} */
  tones = [];
  /** @type {[number, number][]} time and gain */
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
  let created = 0;
  const sound = new Sound(() => {
    created += 1;
    return /** @type {any} */ (audio);
  });
  return { audio, sound, created: () => created };
}

test('no AudioContext is created before the user enables sound', () => {
  const { sound, created } = newSound();
  assert.equal(sound.play(), false);
  assert.equal(created(), 0);
});

test('enabling twice creates one AudioContext', async () => {
  const { sound, created } = newSound();
  assert.equal(await sound.enable(), true);
  assert.equal(await sound.enable(), true);
  assert.equal(created(), 1);
});

test('an alert is short, fades in and out, and starts now', async () => {
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

test('the volume is that of the tones', async () => {
  const { audio, sound } = newSound();
  await sound.enable();
  const loudest = (/** @type {number} */ percent) => {
    audio.loudness = [];
    sound.volumePercent = percent;
    sound.play();
    return Math.max(...audio.loudness.map(([, loudness]) => loudness));
  };
  assert.equal(loudest(0), 0);
  assert.equal(loudest(100), 2 * loudest(50));
});

test('a sound that the system suspended is skipped once, then played again', async () => {
  const { audio, sound } = newSound();
  await sound.enable();
  audio.state = 'suspended';
  assert.equal(sound.play(), false);
  await Promise.resolve();
  assert.equal(sound.play(), true);
});

test('enabling reports whether sound is available', async () => {
  const { audio, sound } = newSound();
  audio.allowed = false;
  assert.equal(await sound.enable(), false);
  assert.equal(sound.play(), false);
  const none = new Sound(() => {
    throw new Error('no AudioContext');
  });
  assert.equal(await none.enable(), false);
});
