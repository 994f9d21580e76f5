/** Boxes painted into a picture, for photos and for what is saved; twin of `inference/drawing.py`. */

import { verdictWords } from './texts.js';

/** @import { Verdict } from './detector.js' */

/** @typedef {Pick<Verdict, 'label' | 'probability' | 'box'>} Told */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/** @type {Record<string, {colour: string, word: string, dash: number[]}>} as in verdicts.css */
const LOOKS = {
  with_mask: { colour: '#0072b2', word: '#fff', dash: [] },
  without_mask: { colour: '#d55e00', word: '#000', dash: [] },
  incorrect_mask: { colour: '#e69f00', word: '#000', dash: [3, 2] },
  unsure: { colour: '#999', word: '#000', dash: [1, 1] },
  too_small: { colour: '#999', word: '#000', dash: [1, 1] },
};
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * Paint a box and its words for each face.
 * @param {Context} context of a canvas that shows the picture
 * @param {Told[]} verdicts boxes in pixels of the canvas
 * @param {boolean} [numbered] whether a face's number stands before its words
 */
export function paint(context, verdicts, numbered = false) {
  const unit = Math.max(2, Math.max(context.canvas.width, context.canvas.height) / 180);
  verdicts.forEach((verdict, i) => {
    paintBorder(context, verdict, unit);
    const words = verdictWords(verdict.label, verdict.probability);
    paintWords(context, verdict, numbered ? `${i + 1} ${words}` : words, unit);
  });
}

/**
 * @param {Context} context
 * @param {Told} verdict
 * @param {number} unit width of a line, in pixels
 */
function paintBorder(context, { label, box }, unit) {
  const { colour, dash } = LOOKS[label];
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  context.strokeStyle = colour;
  context.lineWidth = unit;
  context.setLineDash(dash.map((part) => part * unit));
  context.strokeRect(box.left, box.top, width, height);
  if (label === 'without_mask') {
    context.strokeRect(box.left - 2 * unit, box.top - 2 * unit, width + 4 * unit, height + 4 * unit);
  }
  context.setLineDash([]);
}

/**
 * @param {Context} context
 * @param {Told} verdict
 * @param {string} words
 * @param {number} unit
 */
function paintWords(context, { label, box }, words, unit) {
  const { colour, word } = LOOKS[label];
  const size = 5.5 * unit;
  context.font = `600 ${size}px ${FONT}`;
  const width = context.measureText(words).width + size;
  const place = placeWords(box, width, 1.5 * size, 3 * unit, context.canvas);
  context.fillStyle = colour;
  context.fillRect(place.left, place.top, width, 1.5 * size);
  context.fillStyle = word;
  context.textBaseline = 'middle';
  context.fillText(words, place.left + size / 2, place.top + 0.8 * size);
}

/**
 * Where words go: above the box, within it where there is no room, never beyond the picture's sides.
 * @param {{left: number, top: number}} box
 * @param {number} width of the words
 * @param {number} height of the words
 * @param {number} gap between them and the box
 * @param {{width: number}} picture
 * @returns {{left: number, top: number}}
 */
export function placeWords(box, width, height, gap, picture) {
  const above = box.top - gap - height;
  const left = Math.max(0, Math.min(box.left, picture.width - width));
  return { left, top: above >= 0 ? above : Math.max(0, box.top + gap) };
}
