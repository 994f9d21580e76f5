/**
 * Verdicts on the live picture, stable from frame to frame; twin of `inference/tracking/live.py`.
 *
 * Detecting faces takes tens of milliseconds, classifying one takes two, following one some tenths
 * of one. So faces are detected a few times a second, in parallel to the frames, followed by their
 * templates in between, and classified until their verdict is stable, then only occasionally.
 */

import { classifyFaces } from '../vision/detector.js';
import { scaled, squareAround } from '../vision/geometry.js';
import { thumbnail } from './appearance.js';
import { Pace } from './pace.js';
import { Schedule } from './schedule.js';
import { pyramid } from './template.js';
import { Tracker } from './tracker.js';

/** @import { CenterFace } from '../vision/centerface.js' */
/** @import { Detection } from '../vision/detections.js' */
/** @import { Contract } from '../contract.js' */
/** @import { Box, Frame } from '../vision/geometry.js' */
/** @import { MaskClassifier } from '../vision/classifier.js' */
/** @import { Picture } from '../vision/geometry.js' */
/** @import { Pass } from './schedule.js' */
/** @import { ColorImage } from './appearance.js' */
/** @import { GrayImage } from './template.js' */
/** @import { Track } from './track.js' */

/**
 * The result for a frame. `pass` is the detector pass whose result was applied in it, if any; `ms`
 * are the milliseconds of each step.
 * @typedef {object} LiveResult
 * @property {Track[]} tracks
 * @property {Pass | undefined} pass
 * @property {{read: number, track: number, classify: number, all: number}} ms
 */

/**
 * A pass of the detector that runs in parallel to the frames.
 * @typedef {object} RunningPass
 * @property {Pass} pass
 * @property {GrayImage[][]} frames the pyramids of the frame it runs on and of those since
 * @property {ColorImage} colors the first of these in color
 * @property {Promise<void>} ended
 * @property {Detection[]} [detections] once it has ended
 * @property {unknown} [error] if it failed
 */

/** Faces classified per frame, so that no frame takes long; in a crowd they take turns. */
const MAX_CLASSIFIED = 2;

/** The same where frames are far apart. */
const MAX_CLASSIFIED_SLOW = 32;

/** A frame that follows the last one by this much waits for a running pass. */
const WAIT_INTERVAL_MS = 200;

/** Frames kept for a running pass; following its detections through them must not delay a frame. */
const MAX_KEPT_FRAMES = 8;

/** Detects, tracks and classifies the faces of one live picture, frame by frame. */
export class LiveDetector {
  #contract;
  #detector;
  #classifier;
  #tracker;
  #schedule = new Schedule();
  #clock;
  #pace = new Pace();
  /** @type {RunningPass | undefined} */
  #running;
  #size = { width: 0, height: 0 };
  #lastMs = NaN; // of the frame before

  /**
   * @param {Contract} contract
   * @param {Pick<CenterFace, 'detectOnce'>} detector
   * @param {Pick<MaskClassifier, 'classify'>} classifier
   * @param {() => number} [clock] in milliseconds, for durations only
   */
  constructor(contract, detector, classifier, clock = () => performance.now()) {
    const { labels, unsure_below: unsureBelow, detector: settings } = contract;
    this.#contract = contract;
    this.#detector = detector;
    this.#classifier = classifier;
    this.#tracker = new Tracker(labels, unsureBelow, settings);
    this.#clock = clock;
  }

  /**
   * The faces of the next frame.
   * @param {Picture} picture
   * @param {number} nowMs of any clock that does not go back
   * @returns {Promise<LiveResult>}
   * @throws {ModelError} an output of a model is not finite
   */
  async track(picture, nowMs) {
    const times = [this.#clock()];
    const lap = () => times.push(this.#clock());
    this.#noticeSize(picture);
    const { near_side: side } = this.#contract.detector;
    const reduced = picture.reduced(side);
    const levels = pyramid(reduced, side / longest(picture)); // copies: a pass may take `reduced`
    lap();
    this.#pace.tick(nowMs);
    const { nowMs: trackMs, slow } = this.#pace;
    this.#tracker.follow(levels, trackMs, slow);
    this.#keep(levels);
    this.#startPass(picture, reduced, levels, nowMs);
    if (nowMs - this.#lastMs >= WAIT_INTERVAL_MS) await this.#running?.ended;
    const pass = this.#takeResult(trackMs);
    lap();
    await this.#classify(picture, trackMs);
    lap();
    this.#lastMs = nowMs;
    const [read, track, classify] = times.slice(1).map((time, i) => time - times[i]);
    const tracks = this.#tracker.report(trackMs);
    return { tracks, pass, ms: { read, track, classify, all: times[3] - times[0] } };
  }

  /** Forget all faces, as when another camera is chosen. Ids are not reused. */
  reset() {
    this.#running = undefined; // its result is of the camera before
    this.#schedule.reset();
    this.#tracker.reset();
  }

  /**
   * Frames of another size, as when a phone is rotated, are another scene.
   * @param {Picture} picture
   */
  #noticeSize({ width, height }) {
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.reset();
  }

  /**
   * Keep a frame for the running pass, and only every second one of a pass that takes long.
   * @param {GrayImage[]} levels
   */
  #keep(levels) {
    const running = this.#running;
    if (!running) return;
    running.frames.push(levels);
    if (running.frames.length <= MAX_KEPT_FRAMES) return;
    running.frames = running.frames.filter((one, i) => i % 2 === 0 || one === levels);
  }

  /**
   * Start a pass of the detector, if none runs and it is time.
   * @param {Picture} picture
   * @param {Frame} reduced the frame at `near_side`, whose pixels are transferred to a near pass
   * @param {GrayImage[]} levels
   * @param {number} nowMs
   */
  #startPass(picture, reduced, levels, nowMs) {
    if (this.#running) return;
    const { size, smallestUnconfirmedPx: smallest } = this.#tracker;
    const unconfirmed = smallest === undefined ? undefined : smallest / longest(picture);
    const { slow } = this.#pace;
    const pass = this.#schedule.next(levels[levels.length - 1], size, unconfirmed, nowMs, slow);
    if (!pass) return;
    const colors = thumbnail(reduced, longest(reduced) / longest(picture));
    const frame = pass === 'near' ? reduced : picture.reduced(this.#contract.detector.far_side);
    /** @type {RunningPass} */
    const running = { pass, frames: [levels], colors, ended: Promise.resolve() };
    running.ended = this.#detect(frame, longest(frame) / longest(picture), running);
    this.#running = running;
  }

  /**
   * @param {Frame} frame
   * @param {number} scale pixels of `frame` for each pixel of the whole frame
   * @param {RunningPass} running which gets the detections, in pixels of the whole frame
   */
  async #detect(frame, scale, running) {
    const { live_score_threshold: scoreThreshold } = this.#contract.detector;
    const started = this.#clock();
    try {
      const found = await this.#detector.detectOnce(frame, longest(frame), scoreThreshold);
      running.detections = found.map((one) => ({ ...one, box: scaled(one.box, 1 / scale) }));
      this.#schedule.ended(running.pass, this.#clock() - started);
    } catch (error) {
      running.error = error;
    }
  }

  /**
   * Apply the result of a pass that has ended.
   * @param {number} nowMs
   * @returns {Pass | undefined}
   */
  #takeResult(nowMs) {
    const { detections, error, frames, pass, colors } = this.#running ?? {};
    if (error) {
      this.#running = undefined;
      throw error;
    }
    if (!detections || !frames || !pass) return undefined;
    const minFacePx = this.#schedule.minFacePx(pass, longest(this.#size));
    this.#tracker.correct({ detections, frames, minFacePx, colors }, nowMs);
    this.#running = undefined;
    return pass;
  }

  /**
   * @param {Picture} picture
   * @param {number} nowMs
   */
  async #classify(picture, nowMs) {
    const most = this.#pace.slow ? MAX_CLASSIFIED_SLOW : MAX_CLASSIFIED;
    const due = this.#tracker.due(nowMs, most);
    const boxes = due.map(({ box }) => box);
    const regionOf = (/** @type {Box} */ box) => this.#regionOf(picture, box);
    const results = await classifyFaces(this.#contract, this.#classifier, boxes, regionOf);
    due.forEach(({ id }, i) => this.#tracker.classify(id, results[i], nowMs));
  }

  /**
   * The pixels under the crop of a face at full resolution, and where the face is among them.
   * @param {Picture} picture
   * @param {Box} box
   */
  #regionOf(picture, box) {
    const { crop_scale: side, crop_shift: shift } = this.#contract.detector;
    const { frame, left, top, scale } = picture.region(squareAround(box, side, shift));
    const there = {
      left: (box.left - left) * scale,
      top: (box.top - top) * scale,
      right: (box.right - left) * scale,
      bottom: (box.bottom - top) * scale,
    };
    return { frame, box: there };
  }
}

/** @param {{width: number, height: number}} picture */
function longest({ width, height }) {
  return Math.max(width, height);
}
