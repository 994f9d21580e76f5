/**
 * Places the labels of faces so that they cover neither faces nor each other; twin of
 * `inference/vision/placement.py`. `tests/golden.json` has examples for both.
 */

import { area, intersection } from './geometry.js';

/** @import { Box } from './geometry.js' */

/** @typedef {{width: number, height: number}} Size */
/**
 * Where a label is placed.
 * @typedef {object} Placement
 * @property {number} which index of the label's size: 0 is the longest text
 * @property {string} spot a key of `SPOTS`
 * @property {Box} place
 */

/** The time to search for free places grows with the square of the number of faces. */
const MAX_FACES = 60;
const INSIDE_HEIGHT = 0.25; // of its face's height: a label inside may be at most as high
const LABEL_WEIGHT = 2; // a hidden part of a label, compared with one of a face
const STICKINESS = 0.25; // how much less a new place must hide to replace the previous one

/**
 * The spots around and inside a box, most preferred first: by name, the edges of the label.
 * @type {Readonly<Record<string, (box: Box, size: Size, gapPx: number) => {left: number, top: number}>>}
 */
const SPOTS = Object.freeze({
  'above-left': (box, size, gapPx) => ({ left: box.left, top: box.top - gapPx - size.height }),
  'above-right': (box, size, gapPx) => ({
    left: box.right - size.width,
    top: box.top - gapPx - size.height,
  }),
  'below-left': (box, _, gapPx) => ({ left: box.left, top: box.bottom + gapPx }),
  'below-right': (box, size, gapPx) => ({ left: box.right - size.width, top: box.bottom + gapPx }),
  'above-center': (box, size, gapPx) => ({
    left: (box.left + box.right - size.width) / 2,
    top: box.top - gapPx - size.height,
  }),
  'below-center': (box, size, gapPx) => ({
    left: (box.left + box.right - size.width) / 2,
    top: box.bottom + gapPx,
  }),
  'inside-top-left': (box) => ({ left: box.left, top: box.top }),
  'inside-top-right': (box, size) => ({ left: box.right - size.width, top: box.top }),
  'inside-bottom-left': (box, size) => ({ left: box.left, top: box.bottom - size.height }),
  'inside-bottom-right': (box, size) => ({
    left: box.right - size.width,
    top: box.bottom - size.height,
  }),
  'right-top': (box, _, gapPx) => ({ left: box.right + gapPx, top: box.top }),
  'left-top': (box, size, gapPx) => ({ left: box.left - gapPx - size.width, top: box.top }),
  'right-bottom': (box, size, gapPx) => ({
    left: box.right + gapPx,
    top: box.bottom - size.height,
  }),
  'left-bottom': (box, size, gapPx) => ({
    left: box.left - gapPx - size.width,
    top: box.bottom - size.height,
  }),
});

/**
 * Place a label for each face, large faces first. A label is as long as it can be without covering
 * a face or another label; where even its shortest text has no room, it covers as little as it can.
 * Above `MAX_FACES` faces, each gets its shortest text at the first spot inside the picture. All
 * lengths are in pixels.
 * @param {Box[]} boxes of the faces
 * @param {Size[][]} sizes of each face's label; shorter alternatives follow longer ones
 * @param {number} gapPx between a box and a label outside of it
 * @param {Size} picture labels stay inside
 * @param {(Placement | undefined)[]} [previous] of the same faces in the previous frame of a video:
 *   kept while they cover nothing
 * @param {number} [marginPx] around a label that is not at its previous place
 * @returns {Placement[]}
 */
export function placeLabels(boxes, sizes, gapPx, picture, previous = [], marginPx = 0) {
  const faces = boxes.map((box) => clipped(box, picture));
  const options = faces.map((face, i) => optionsFor(face, sizes[i], gapPx));
  if (faces.length > MAX_FACES) return options.map((some) => fallbacks(some, picture)[0]);
  /** @type {(Placement | undefined)[]} */
  const placed = options.map((some, i) => some.find((option) => isSame(option, previous[i])));
  const order = faces.map((_, i) => i).sort((a, b) => area(faces[b]) - area(faces[a]) || a - b);
  // All faces get their shortest text before any of them gets a longer one.
  for (const allSizes of [false, true]) {
    for (const i of order) {
      const wanted = allSizes ? options[i] : shortest(options[i], placed[i]);
      const usable = wanted.filter((option) => isUsable(option, faces[i], picture));
      const others = faces.filter((_, j) => j !== i);
      const labels = placed.flatMap((one, j) => (one && j !== i ? [one.place] : []));
      placed[i] =
        freeOption(usable, [...others, ...labels], placed[i], marginPx) ??
        leastCovering(options[i], faces, labels, picture, placed[i]);
    }
  }
  return /** @type {Placement[]} */ (placed);
}

/**
 * @param {Box} face
 * @param {Size[]} sizes
 * @param {number} gapPx
 * @returns {Placement[]} most preferred first
 */
function optionsFor(face, sizes, gapPx) {
  return sizes.flatMap((size, which) =>
    Object.entries(SPOTS).map(([spot, edges]) => {
      const { left, top } = edges(face, size, gapPx);
      return { which, spot, place: { left, top, right: left + size.width, bottom: top + size.height } };
    }),
  );
}

/**
 * The placements of the shortest text, and the previous one.
 * @param {Placement[]} options
 * @param {Placement} [previous]
 */
function shortest(options, previous) {
  const { which } = options[options.length - 1];
  return options.filter((option) => option.which === which || isSame(option, previous));
}

/**
 * @param {Placement} option
 * @param {Placement} [other]
 */
function isSame(option, other) {
  return option.which === other?.which && option.spot === other.spot;
}

/**
 * Whether a label is inside the picture and, if it is inside its face, hides little of it.
 * @param {Placement} option
 * @param {Box} face
 * @param {Size} picture
 */
function isUsable({ spot, place }, face, picture) {
  if (!isInside(place, picture)) return false;
  if (!spot.startsWith('inside')) return true;
  const highest = INSIDE_HEIGHT * (face.bottom - face.top);
  return isWithin(place, face) && place.bottom - place.top <= highest;
}

/**
 * The longest text with room, best at the previous spot. The previous text needs no `marginPx` there,
 * all others do.
 * @param {Placement[]} usable
 * @param {Box[]} taken faces and labels
 * @param {Placement | undefined} previous
 * @param {number} marginPx
 */
function freeOption(usable, taken, previous, marginPx) {
  /** @type {(option: Placement, marginPx: number) => boolean} */
  const isFree = ({ place }, around) => taken.every((other) => !meet(grown(place, around), other));
  const kept = usable.find((option) => isSame(option, previous) && isFree(option, 0));
  const others = usable.filter(({ which }) => !kept || which < kept.which);
  /** @param {Placement} option */
  const isElsewhere = ({ spot }) => Number(spot !== previous?.spot);
  others.sort((a, b) => a.which - b.which || isElsewhere(a) - isElsewhere(b));
  return others.find((option) => isFree(option, marginPx)) ?? kept;
}

/**
 * The place of the shortest text that hides least; the previous one unless another is much better.
 * @param {Placement[]} options
 * @param {Box[]} faces
 * @param {Box[]} labels of other faces
 * @param {Size} picture
 * @param {Placement | undefined} previous
 */
function leastCovering(options, faces, labels, picture, previous) {
  const candidates = fallbacks(options, picture);
  const weighted = [
    ...faces.map((box) => ({ box, weight: 1 / Math.max(1, area(box)) })),
    ...labels.map((box) => ({ box, weight: LABEL_WEIGHT / Math.max(1, area(box)) })),
  ];
  const costs = candidates.map((option) => {
    let hidden = 0; // the sum of the shares of the faces and labels that are hidden
    for (const { box, weight } of weighted) hidden += weight * intersection(option.place, box);
    return hidden - (isSame(option, previous) ? STICKINESS : 0);
  });
  return candidates[costs.indexOf(Math.min(...costs))];
}

/**
 * The placements of the shortest text that are inside the picture. If there are none, as in a tiny
 * picture, the first one is moved into it.
 * @param {Placement[]} options
 * @param {Size} picture
 */
function fallbacks(options, picture) {
  const all = shortest(options);
  const inside = all.filter(({ place }) => isInside(place, picture));
  return inside.length > 0 ? inside : [{ ...all[0], place: moved(all[0].place, picture) }];
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function meet(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * @param {Box} place
 * @param {Size} picture
 */
function isInside(place, { width, height }) {
  return isWithin(place, { left: 0, top: 0, right: width, bottom: height });
}

/**
 * @param {Box} inner
 * @param {Box} outer
 */
function isWithin(inner, outer) {
  const across = inner.left >= outer.left && inner.right <= outer.right;
  return across && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

/**
 * @param {Box} box
 * @param {number} marginPx
 * @returns {Box}
 */
function grown({ left, top, right, bottom }, marginPx) {
  return { left: left - marginPx, top: top - marginPx, right: right + marginPx, bottom: bottom + marginPx };
}

/**
 * The part of a box inside the picture.
 * @param {Box} box
 * @param {Size} picture
 * @returns {Box}
 */
function clipped({ left, top, right, bottom }, { width, height }) {
  /** @type {(value: number, limit: number) => number} */
  const clip = (value, limit) => Math.max(0, Math.min(value, limit));
  return {
    left: clip(left, width),
    top: clip(top, height),
    right: clip(right, width),
    bottom: clip(bottom, height),
  };
}

/**
 * A box moved into the picture.
 * @param {Box} box
 * @param {Size} picture
 * @returns {Box}
 */
function moved({ left, top, right, bottom }, { width, height }) {
  const x = Math.max(0, Math.min(left, width - (right - left))) - left;
  const y = Math.max(0, Math.min(top, height - (bottom - top))) - top;
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}
