/** Paints boxes into a picture, for photos and for snapshots; twin of `inference/vision/annotate.py`. */

import { DASHES, LABELS } from '../labels.js';
import { verdictWords } from '../texts/texts.js';

/** @import { Verdict } from './detector.js' */
/** @import { Box } from './geometry.js' */

/** @typedef {Pick<Verdict, 'label' | 'probability' | 'box'>} Annotation */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * Paint a box and its words for each face; in a crowd, where these would cover other faces or their
 * words, its number alone.
 * @param {Context} context of a canvas that shows the picture
 * @param {Annotation[]} verdicts boxes in pixels of the canvas
 * @param {boolean} [numbered] whether a face's number stands before its words
 */
export function annotate(context, verdicts, numbered = false) {
  const unit = Math.max(2, Math.max(context.canvas.width, context.canvas.height) / 180);
  /** @type {Box[]} */
  const written = [];
  verdicts.forEach((verdict) => paintBorder(context, verdict, unit));
  verdicts.forEach((verdict, i) => {
    const words = verdictWords(verdict.label, verdict.probability);
    const others = verdicts.filter((one) => one !== verdict).map(({ box }) => box);
    const lines = numbered ? [`${i + 1} ${words}`, `${i + 1}`] : [words];
    written.push(paintWords(context, verdict, lines, unit, [...written, ...others]));
  });
}

/**
 * @param {Context} context
 * @param {Annotation} verdict
 * @param {number} unit width of a line, in pixels
 */
function paintBorder(context, { label, box }, unit) {
  const { color, border } = LABELS[label];
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  context.strokeStyle = color;
  context.lineWidth = unit;
  context.setLineDash(DASHES[border].map((part) => part * unit));
  context.strokeRect(box.left, box.top, width, height);
  if (border === 'double') {
    const gap = 2 * unit;
    context.strokeRect(box.left - gap, box.top - gap, width + 2 * gap, height + 2 * gap);
  }
  context.setLineDash([]);
}

/**
 * @param {Context} context
 * @param {Annotation} verdict
 * @param {string[]} lines the one to write, and shorter ones for where it has no room
 * @param {number} unit
 * @param {Box[]} taken
 * @returns {Box} where it was written
 */
function paintWords(context, { label, box }, lines, unit, taken) {
  const { color, text_color: textColor } = LABELS[label];
  const size = 5.5 * unit;
  context.font = `600 ${size}px ${FONT}`;
  const sizes = lines.map((line) => {
    return { width: context.measureText(line).width + size, height: 1.5 * size };
  });
  const { which, place } = placeWords(box, sizes, 3 * unit, context.canvas, taken);
  const { left, top, right, bottom } = place;
  context.fillStyle = color;
  context.fillRect(left, top, right - left, bottom - top);
  context.fillStyle = textColor;
  context.textBaseline = 'middle';
  context.fillText(lines[which], left + size / 2, top + 0.8 * size);
  return place;
}

/**
 * Where words go: above the box, below it or within, wherever nothing else is, within the picture.
 * @param {Box} box
 * @param {Size[]} sizes of the words; later ones are tried where earlier ones have no room
 * @param {number} gap between them and the box
 * @param {Size} picture
 * @param {Box[]} taken by other faces and their words
 * @returns {{which: number, place: Box}} `which` of the sizes; the last one, if none has room
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
 * @returns {Box[]} the best first, the last within the box
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
