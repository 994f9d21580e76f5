/** The part of the picture that counts: shown, drawn with a pointer, and applied to faces. */

import { part } from './parts.js';

/** @import { Box } from '../vision/geometry.js' */

/**
 * Which faces count. Edges are in percent of the picture as it is shown.
 * @typedef {object} Zone
 * @property {number} zoneLeft
 * @property {number} zoneTop
 * @property {number} zoneRight
 * @property {number} zoneBottom
 * @property {number} minFacePercent height of the smallest face, in percent of the picture's height
 */

/** @typedef {Omit<Zone, 'minFacePercent'>} ZoneEdges */

/** @type {ZoneEdges} */
export const WHOLE = { zoneLeft: 0, zoneTop: 0, zoneRight: 100, zoneBottom: 100 };
/** Least width and height of a zone, in percent of the picture's; a shorter drag is a click. */
export const MIN_ZONE_PERCENT = 5;

/**
 * Whether a face counts: its centre is in the zone, and it is large enough.
 * @param {Box} box in pixels of the picture
 * @param {{width: number, height: number}} picture
 * @param {Zone} zone
 * @param {boolean} mirrored whether the picture is shown mirrored
 */
export function isCounted(box, { width, height }, zone, mirrored) {
  const centre = ((box.left + box.right) / 2 / width) * 100;
  const x = mirrored ? 100 - centre : centre;
  const y = ((box.top + box.bottom) / 2 / height) * 100;
  const tall = ((box.bottom - box.top) / height) * 100;
  const inside =
    x >= zone.zoneLeft && x <= zone.zoneRight && y >= zone.zoneTop && y <= zone.zoneBottom;
  return inside && tall >= zone.minFacePercent;
}

/**
 * The zone between two points.
 * @param {[number, number]} a x and y, in percent of the picture as it is shown
 * @param {[number, number]} b
 * @returns {ZoneEdges | undefined} undefined if they are too close
 */
export function between([ax, ay], [bx, by]) {
  const clip = (/** @type {number} */ value) => Math.round(Math.min(Math.max(value, 0), 100));
  const [left, right] = [clip(Math.min(ax, bx)), clip(Math.max(ax, bx))];
  const [top, bottom] = [clip(Math.min(ay, by)), clip(Math.max(ay, by))];
  const zone = { zoneLeft: left, zoneTop: top, zoneRight: right, zoneBottom: bottom };
  return isZone(zone) ? zone : undefined;
}

/**
 * Whether this is a zone: whole numbers within the picture, in order and apart from each other.
 * @param {ZoneEdges} edges of which each may be anything
 */
export function isZone({ zoneLeft, zoneTop, zoneRight, zoneBottom }) {
  return (
    [zoneLeft, zoneTop, zoneRight, zoneBottom].every(isEdge) &&
    zoneRight - zoneLeft >= MIN_ZONE_PERCENT &&
    zoneBottom - zoneTop >= MIN_ZONE_PERCENT
  );
}

/** @param {number} value which may be anything */
export function isEdge(value) {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}

export class ZoneView {
  #stage = part('stage');
  #frame = part('zone');
  #draw = part('zone-draw');
  #change;
  #zone = WHOLE;
  /** @type {[number, number] | undefined} */
  #start;

  /** @param {(zone: ZoneEdges) => void} change called when a zone was drawn */
  constructor(change) {
    this.#change = change;
    this.#draw.addEventListener('click', () => this.#setDrawing(!this.#drawing));
    part('zone-whole').addEventListener('click', () => change(WHOLE));
    this.#stage.addEventListener('pointerdown', (event) => this.#begin(event));
    this.#stage.addEventListener('pointermove', (event) => this.#preview(event));
    this.#stage.addEventListener('pointerup', (event) => this.#end(event));
    this.#stage.addEventListener('pointercancel', () => this.#setDrawing(false));
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#setDrawing(false);
    });
  }

  /** @param {ZoneEdges} zone */
  show(zone) {
    this.#zone = zone;
    this.#place(zone);
  }

  /** @param {ZoneEdges} zone */
  #place({ zoneLeft, zoneTop, zoneRight, zoneBottom }) {
    const whole = zoneRight - zoneLeft === 100 && zoneBottom - zoneTop === 100;
    this.#frame.hidden = whole;
    const { style } = this.#frame;
    style.left = `${zoneLeft}%`;
    style.top = `${zoneTop}%`;
    style.width = `${zoneRight - zoneLeft}%`;
    style.height = `${zoneBottom - zoneTop}%`;
  }

  get #drawing() {
    return this.#draw.getAttribute('aria-pressed') === 'true';
  }

  /** @param {boolean} drawing */
  #setDrawing(drawing) {
    this.#draw.setAttribute('aria-pressed', `${drawing}`);
    this.#stage.classList.toggle('zoning', drawing);
    this.#start = undefined;
    this.#place(this.#zone);
    if (drawing) this.#stage.scrollIntoView({ block: 'nearest' });
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (!this.#drawing || !event.isPrimary || event.button !== 0) return;
    event.preventDefault(); // no selection of text
    this.#stage.setPointerCapture(event.pointerId); // so that it can end beyond the edge
    this.#start = this.#pointOf(event);
  }

  /** @param {PointerEvent} event */
  #preview(event) {
    const zone = this.#start && between(this.#start, this.#pointOf(event));
    if (zone) this.#place(zone);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (!this.#start || !event.isPrimary) return;
    const zone = between(this.#start, this.#pointOf(event));
    this.#setDrawing(false);
    if (zone) this.#change(zone);
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]} x and y, in percent of the stage
   */
  #pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return [((clientX - left) / width) * 100, ((clientY - top) / height) * 100];
  }
}
