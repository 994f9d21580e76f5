/**
 * Draws verdicts on a picture: a border in the style of the label, and as much of its text as has
 * room; twin of `inference/vision/annotate.py`. `tests/golden.json` has the geometry of both.
 */

import { DASHES, LABELS } from '../labels.js';
import { texts, verdictWords } from '../texts/texts.js';
import { placeLabels } from './placement.js';

/** @import { Verdict } from './detector.js' */
/** @import { Box } from './geometry.js' */
/** @import { Placement, Size } from './placement.js' */

/** @typedef {Pick<Verdict, 'label' | 'probability' | 'box'>} Annotation */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const CROWD = 10; // faces; from this number on, texts have no probability
const FONT_LINES = 6; // size of the font in line widths

/**
 * Draw a border and a text on every face. Where the text would cover a face or another text, it is
 * shorter, at last only the number or symbol.
 * @param {Context} context of a canvas that shows the picture
 * @param {Annotation[]} verdicts boxes in pixels of the canvas
 * @param {boolean} [numbered] whether a face's number stands before its words
 */
export function annotate(context, verdicts, numbered = false) {
  const boxes = verdicts.map(({ box }) => box);
  const line = lineWidth(context.canvas, boxes);
  const words = verdicts.map((verdict, i) => {
    return alternatives(verdict, numbered ? `${i + 1}` : '', verdicts.length);
  });
  context.font = `600 ${FONT_LINES * line}px ${FONT}`;
  const sizes = words.map((some) => some.map((text) => sizeOf(context, text, line)));
  const placements = placeLabels(boxes, sizes, 3 * line, context.canvas);
  verdicts.forEach((verdict) => drawBorder(context, verdict, line));
  placements.forEach((placement, i) => {
    drawWords(context, verdicts[i].label, words[i][placement.which], placement, line);
  });
}

/**
 * The texts of a face, longest first.
 * @param {Annotation} verdict
 * @param {string} number of the face; empty for a symbol instead
 * @param {number} faces in the picture
 * @returns {string[]}
 */
export function alternatives({ label, probability }, number, faces) {
  const words = [verdictWords(label, probability), texts.words[label]];
  const numbered = number ? words.map((text) => `${number} ${text}`) : words;
  return [...numbered, number || LABELS[label].symbol].slice(faces < CROWD ? 0 : 1);
}

/**
 * @param {Context} context
 * @param {string} text
 * @param {number} line in pixels
 * @returns {Size}
 */
function sizeOf(context, text, line) {
  const width = context.measureText(text).width + 2 * line;
  return { width, height: (FONT_LINES + 2) * line };
}

/**
 * The width of borders in a picture of this size; all in pixels. It is smaller where the faces are
 * small, since the size of the texts depends on it.
 * @param {Size} picture
 * @param {Box[]} [boxes] of the faces
 */
export function lineWidth({ width, height }, boxes = []) {
  const side = Math.max(width, height);
  const sides = boxes.map(({ top, bottom }) => bottom - top).sort((a, b) => a - b);
  const median = sides[Math.floor((sides.length - 1) / 2)] ?? side;
  const fitting = Math.max(side / 600, Math.min(side / 240, median / 16));
  return Math.max(2, Math.round(fitting));
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
 * @param {Context} context with the font
 * @param {string} label
 * @param {string} words
 * @param {Placement} placement
 * @param {number} line in pixels
 */
function drawWords(context, label, words, { place: { left, top, right, bottom } }, line) {
  const { color, text_color: textColor } = LABELS[label];
  context.fillStyle = color;
  context.fillRect(left, top, right - left, bottom - top);
  context.fillStyle = textColor;
  context.textBaseline = 'middle';
  context.fillText(words, left + line, (top + bottom) / 2);
}
