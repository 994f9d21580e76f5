/** The boxes over the live video; word, border style and color of a box all show its label. */

import { texts } from '../texts/texts.js';
import { make, write } from './parts.js';

/** @import { Annotation } from '../vision/annotate.js' */
/** @import { Box } from '../vision/geometry.js' */

const LABEL_HEIGHT = 0.12; // share of the picture that a label above its box needs
const CROWD = 5; // faces; from this number on, boxes show no probability

/**
 * Draw a box for each face, reusing the elements of the previous frame.
 * @param {HTMLElement} layer as large as the picture
 * @param {{annotations: Annotation[], width: number, height: number}} frame boxes in its pixels
 * @param {boolean} mirrored whether the picture is shown mirrored; words never are
 * @param {(box: Box) => boolean} isCounted
 */
export function drawBoxes(layer, { annotations, width, height }, mirrored, isCounted) {
  while (layer.children.length > annotations.length) layer.lastElementChild?.remove();
  while (layer.children.length < annotations.length) {
    layer.append(make('div', {}, make('span', {}, make('b'), make('i'))));
  }
  layer.classList.toggle('crowd', annotations.length >= CROWD);
  annotations.forEach((annotation, i) => {
    const place = placed(annotation.box, width, height, mirrored);
    const element = /** @type {HTMLElement} */ (layer.children[i]);
    drawBox(element, annotation, place);
    element.classList.toggle('ignored', !isCounted(annotation.box));
  });
}

/**
 * @param {HTMLElement} element
 * @param {Annotation} annotation
 * @param {ReturnType<typeof placed>} place
 */
function drawBox(element, { label, probability }, place) {
  element.className = `box ${label}`;
  element.classList.toggle('inside', place.top < LABEL_HEIGHT);
  element.classList.toggle('align-right', place.left + place.width / 2 > 0.5);
  for (const edge of /** @type {const} */ (['left', 'top', 'width', 'height'])) {
    element.style[edge] = `${(place[edge] * 100).toFixed(2)}%`;
  }
  const [word, percentage] = element.children[0].children;
  write(word, texts.words[label]);
  write(percentage, texts.probability(label, probability));
}

/**
 * The place of a box as shares of the picture, clipped to it.
 * @param {Box} box in pixels of the unmirrored picture
 * @param {number} width of the picture
 * @param {number} height of the picture
 * @param {boolean} mirrored
 * @returns {{left: number, top: number, width: number, height: number}} each 0 to 1
 */
export function placed(box, width, height, mirrored) {
  /** @param {number} value */
  const clip = (value) => Math.min(Math.max(value, 0), 1);
  const [left, right] = [clip(box.left / width), clip(box.right / width)];
  const [top, bottom] = [clip(box.top / height), clip(box.bottom / height)];
  return {
    left: mirrored ? 1 - right : left,
    top,
    width: right - left,
    height: bottom - top,
  };
}
