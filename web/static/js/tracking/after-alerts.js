/** Detects faces whose mask was put on, or put right, after they raised an alert. */

import { TALLY } from './tally.js';

/** @import { AlertEvent } from './alerts.js' */
/** @import { Track } from './track.js' */

/**
 * A face whose alert has begun; `wornSinceMs` is since when it has worn its mask, and undefined
 * while it does not.
 * @typedef {{lastMs: number, wornSinceMs?: number, reported: boolean}} AlertedFace
 */

/** How long the mask must stay on, so that a hand before the mouth does not count. */
export const WORN_MS = 1000;

/** Reports each face at most once. Pure: no clock, no page; memory is bounded. */
export class AfterAlerts {
  /** @type {Map<number, AlertedFace>} by track id */
  #faces = new Map();

  /**
   * Process the tracks of a frame.
   * @param {Pick<Track, 'id' | 'label'>[]} tracks
   * @param {Pick<AlertEvent, 'type' | 'face'>[]} events of the alert rule in this frame
   * @param {number} nowMs on any clock that does not go back
   * @returns {number[]} ids of the tracks that have worn a mask for `WORN_MS` since their alert
   */
  update(tracks, events, nowMs) {
    for (const { type, face } of events) {
      if (type !== 'begin' || this.#faces.has(face)) continue;
      this.#faces.set(face, { lastMs: nowMs, reported: false });
    }
    const worn = tracks.filter((track) => this.#updateFace(track, nowMs));
    for (const [id, { lastMs }] of this.#faces) {
      if (nowMs - lastMs > TALLY.maxGapMs) this.#faces.delete(id);
    }
    return worn.map(({ id }) => id);
  }

  /**
   * @param {Pick<Track, 'id' | 'label'>} track
   * @param {number} nowMs
   * @returns {boolean} whether to report the face now
   */
  #updateFace({ id, label }, nowMs) {
    const face = this.#faces.get(id);
    if (!face) return false;
    face.lastMs = nowMs;
    face.wornSinceMs = label === 'with_mask' ? (face.wornSinceMs ?? nowMs) : undefined;
    const isWorn = face.wornSinceMs !== undefined && nowMs - face.wornSinceMs >= WORN_MS;
    if (!isWorn || face.reported) return false;
    face.reported = true;
    return true;
  }
}
