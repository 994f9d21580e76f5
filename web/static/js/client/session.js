/** One use of the camera: opening, loading, running, paused, stopped. */

import { sourceOf } from '../camera/camera.js';
import { CameraError } from '../errors.js';
import { texts } from '../texts/texts.js';
import { FrameLoop, FrameRate, NewFrames, framesOf, grab, ticksOf } from './loop.js';
import { Watchdog } from './watchdog.js';

/** @import { Camera, CameraChoice, CameraSource } from '../camera/camera.js' */
/** @import { View } from '../view/view.js' */
/** @import { FrameResult } from '../worker/messages.js' */
/** @import { Predictor } from './predictor.js' */

/**
 * `paused` by the user.
 * @typedef {'idle' | 'opening' | 'loading' | 'running' | 'paused'} State
 */

/**
 * @typedef {object} Listeners
 * @property {(choice: CameraChoice) => void} onStart a camera is opened
 * @property {(result: FrameResult) => void} onFrame a frame was processed
 * @property {() => void} onStop no frames follow for now
 * @property {() => void} onFail the camera or the model has failed
 * @property {() => void} onStall no frames arrive; the camera is still on
 */

const PROMPT_DELAY_MS = 5000; // without an answer to the browser's permission prompt
const HIDDEN_INTERVAL_MS = 200; // between frames while the page is hidden
const RESUMED_MS = 8000; // for which the status mentions that the camera was paused
const STALL_MS = 2500; // without a new frame

export class LiveSession {
  #view;
  #camera;
  #predictor;
  #listeners;
  #loop;
  #frames;
  #ticks;
  #hidden = false;
  #demo = false; // whether the video is that of the sample photos
  /** @type {'hidden' | 'visible' | undefined} */
  #stalled; // what the page was when frames stopped
  #newFrames = new NewFrames();
  /** @type {State} */
  #state = 'idle';
  #rate = new FrameRate();
  #watchdog;
  /** @type {CameraSource | undefined} */
  #source;
  /** @type {string | undefined} */
  #unpluggedDevice; // while it was in use

  /**
   * @param {View} view
   * @param {Camera} camera
   * @param {Predictor} predictor
   * @param {Listeners} listeners
   */
  constructor(view, camera, predictor, listeners) {
    this.#view = view;
    this.#camera = camera;
    this.#predictor = predictor;
    this.#predictor.onProgress = () => this.#showProgress();
    this.#listeners = listeners;
    this.#frames = framesOf(view.stage.video);
    this.#ticks = ticksOf(() => predictor.wait(HIDDEN_INTERVAL_MS));
    this.#loop = new FrameLoop(
      this.#frames,
      (isStale) => this.#processFrame(isStale),
      (error) => this.fail(error),
    );
    this.#watchdog = new Watchdog(STALL_MS, () => this.#stall(), () => this.#unstall());
    this.#predictor.onPhotos = (pending) => this.#watchdog.suspend(pending); // frames wait
    this.#enter('idle', texts.status.idle);
  }

  get state() {
    return this.#state;
  }

  /** Whether no frames arrive. */
  get stalled() {
    return this.#stalled !== undefined;
  }

  /** The camera in use. */
  get source() {
    return this.#source;
  }

  /**
   * Open the camera and load the models at the same time.
   * @param {CameraChoice} choice
   */
  async start(choice) {
    this.#unpluggedDevice = undefined;
    this.#demo = choice.demo === true;
    this.#enter('opening', this.#demo ? texts.status.begun : texts.status.asking);
    this.#listeners.onStart(choice);
    if (!this.#demo) this.#view.statusLater(texts.status.prompt, PROMPT_DELAY_MS);
    this.#view.setActive(true);
    this.#view.setPause(false, false);
    this.#view.error('');
    try {
      const [opened] = await Promise.all([this.#open(choice), this.#load()]);
      if (opened) this.#run();
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Switch to another camera.
   * @param {CameraChoice} choice
   */
  change(choice) {
    this.#halt();
    this.#view.clear();
    return this.start(choice);
  }

  /**
   * Start again once the camera that was unplugged is back, but with no other camera and not on a
   * hidden page.
   * @param {string[]} devices that are connected
   */
  resume(devices) {
    const device = this.#unpluggedDevice;
    if (!device || this.#view.hidden || !devices.includes(device)) return;
    this.start({ device, exact: true });
  }

  /** Pause or continue. */
  pause() {
    if (this.#state === 'running') {
      this.#halt();
      this.#enter('paused', this.#demo ? texts.status.demoPaused : texts.status.paused);
      this.#view.setPause(true, true);
      this.#view.stage.freeze(true);
    } else if (this.#state === 'paused') {
      this.#continue(this.#runningText);
    }
  }

  /**
   * Continue with fewer frames while the page is hidden, so that alerts are raised.
   * @param {boolean} hidden
   */
  hide(hidden) {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    this.#loop.change(hidden ? this.#ticks : this.#frames);
    if (this.#state !== 'running') return;
    if (!hidden) this.#view.stage.freeze(false); // some systems pause the video by themselves
    if (!hidden && this.#stalled === 'hidden') this.#wake();
    else if (!this.#stalled) this.#enter('running', this.#runningText);
  }

  /** Continue in a browser that sends hidden pages no frames, and say so. */
  #wake() {
    this.#stalled = undefined;
    this.#watchdog.start();
    this.#enter('running', texts.status.resumed);
    this.#view.statusLater(this.#runningText, RESUMED_MS);
  }

  get #runningText() {
    if (this.#demo) return texts.status.demo;
    return this.#hidden ? texts.status.hidden : texts.status.running;
  }

  stop() {
    this.#end(texts.status.stopped);
  }

  /** @param {unknown} error */
  fail(error) {
    if (this.#state === 'idle') return; // stopped meanwhile
    const device = this.#source?.device;
    this.#end(texts.status.failed);
    if (error instanceof CameraError && error.unplugged) this.#unpluggedDevice = device;
    this.#view.error(error instanceof Error ? error.message : `${error}`);
    this.#listeners.onFail();
  }

  /**
   * @param {CameraChoice} choice
   * @returns {Promise<boolean>} whether the camera is on; false if it was stopped meanwhile
   */
  async #open(choice) {
    const stream = await this.#camera.open((error) => this.fail(error), choice);
    if (!stream) return false;
    this.#state = 'loading';
    this.#showProgress();
    const source = sourceOf(stream);
    const { device, facing } = source;
    this.#source = this.#demo ? undefined : source;
    this.#view.stage.show(stream, facing !== 'environment');
    const cameras = this.#demo ? [] : await this.#camera.list();
    this.#view.cameras(cameras, device, facing !== undefined);
    return true;
  }

  /** Continues even if the camera fails, so that the next start is quick. */
  async #load() {
    this.#predictor.reset();
    const { version } = await this.#predictor.load();
    this.#view.version(version);
  }

  #showProgress() {
    if (this.#state !== 'loading') return; // the camera's status takes precedence
    const { begun, loading, warming } = texts.status;
    const { progress } = this.#predictor;
    if (progress?.type === 'warming') this.#view.status(warming);
    else this.#view.status(begun, progress && loading(progress.doneBytes, progress.totalBytes));
  }

  #run() {
    if (this.#state !== 'loading') return; // stopped meanwhile
    this.hide(this.#view.hidden);
    this.#continue(this.#runningText);
  }

  /** @param {() => boolean} isStale whether the result is no longer needed */
  async #processFrame(isStale) {
    const { stage } = this.#view;
    if (!stage.playing) return;
    const frame = await grab(stage.video);
    const isNew = this.#newFrames.accept(frame) || !this.#hidden;
    if (isStale() || !isNew) {
      frame.close();
      return;
    }
    const result = await this.#predictor.track(frame);
    if (isStale()) return;
    this.#watchdog.beat();
    stage.draw(result);
    this.#view.rate(texts.rate(this.#rate.tick(performance.now())));
    this.#listeners.onFrame(result);
  }

  /** Stop processing frames. */
  #halt() {
    this.#loop.stop();
    this.#watchdog.stop();
    this.#listeners.onStop();
  }

  /** Report that no frames arrive; the loop keeps waiting for them. */
  #stall() {
    if (this.#demo) return; // slow, as in a hidden page
    this.#stalled = this.#hidden ? 'hidden' : 'visible';
    this.#enter('running', texts.status.stalled);
    this.#listeners.onStop();
    this.#listeners.onStall();
    this.#view.stage.freeze(false); // some systems pause the video by themselves
  }

  #unstall() {
    this.#stalled = undefined;
    this.#rate = new FrameRate();
    this.#enter('running', this.#runningText);
  }

  /** @param {string} status */
  #continue(status) {
    this.#rate = new FrameRate();
    this.#stalled = undefined;
    this.#enter('running', status);
    this.#view.setPause(true, false);
    this.#view.stage.freeze(false);
    this.#watchdog.start();
    this.#loop.start();
  }

  /** @param {string} status */
  #end(status) {
    this.#enter('idle', status);
    this.#halt();
    this.#camera.stop();
    this.#source = this.#unpluggedDevice = undefined;
    this.#view.clear();
    this.#view.error('');
    this.#view.setActive(false);
    this.#view.setPause(false, false);
  }

  /**
   * @param {State} state
   * @param {string} status
   */
  #enter(state, status) {
    this.#state = state;
    this.#view.status(status);
  }
}
