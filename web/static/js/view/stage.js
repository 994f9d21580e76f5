/** The live video with its boxes. */

import { annotate } from '../vision/annotate.js';
import { drawBoxes } from './boxes.js';
import { facePicture } from './face-picture.js';
import { part, save } from './parts.js';
import { WHOLE, ZoneView, isCounted } from './zone.js';

/** @import { Annotation } from '../vision/annotate.js' */
/** @import { LiveFace } from './boxes.js' */
/** @import { Box } from '../vision/geometry.js' */
/** @import { Zone, ZoneEdges } from './zone.js' */

const JPEG_QUALITY = 0.92;

export class Stage {
  video = part('video', HTMLVideoElement);
  #columns = part('columns');
  #stage = part('stage');
  #boxes = part('boxes');
  #mirrored = false;
  /** @type {Zone} */
  #zone = { ...WHOLE, minFacePercent: 0 };
  #zoneView;
  /** @type {Annotation[]} */
  #annotations = [];

  /** @param {(zone: ZoneEdges) => void} onZone called when a zone was drawn */
  constructor(onZone) {
    this.#zoneView = new ZoneView(onZone);
  }

  /**
   * Show the camera's video.
   * @param {MediaStream} stream
   * @param {boolean} mirrored
   */
  show(stream, mirrored) {
    this.#mirrored = mirrored;
    this.video.classList.toggle('mirrored', mirrored);
    this.video.srcObject = stream;
    this.#stage.classList.add('live');
  }

  /**
   * Whether a face counts, by the zone.
   * @param {Box} box in pixels of the picture
   * @param {{width: number, height: number}} picture
   */
  counts(box, picture) {
    return isCounted(box, picture, this.#zone, this.#mirrored);
  }

  /** @param {Zone} zone the faces that count; others have faint boxes */
  setZone(zone) {
    this.#zone = zone;
    this.#zoneView.show(zone);
  }

  /** Whether a frame can be read; Chromium announces the first one before it can be. */
  get playing() {
    return !this.video.paused && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** @param {boolean} frozen whether the video is paused */
  freeze(frozen) {
    if (frozen) this.video.pause();
    else this.video.play().catch(() => {}); // fails if the camera ends; its track reports that
  }

  /** Show no video. */
  clear() {
    this.video.srcObject = null;
    this.#stage.classList.remove('live', 'alerting');
    this.#boxes.replaceChildren();
    this.#annotations = [];
  }

  /** @param {{tracks: LiveFace[], width: number, height: number}} frame boxes in its pixels */
  draw({ tracks, width, height }) {
    this.#annotations = tracks;
    this.#columns.style.setProperty('--ratio', `${width / height}`);
    const counts = (/** @type {Box} */ box) => this.counts(box, { width, height });
    drawBoxes(this.#boxes, { annotations: tracks, width, height }, this.#mirrored, counts);
  }

  /** @param {boolean} on whether the video is framed because of an alert */
  highlight(on) {
    this.#stage.classList.toggle('alerting', on);
  }

  /**
   * A picture of one face of the current frame; see `facePicture`.
   * @param {Box} box in pixels of `picture`
   * @param {{width: number, height: number}} picture
   */
  facePicture(box, picture) {
    return facePicture(this.video, box, picture);
  }

  /**
   * Save the current frame with its boxes, mirrored if the video is.
   * @param {string} name of the file
   */
  save(name) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    context.save();
    if (this.#mirrored) context.transform(-1, 0, 0, 1, width, 0);
    context.drawImage(this.video, 0, 0);
    context.restore();
    const annotations = this.#mirrored
      ? this.#annotations.map((annotation) => flipped(annotation, width))
      : this.#annotations;
    annotate(context, annotations);
    canvas.toBlob((blob) => blob && save(blob, name), 'image/jpeg', JPEG_QUALITY);
  }
}

/**
 * @param {Annotation} annotation
 * @param {number} width of the picture
 * @returns {Annotation}
 */
function flipped(annotation, width) {
  const { left, right } = annotation.box;
  return { ...annotation, box: { ...annotation.box, left: width - right, right: width - left } };
}
