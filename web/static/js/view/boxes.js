/**
 * The boxes over the live video; word, border style and color of a box all show its label. Labels
 * cover neither faces nor each other, and stay where they are while they can.
 */

import { LABELS } from '../labels.js';
import { texts } from '../texts/texts.js';
import { placeLabels } from '../vision/placement.js';
import { make, write } from './parts.js';

/** @import { Annotation } from '../vision/annotate.js' */
/** @import { Box } from '../vision/geometry.js' */
/** @import { Size } from '../vision/placement.js' */

/** @typedef {Annotation & {id: number}} LiveFace with the id of its track */

const CROWD = 5; // faces; from this number on, boxes show no probability
const GAP_PX = 2; // between a box and its label, as in verdicts.css
const MARGIN_PX = 8; // around a label that moves or gets longer, so that it does not flicker
const TINY_PX = 56; // a border of the usual width would hide a smaller face
const DETAILS = ['full', 'word', 'symbol']; // longest first, as in verdicts.css

/** The sizes of labels by text and detail, in a layer of one width. */
const measured = { layerWidth: 0, /** @type {Map<string, Size>} */ sizes: new Map() };

/**
 * Draw a box for each face, reusing the elements of the previous frame.
 * @param {HTMLElement} layer as large as the picture
 * @param {{annotations: LiveFace[], width: number, height: number}} frame boxes in its pixels
 * @param {boolean} mirrored whether the picture is shown mirrored; words never are
 * @param {(box: Box) => boolean} isCounted
 */
export function drawBoxes(layer, { annotations, width, height }, mirrored, isCounted) {
  const size = { width: layer.clientWidth, height: layer.clientHeight }; // read before any change
  const elements = /** @type {HTMLCollectionOf<HTMLElement>} */ (layer.children);
  const shown = new Map([...elements].map(({ dataset }) => [dataset.face, { ...dataset }]));
  while (elements.length > annotations.length) layer.lastElementChild?.remove();
  while (elements.length < annotations.length) {
    layer.append(make('div', {}, make('span', {}, make('b'), make('i'), make('em'))));
  }
  const boxes = annotations.map((annotation, i) => {
    const place = placed(annotation.box, width, height, mirrored);
    drawBox(elements[i], annotation, place);
    elements[i].classList.toggle('ignored', !isCounted(annotation.box));
    const box = inPixels(place, size);
    elements[i].classList.toggle('tiny', isTiny(box));
    return box;
  });
  const details = annotations.length < CROWD ? DETAILS : DETAILS.slice(1);
  const sizes = [...elements].map((element) => labelSizes(element, details, size.width));
  const previous = annotations.map(({ id }, i) => {
    const { spot = '', detail = '' } = shown.get(`${id}`) ?? {};
    return { which: details.indexOf(detail), spot, place: boxes[i] };
  });
  const placements = placeLabels(boxes, sizes, GAP_PX, size, previous, MARGIN_PX);
  placements.forEach(({ which, spot }, i) => {
    Object.assign(elements[i].dataset, { face: annotations[i].id, detail: details[which], spot });
  });
}

/**
 * @param {HTMLElement} element
 * @param {Annotation} annotation
 * @param {ReturnType<typeof placed>} place
 */
function drawBox(element, { label, probability }, place) {
  element.className = `box ${label}`;
  for (const edge of /** @type {const} */ (['left', 'top', 'width', 'height'])) {
    element.style[edge] = `${(place[edge] * 100).toFixed(2)}%`;
  }
  const [word, percentage, symbol] = element.children[0].children;
  write(word, texts.words[label]);
  write(percentage, texts.probability(label, probability));
  write(symbol, LABELS[label].symbol);
}

/**
 * The sizes of a box's label with each detail. They are read from the page only once for each text,
 * since that makes the browser compute its layout.
 * @param {HTMLElement} element
 * @param {string[]} details
 * @param {number} layerWidth
 * @returns {Size[]}
 */
function labelSizes(element, details, layerWidth) {
  if (measured.layerWidth !== layerWidth) measured.sizes.clear();
  measured.layerWidth = layerWidth;
  const span = /** @type {HTMLElement} */ (element.children[0]);
  return details.map((detail) => {
    const key = `${detail} ${span.textContent}`;
    const known = measured.sizes.get(key);
    if (known) return known;
    element.dataset.detail = detail;
    const size = { width: span.offsetWidth, height: span.offsetHeight };
    measured.sizes.set(key, size);
    return size;
  });
}

/**
 * @param {ReturnType<typeof placed>} place
 * @param {Size} size of the layer
 * @returns {Box}
 */
function inPixels({ left, top, width, height }, size) {
  return {
    left: left * size.width,
    top: top * size.height,
    right: (left + width) * size.width,
    bottom: (top + height) * size.height,
  };
}

/** @param {Box} box in pixels */
function isTiny({ left, top, right, bottom }) {
  return Math.min(right - left, bottom - top) < TINY_PX;
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
