import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KioskMessage } from '../../../web/static/js/alerts/kiosk-message.js';
import { texts } from '../../../web/static/js/texts/texts.js';

/**
 * The last message after faces with these labels were in view, the first one nearest.
 * @param {KioskMessage} kiosk
 * @param {string[]} labels
 * @param {number} fromMs
 * @param {number} untilMs
 * @param {number} firstId
 */
function show(kiosk, labels, fromMs, untilMs, firstId = 1) {
  let message = { text: '', label: '' };
  const tracks = labels.map((label, i) => {
    return { id: firstId + i, label, box: { left: 0, top: 0, right: 9, bottom: 90 - i } };
  });
  for (let now = fromMs; now <= untilMs; now += 100) message = kiosk.update(tracks, now);
  return message;
}

test('the most severe label decides once it has lasted', () => {
  const kiosk = new KioskMessage(texts.kiosk);
  assert.equal(show(kiosk, ['with_mask', 'incorrect_mask'], 0, 400).text, texts.kiosk.incorrect_mask);
  assert.equal(show(kiosk, ['with_mask'], 500, 700).text, texts.kiosk.incorrect_mask);
  assert.equal(show(kiosk, ['with_mask'], 800, 1000).text, texts.kiosk.with_mask);
  assert.equal(show(kiosk, [], 1100, 1500).label, 'noFace');
});

test('a verdict that stays unsure gets advice, and in the end a way out', () => {
  const kiosk = new KioskMessage(texts.kiosk);
  assert.equal(show(kiosk, ['unsure'], 0, 3200).text, texts.kiosk.unsure);
  assert.equal(show(kiosk, ['unsure'], 3300, 6200).text, texts.kiosk.face);
  assert.equal(show(kiosk, ['unsure'], 6300, 10_200).text, texts.kiosk.light);
  assert.deepEqual(show(kiosk, ['unsure'], 10_300, 20_000), { text: texts.kiosk.staff, label: 'unsure' });
  assert.equal(show(kiosk, ['with_mask'], 20_100, 20_500).text, texts.kiosk.with_mask);
  assert.equal(show(kiosk, ['unsure'], 20_600, 23_500).text, texts.kiosk.unsure); // not `face`: the time has started again
});

test('own messages replace the others', () => {
  const kiosk = new KioskMessage({ ...texts.kiosk, with_mask: 'Come in!' });
  assert.equal(show(kiosk, ['with_mask'], 0, 500).text, 'Come in!');
  assert.equal(show(kiosk, ['without_mask'], 600, 1000).text, texts.kiosk.without_mask);
});

test('the next person who is unsure starts from the beginning', () => {
  const kiosk = new KioskMessage(texts.kiosk);
  assert.equal(show(kiosk, ['unsure'], 0, 12_000).text, texts.kiosk.staff);
  assert.equal(show(kiosk, ['unsure', 'unsure'], 12_100, 14_000, 7).text, texts.kiosk.unsure);
});
