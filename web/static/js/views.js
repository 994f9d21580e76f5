/** The squares of a picture that the finder looks at. */

/** @import { Box } from './geometry.js' */

/** Boxes nearer to an edge of a view within the picture, as a share of its side, may be cut off. */
const RIM = 0.02;

/**
 * The two squares at the ends of a picture; they overlap.
 * @param {{width: number, height: number}} picture
 * @returns {{first: Box, second: Box}}
 */
export function halves({ width, height }) {
  const side = Math.min(width, height);
  return {
    first: { left: 0, top: 0, right: side, bottom: side },
    second: { left: width - side, top: height - side, right: width, bottom: height },
  };
}

/**
 * A square moved, and where it must be made smaller, to lie within a picture.
 * @param {Box} square
 * @param {{width: number, height: number}} picture
 * @returns {Box}
 */
export function within(square, { width, height }) {
  const side = Math.min(square.right - square.left, width, height);
  const x = (square.left + square.right - side) / 2;
  const y = (square.top + square.bottom - side) / 2;
  const left = Math.max(0, Math.min(x, width - side));
  const top = Math.max(0, Math.min(y, height - side));
  return { left, top, right: left + side, bottom: top + side };
}

/**
 * Whether a view may have cut a face off at an edge that is not one of the picture.
 * @param {Box} box
 * @param {Box} view
 * @param {{width: number, height: number}} picture
 */
export function cutOff(box, view, { width, height }) {
  const rim = RIM * (view.right - view.left);
  return (
    (view.left > 0 && box.left < view.left + rim) ||
    (view.top > 0 && box.top < view.top + rim) ||
    (view.right < width && box.right > view.right - rim) ||
    (view.bottom < height && box.bottom > view.bottom - rim)
  );
}
