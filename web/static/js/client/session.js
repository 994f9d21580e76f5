/** The camera's time on the page: asked for, loading, running, paused, stopped. */

import { sourceOf } from '../camera/camera.js';
import { CameraError } from '../errors.js';
import { FrameLoop, FrameRate, grab, picturesOf } from './loop.js';
import { Watchdog } from './watchdog.js';
import { texts } from '../texts/texts.js';

/** @import { Camera, Choice, Source } from '../camera/camera.js' */
/** @import { Predictor } from './predictor.js' */
/** @import { View } from '../view/view.js' */
/** @import { Tracked } from '../worker/worker.js' */

/**
 * `held`: paused by the user.
 * @typedef {'idle' | 'asking' | 'loading' | 'running' | 'held' | 'hidden'} State
 */

/**
 * @typedef {object} Listeners
 * @property {() => void} begun a camera is asked for
 * @property {(tracked: Tracked) => void} seen what each frame shows
 * @property {() => void} ended or paused: nothing is seen any more
 */

const PROMPT_AFTER = 5000; // ms without an answer to the browser's question
const RESUMED_FOR = 4000; // ms that the page tells of a pause
const STALLED_AFTER = 2500; // ms without a new picture

export class LiveSession {
  #view;
  #camera;
  #judge;
  #listeners;
  #loop;
  /** @type {State} */
  #state = 'idle';
  #rate = new FrameRate();
  #pulse;
  /** @type {Source | undefined} */
  #source;
  /** @type {string | undefined} */
  #lost; // the camera that was unplugged while it was in use

  /**
   * @param {View} view
   * @param {Camera} camera
   * @param {Predictor} judge
   * @param {Listeners} listeners
   */
  constructor(view, camera, judge, listeners) {
    this.#view = view;
    this.#camera = camera;
    this.#judge = judge;
    this.#judge.onProgress = () => this.#tellProgress();
    this.#listeners = listeners;
    this.#loop = new FrameLoop(
      picturesOf(view.stage.video),
      (late) => this.#step(late),
      (error) => this.fail(error),
    );
    this.#pulse = new Watchdog(STALLED_AFTER, () => this.#tellStalled(), () => this.#tellBack());
    this.#judge.onPhotos = (pending) => this.#pulse.hold(pending); // frames wait for photos
    this.#enter('idle', texts.status.idle);
  }

  get state() {
    return this.#state;
  }

  /** The camera in use. */
  get source() {
    return this.#source;
  }

  /**
   * Ask for the camera, and load the models meanwhile.
   * @param {Choice} choice
   */
  async start(choice) {
    this.#lost = undefined;
    this.#enter('asking', texts.status.asking);
    this.#listeners.begun();
    this.#view.statusLater(texts.status.prompt, PROMPT_AFTER);
    this.#view.setActive(true);
    this.#view.setPause(false, false);
    this.#view.alert('');
    try {
      const [opened] = await Promise.all([this.#open(choice), this.#load()]);
      if (opened) this.#run();
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Take another camera while one is on.
   * @param {Choice} choice
   */
  change(choice) {
    this.#halt();
    this.#view.clear();
    return this.start(choice);
  }

  /**
   * Go on by itself once the camera is there again that was unplugged; not with another one, and
   * not on a page that nobody sees.
   * @param {string[]} devices the cameras there are
   */
  resume(devices) {
    const device = this.#lost;
    if (!device || this.#view.hidden || !devices.includes(device)) return;
    this.start({ device, only: true });
  }

  /** Stop the picture, or let it go on. */
  pause() {
    if (this.#state === 'running') {
      this.#rest('held', texts.status.held);
      this.#view.setPause(true, true);
      this.#view.stage.freeze(true);
    } else if (this.#state === 'held') {
      this.#goOn(texts.status.running);
    }
  }

  /** @param {boolean} hidden whether nobody can see the page */
  hide(hidden) {
    if (hidden && this.#state === 'running') {
      this.#rest('hidden', texts.status.paused);
    } else if (!hidden && this.#state === 'hidden') {
      this.#goOn(texts.status.resumed);
      this.#view.statusLater(texts.status.running, RESUMED_FOR);
    }
  }

  stop() {
    this.#end(texts.status.stopped);
  }

  /** @param {unknown} error */
  fail(error) {
    if (this.#state === 'idle') return; // stopped before
    const device = this.#source?.device;
    this.#end(texts.status.failed);
    if (error instanceof CameraError && error.unplugged) this.#lost = device;
    this.#view.alert(error instanceof Error ? error.message : `${error}`);
  }

  /**
   * @param {Choice} choice
   * @returns {Promise<boolean>} whether the camera is on; not if it was stopped meanwhile
   */
  async #open(choice) {
    const stream = await this.#camera.open((error) => this.fail(error), choice);
    if (!stream) return false;
    this.#state = 'loading';
    this.#tellProgress();
    const source = sourceOf(stream);
    const { device, facing } = source;
    this.#source = source;
    this.#view.stage.show(stream, facing !== 'environment');
    this.#view.cameras(await this.#camera.list(), device, facing !== undefined);
    return true;
  }

  /** Also where the camera fails, so that the next Start is quick. */
  async #load() {
    this.#judge.reset();
    const { version } = await this.#judge.load();
    this.#view.version(version);
  }

  #tellProgress() {
    if (this.#state !== 'loading') return; // the camera comes first
    const { begun, loading, warming } = texts.status;
    const { progress } = this.#judge;
    if (progress?.type === 'warming') this.#view.status(warming);
    else this.#view.status(begun, progress && loading(progress.done, progress.total));
  }

  #run() {
    if (this.#state !== 'loading') return; // stopped meanwhile
    this.#goOn(texts.status.running);
    this.hide(this.#view.hidden);
  }

  /** @param {() => boolean} late whether what it shows is of no use any more */
  async #step(late) {
    const { stage } = this.#view;
    if (!stage.playing) return;
    const frame = await grab(stage.video);
    if (late()) {
      frame.close();
      return;
    }
    const tracked = await this.#judge.track(frame);
    if (late()) return;
    this.#pulse.beat();
    stage.draw(tracked);
    this.#view.rate(texts.rate(this.#rate.tick(performance.now())));
    this.#listeners.seen(tracked);
  }

  /**
   * @param {State} state
   * @param {string} status
   */
  #rest(state, status) {
    this.#halt();
    this.#enter(state, status);
  }

  /** No picture is looked at any more. */
  #halt() {
    this.#loop.stop();
    this.#pulse.stop();
    this.#listeners.ended();
  }

  /** What was seen last no longer holds; the loop waits, since the pictures may come again. */
  #tellStalled() {
    this.#enter('running', texts.status.stalled);
    this.#listeners.ended();
    this.#view.stage.freeze(false); // some systems pause the video by themselves
  }

  #tellBack() {
    this.#rate = new FrameRate();
    this.#enter('running', texts.status.running);
  }

  /** @param {string} status */
  #goOn(status) {
    this.#rate = new FrameRate();
    this.#enter('running', status);
    this.#view.setPause(true, false);
    this.#view.stage.freeze(false);
    this.#pulse.start();
    this.#loop.start();
  }

  /** @param {string} status */
  #end(status) {
    this.#enter('idle', status);
    this.#halt();
    this.#camera.stop();
    this.#source = this.#lost = undefined;
    this.#view.clear();
    this.#view.alert('');
    this.#view.setActive(false);
    this.#view.setPause(false, false);
  }

  /**
   * @param {State} next
   * @param {string} status
   */
  #enter(next, status) {
    this.#state = next;
    this.#view.status(status);
  }
}
