/**
 * Verdicts on the live picture, where each step is done as seldom as nobody sees.
 *
 * Finding faces costs tens of milliseconds, judging one costs two, following one some tenths of
 * one. So faces are found a few times a second, followed by their looks in between, and judged
 * until their verdict has settled, from then on now and then.
 */

import { SIDES, closerView } from './closer.js';
import { longerSide, squareAround } from './geometry.js';
import { KnownFaces } from './known.js';
import { crop } from './masks.js';
import { pyramid } from './refine.js';
import { Schedule } from './schedule.js';
import { cutOff, halves } from './views.js';

/** @import { Box, Frame } from './geometry.js' */
/** @import { BlazeFace } from './faces.js' */
/** @import { Contract } from './contract.js' */
/** @import { Grey } from './refine.js' */
/** @import { Known } from './known.js' */
/** @import { MaskClassifier } from './masks.js' */
/** @import { Picture } from './reader.js' */
/** @import { Sighting, Track, Tracker } from './tracker.js' */

/**
 * A frame's answer. `pass` is `full` where the finder looked, `tracked` where known faces were
 * only followed; `ms` are the milliseconds of each step.
 * @typedef {object} LiveAnswer
 * @property {Track[]} tracks
 * @property {'full' | 'tracked'} pass
 * @property {{read: number, follow: number, find: number, classify: number, all: number}} ms
 */

/** Faces judged in a frame at most, so that a crowd takes turns and no frame takes long. */
const JUDGED = 4;

/** Finds, follows and judges the faces of one live picture, one frame at a time. */
export class LiveDetector {
  #contract;
  #finder;
  #classifier;
  #tracker;
  #schedule;
  #clock;
  #known;
  #width = 0;
  #height = 0;

  /**
   * @param {Contract} contract
   * @param {BlazeFace} finder set as `possible` says
   * @param {MaskClassifier} classifier
   * @param {Tracker} tracker
   * @param {Schedule} [schedule]
   * @param {() => number} [clock] in milliseconds, for durations only
   */
  constructor(contract, finder, classifier, tracker, schedule, clock) {
    this.#contract = contract;
    this.#finder = finder;
    this.#classifier = classifier;
    this.#tracker = tracker;
    this.#schedule = schedule ?? new Schedule();
    this.#clock = clock ?? (() => performance.now());
    this.#known = new KnownFaces(finder.settings.iou_threshold);
  }

  /**
   * The faces of the next frame.
   * @param {Picture} picture
   * @param {number} now in milliseconds, of any clock that does not go back
   * @returns {Promise<LiveAnswer>}
   * @throws {ModelError} a model answers with something that is not a number
   */
  async track(picture, now) {
    this.#notice(picture);
    const times = [this.#clock()];
    const lap = () => times.push(this.#clock());
    const longest = Math.max(picture.width, picture.height);
    const scale = this.#finder.scale(picture);
    const reduced = picture.reduced(Math.round(longest * scale));
    lap();
    const levels = pyramid(reduced, scale);
    this.#known.follow(levels, now);
    lap();
    const looked = await this.#look(picture, reduced, levels, now);
    lap();
    const tracks = this.#tracker.update(await this.#judge(picture, now), now);
    lap();
    const [read, follow, find, classify] = times.slice(1).map((time, i) => time - times[i]);
    if (looked) this.#schedule.took(find);
    const ms = { read, follow, find, classify, all: times[4] - times[0] };
    return { tracks, pass: looked ? 'full' : 'tracked', ms };
  }

  /** Forget all faces: another camera comes. */
  reset() {
    this.#known.clear();
    this.#schedule.reset();
    this.#tracker.reset();
  }

  /**
   * Frames of another size, as of a phone that was turned, are another scene.
   * @param {Picture} picture
   */
  #notice({ width, height }) {
    if (width === this.#width && height === this.#height) return;
    [this.#width, this.#height] = [width, height];
    this.reset();
  }

  /**
   * Let the finder look, if it is time.
   * @param {Picture} picture
   * @param {Frame} reduced the whole of it at the finder's scale
   * @param {Grey[]} levels of `reduced`
   * @param {number} now
   * @returns {Promise<boolean>} whether it did
   */
  async #look(picture, reduced, levels, now) {
    const { faces, lost, doubtful } = this.#known;
    const scene = levels[levels.length - 1];
    const state = { known: faces.length, lost, doubtful: doubtful !== undefined };
    const look = this.#schedule.next(scene, state, now);
    if (!look) return false;
    if (look === 'closer') return this.#lookCloser(picture, /** @type {Known} */ (doubtful), now);
    if (look === 'whole') {
      const view = this.#finder.frame(picture);
      const found = await this.#finder.findReduced(reduced, view);
      this.#known.see(found, { view, whole: true, levels, now });
    } else {
      const view = halves(picture)[look];
      const found = await this.#findIn(picture, view);
      const complete = found.filter(({ box }) => !cutOff(box, view, picture));
      this.#known.see(complete, { view, whole: false, levels, now });
    }
    return true;
  }

  /**
   * @param {Picture} picture
   * @param {Known} doubtful
   * @param {number} now
   * @returns {Promise<boolean>} whether it did; a face that fills much of the picture needs none
   */
  async #lookCloser(picture, doubtful, now) {
    const { box, denials } = doubtful;
    const view = closerView(box, picture, SIDES[denials % SIDES.length]);
    this.#known.confirm(doubtful, view ? await this.#findIn(picture, view) : [doubtful], now);
    return view !== undefined;
  }

  /**
   * @param {Picture} picture
   * @param {Box} view a square within it
   */
  #findIn(picture, view) {
    return this.#finder.findReduced(picture.view(view, this.#finder.settings.input_size), view);
  }

  /**
   * The known faces, with probabilities those whose verdict is not settled; where these are many,
   * those that wait longest.
   * @param {Picture} picture
   * @param {number} now
   * @returns {Promise<Sighting[]>}
   */
  async #judge(picture, now) {
    const { faces } = this.#known;
    const due = this.#tracker.due(faces, now);
    const small = faces.map(({ box }) => longerSide(box) < this.#contract.smallest_face);
    const waiting = faces.filter((_, i) => due[i] && !small[i]);
    const judged = waiting.sort((a, b) => a.judged - b.judged).slice(0, JUDGED);
    for (const face of judged) face.judged = now;
    const answers = await this.#classify(picture, judged);
    return faces.map((face, i) => {
      const { box, score } = face;
      return { box, score, probabilities: small[i] ? {} : answers[judged.indexOf(face)] };
    });
  }

  /**
   * @param {Picture} picture
   * @param {Known[]} faces
   * @returns {Promise<Record<string, number>[]>}
   */
  async #classify(picture, faces) {
    const { input_size: size, labels } = this.#contract;
    const each = size * size * 3;
    const crops = new Float32Array(faces.length * each);
    faces.forEach(({ box }, i) => {
      cut(picture, box, this.#finder.settings.crop_scale, size, crops.subarray(i * each, (i + 1) * each));
    });
    const answers = await this.#classifier.classify(crops);
    return answers.map((row) => Object.fromEntries(labels.map((label, i) => [label, row[i]])));
  }
}

/**
 * The crop of a face, as `masks.crop` makes it of the whole frame.
 * @param {Picture} picture
 * @param {Box} box
 * @param {number} scale
 * @param {number} size
 * @param {Float32Array} out
 */
function cut(picture, box, scale, size, out) {
  const { frame, left, top, scale: reduction } = picture.region(squareAround(box, scale));
  const there = {
    left: (box.left - left) * reduction,
    top: (box.top - top) * reduction,
    right: (box.right - left) * reduction,
    bottom: (box.bottom - top) * reduction,
  };
  crop(frame, there, scale, size, out);
}
