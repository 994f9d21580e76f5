/** A small picture of one face of the video. */

import { scaled, squareAround } from '../vision/geometry.js';

/** @import { Box } from '../vision/geometry.js' */

/**
 * Side of the picture, in longer sides of the box: what the trainer crops (2, a little below the box)
 * with some room, since it detects the face again.
 */
const CONTEXT = 2.5;
const MAX_SIDE_PX = 320;
const JPEG_QUALITY = 0.9;

/**
 * A face of the current frame with its surroundings, not mirrored. The frame is read at once.
 * @param {HTMLVideoElement} video
 * @param {Box} box of the face, in pixels of `picture`
 * @param {{width: number, height: number}} picture
 * @returns {Promise<Blob | null>} a JPEG file; null if there is no frame
 */
export async function facePicture(video, box, picture) {
  const { videoWidth, videoHeight } = video;
  const square = scaled(squareAround(box, CONTEXT), videoWidth / picture.width);
  const left = Math.max(0, square.left);
  const top = Math.max(0, square.top);
  const width = Math.min(videoWidth, square.right) - left;
  const height = Math.min(videoHeight, square.bottom) - top;
  if (!(width >= 1 && height >= 1)) return null;
  const factor = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * factor);
  canvas.height = Math.round(height * factor);
  const { width: toWidth, height: toHeight } = canvas;
  canvas.getContext('2d')?.drawImage(video, left, top, width, height, 0, 0, toWidth, toHeight);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
}
