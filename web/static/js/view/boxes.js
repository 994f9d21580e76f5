/** The boxes over a moving picture: a word, the border's shape and its colour say the same. */

import { texts } from '../texts/texts.js';
import { make, write } from './parts.js';

/** @import { Annotation } from '../vision/annotate.js' */
/** @import { Box } from '../vision/geometry.js' */

const LABEL_ABOVE = 0.12; // share of the picture that a label above its box needs
const CROWD = 5; // faces, from which on their words are short

/**
 * Frame each face.
 * @param {any} layer as large as the picture
 * @param {{told: Annotation[], width: number, height: number}} seen boxes in pixels of such a picture
 * @param {boolean} mirrored whether the picture is shown so; the words never are
 */
export function drawBoxes(layer, { told, width, height }, mirrored) {
  while (layer.children.length > told.length) layer.lastElementChild.remove();
  while (layer.children.length < told.length) {
    layer.append(make('div', {}, make('span', {}, make('b'), make('i'))));
  }
  layer.classList.toggle('crowd', told.length >= CROWD);
  told.forEach(({ label, probability, box }, i) => {
    const element = layer.children[i];
    const place = placed(box, width, height, mirrored);
    element.className = `box ${label}`;
    element.classList.toggle('inside', place.top < LABEL_ABOVE);
    element.classList.toggle('ending', place.left + place.width / 2 > 0.5);
    for (const edge of /** @type {const} */ (['left', 'top', 'width', 'height'])) {
      element.style[edge] = `${(place[edge] * 100).toFixed(2)}%`;
    }
    const [word, share] = element.firstElementChild.children;
    write(word, texts.words[label]);
    write(share, texts.share(label, probability));
  });
}

/**
 * Where to draw a box, in shares of the picture, cut at its edges.
 * @param {Box} box in pixels of the unmirrored picture
 * @param {number} width of the picture
 * @param {number} height of the picture
 * @param {boolean} mirrored
 * @returns {{left: number, top: number, width: number, height: number}} each 0 to 1
 */
export function placed(box, width, height, mirrored) {
  /** @param {number} value */
  const cut = (value) => Math.min(Math.max(value, 0), 1);
  const [left, right] = [cut(box.left / width), cut(box.right / width)];
  const [top, bottom] = [cut(box.top / height), cut(box.bottom / height)];
  const across = right - left;
  return { left: mirrored ? 1 - right : left, top, width: across, height: bottom - top };
}
