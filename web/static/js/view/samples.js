/** The sample photos, for people without a camera or a photo: checked one by one, or as a demo. */

import { texts } from '../texts/texts.js';
import { part } from './parts.js';

const SIZE_PX = { width: 640, height: 480 }; // of the demo's frames
const FRAME_RATE = 25; // per second
const SHOWN_MS = 5000; // how long the demo shows each photo
const SLIDE_MS = 800; // the last part of `SHOWN_MS`, in which the next photo slides in
const ZOOM = 0.06; // by which a photo grows and shrinks, as a person moves
const SWAY = 0.03; // of the frame's width
const SWAY_MS = 2600;

/**
 * Offer the sample photos.
 * @param {(files: File[]) => void} check called with the photo that was chosen
 * @param {() => void} fail called if the photo cannot be loaded
 */
export function offerSamples(check, fail) {
  part('samples').hidden = false;
  buttons().forEach((button, i) => {
    button.addEventListener('click', async () => {
      const response = await fetch(addressOf(button)).catch(() => undefined);
      if (!response?.ok) return fail();
      check([new File([await response.blob()], texts.photo.sample(i + 1), { type: 'image/jpeg' })]);
    });
  });
}

/**
 * A video in which the sample photos pass by.
 * @returns {Promise<MediaStream>} ends when its track is stopped
 * @throws {DOMException} a photo cannot be loaded
 */
export async function openDemo() {
  const photos = await Promise.all(buttons().map((button) => load(addressOf(button))));
  const canvas = Object.assign(document.createElement('canvas'), SIZE_PX);
  const context = canvas.getContext('2d'); // first: Firefox captures no canvas without a context
  const stream = canvas.captureStream(FRAME_RATE);
  const startMs = performance.now();
  const timer = setInterval(() => {
    const ended = stream.getTracks().every(({ readyState }) => readyState === 'ended');
    if (ended) clearInterval(timer);
    else if (context) paint(context, photos, performance.now() - startMs);
  }, 1000 / FRAME_RATE);
  return stream;
}

function buttons() {
  return [...part('samples').querySelectorAll('button')];
}

/** @param {HTMLButtonElement} button */
function addressOf(button) {
  return button.querySelector('img')?.src ?? '';
}

/** @param {string} src */
async function load(src) {
  const photo = Object.assign(new Image(), { src });
  await photo.decode();
  return photo;
}

/**
 * Paint the frame of a moment.
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasImageSource[]} photos
 * @param {number} nowMs since the demo began
 */
function paint(context, photos, nowMs) {
  for (const { index, offset } of shownAt(nowMs, photos.length)) {
    const { width, height } = SIZE_PX;
    const phase = (2 * Math.PI * nowMs) / SWAY_MS;
    const scale = 1 + 2 * SWAY + ZOOM * (1 + Math.sin(phase / 2)); // no edge comes into view
    const [shownWidth, shownHeight] = [width * scale, height * scale];
    const x = (width - shownWidth) / 2 + SWAY * width * Math.sin(phase);
    context.save();
    context.beginPath();
    context.rect(offset * width, 0, width, height);
    context.clip();
    const [left, top] = [offset * width + x, (height - shownHeight) / 2];
    context.drawImage(photos[index], left, top, shownWidth, shownHeight);
    context.restore();
  }
}

/**
 * The photos that are in view at a moment.
 * @param {number} nowMs since the demo began
 * @param {number} count of photos
 * @returns {{index: number, offset: number}[]} offset: of its left edge, in widths of the frame
 */
export function shownAt(nowMs, count) {
  const index = Math.floor(nowMs / SHOWN_MS) % count;
  const slide = ((nowMs % SHOWN_MS) - (SHOWN_MS - SLIDE_MS)) / SLIDE_MS; // below 0 before it begins
  if (slide <= 0) return [{ index, offset: 0 }];
  return [
    { index, offset: -slide },
    { index: (index + 1) % count, offset: 1 - slide },
  ];
}
