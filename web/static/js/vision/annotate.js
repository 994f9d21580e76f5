/**
 * Draws verdicts on a picture: a border in the style of the label, and its word if there is room;
 * twin of `inference/vision/annotate.py`. `tests/golden.json` has the geometry of both.
 */

import { DASHES, LABELS } from '../labels.js';
import { verdictWords } from '../texts/texts.js';

/** @import { Verdict } from './detector.js' */
/** @import { Box } from './geometry.js' */

/** @typedef {Pick<Verdict, 'label' | 'probability' | 'box'>} Annotation */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * Draw a border and a word on every face. In a crowd, where a word would cover another face or its
 * word, only the number is drawn.
 * @param {Context} context of a canvas that shows the picture
 * @param {Annotation[]} verdicts boxes in pixels of the canvas
 * @param {boolean} [numbered] whether a face's number stands before its words
 */
export function annotate(context, verdicts, numbered = false) {
  const line = lineWidth(context.canvas);
  /** @type {Box[]} */
  const written = [];
  verdicts.forEach((verdict) => drawBorder(context, verdict, line));
  verdicts.forEach((verdict, i) => {
    const words = verdictWords(verdict.label, verdict.probability);
    const others = verdicts.filter((one) => one !== verdict).map(({ box }) => box);
    const texts = numbered ? [`${i + 1} ${words}`, `${i + 1}`] : [words];
    written.push(drawWords(context, verdict, texts, line, [...written, ...others]));
  });
}

/**
 * The width of borders in a picture of this size; all in pixels.
 * @param {Size} picture
 */
export function lineWidth({ width, height }) {
  return Math.max(2, Math.round(Math.max(width, height) / 240));
}

/**
 * The rectangles of a border, all lengths in pixels: `double` has an outer one as well.
 * @param {Box} box
 * @param {string} border
 * @param {number} line
 * @returns {Box[]}
 */
export function borderBoxes(box, border, line) {
  const gap = 2 * line;
  const { left, top, right, bottom } = box;
  const outer = { left: left - gap, top: top - gap, right: right + gap, bottom: bottom + gap };
  return border === 'double' ? [box, outer] : [box];
}

/**
 * @param {Context} context
 * @param {Annotation} verdict
 * @param {number} line in pixels
 */
function drawBorder(context, { label, box }, line) {
  const { color, border } = LABELS[label];
  context.strokeStyle = color;
  context.lineWidth = line;
  context.setLineDash(DASHES[border].map((part) => part * line));
  for (const { left, top, right, bottom } of borderBoxes(box, border, line)) {
    context.strokeRect(left, top, right - left, bottom - top);
  }
  context.setLineDash([]);
}

/**
 * @param {Context} context
 * @param {Annotation} verdict
 * @param {string[]} texts the words, and shorter alternatives
 * @param {number} line in pixels
 * @param {Box[]} taken
 * @returns {Box} the place of the words
 */
function drawWords(context, { label, box }, texts, line, taken) {
  const { color, text_color: textColor } = LABELS[label];
  const size = 6 * line;
  context.font = `600 ${size}px ${FONT}`;
  const sizes = texts.map((text) => {
    return { width: context.measureText(text).width + 2 * line, height: size + 2 * line };
  });
  const { which, place } = placeWords(box, sizes, 3 * line, context.canvas, taken);
  const { left, top, right, bottom } = place;
  context.fillStyle = color;
  context.fillRect(left, top, right - left, bottom - top);
  context.fillStyle = textColor;
  context.textBaseline = 'middle';
  context.fillText(texts[which], left + line, (top + bottom) / 2);
  return place;
}

/**
 * Find room for words: above the box, below it or inside. All lengths are in pixels.
 * @param {Box} box
 * @param {Size[]} sizes of the words; shorter alternatives follow longer ones
 * @param {number} gap between the words and the box
 * @param {Size} picture words stay inside
 * @param {Box[]} taken boxes of other faces and their words
 * @returns {{which: number, place: Box}} the index of the first size that has room, or of the last
 */
export function placeWords(box, sizes, gap, picture, taken) {
  const places = sizes.map((size) => placesFor(box, size, gap, picture));
  for (const [which, some] of places.entries()) {
    const place = some.find((one) => taken.every((other) => !meet(one, other)));
    if (place) return { which, place };
  }
  return { which: sizes.length - 1, place: places[sizes.length - 1][0] };
}

/**
 * @param {Box} box
 * @param {Size} size
 * @param {number} gap
 * @param {Size} picture
 * @returns {Box[]} candidates, best first; the last is inside the box
 */
function placesFor(box, { width, height }, gap, picture) {
  const left = Math.max(0, Math.min(box.left, picture.width - width));
  const tops = [box.top - gap - height, box.bottom + gap];
  const outside = tops.filter((top) => top >= 0 && top + height <= picture.height);
  return [...outside, Math.max(0, box.top + gap)].map((top) => {
    return { left, top, right: left + width, bottom: top + height };
  });
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function meet(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
