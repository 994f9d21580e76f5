/** The camera's time on the page: asked for, loading, running, paused, stopped. */

import { sourceOf } from './camera.js';
import { Loop, Rate, grab, picturesOf } from './loop.js';
import { texts } from './texts.js';

/** @import { Camera, Choice, Source } from './camera.js' */
/** @import { Judging } from './judging.js' */
/** @import { View } from './view.js' */
/** @import { Progress, Tracked } from './worker.js' */

/** @typedef {'idle' | 'asking' | 'loading' | 'running' | 'held' | 'hidden'} State `held`: by the user */

/** @typedef {ReturnType<typeof setTimeout>} Timer */

/**
 * @typedef {object} Listeners
 * @property {() => void} begun the camera shows its picture
 * @property {(tracked: Tracked) => void} seen what each frame shows
 * @property {() => void} ended or paused: nothing is seen any more
 */

const PROMPT_AFTER = 5000; // ms without an answer to the browser's question
const RESUMED_FOR = 4000; // ms that the page tells of a pause
const STALLED_AFTER = 2500; // ms without a new picture

export class Session {
  #view;
  #camera;
  #judging;
  #listeners;
  #loop;
  /** @type {State} */
  #state = 'idle';
  #progress = texts.status.begun; // of the judge's loading, also while the camera is awaited
  #rate = new Rate();
  /** @type {Timer | undefined} */
  #timer;
  /** @type {Timer | undefined} */
  #stall;
  #stalled = false;
  /** @type {Source | undefined} */
  #source;

  /**
   * @param {View} view
   * @param {Camera} camera
   * @param {Judging} judging
   * @param {Listeners} listeners
   */
  constructor(view, camera, judging, listeners) {
    this.#view = view;
    this.#camera = camera;
    this.#judging = judging;
    this.#listeners = listeners;
    this.#loop = new Loop(
      picturesOf(view.stage.video),
      (late) => this.#step(late),
      (error) => this.fail(error),
    );
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
    this.#enter('asking', texts.status.asking);
    this.#later(texts.status.prompt, PROMPT_AFTER);
    this.#view.switched(true);
    this.#view.pausing(false, false);
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

  /** Stop the picture, or let it go on. */
  pause() {
    if (this.#state === 'running') {
      this.#rest('held', texts.status.held);
      this.#view.pausing(true, true);
      this.#view.stage.still(true);
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
      this.#later(texts.status.running, RESUMED_FOR);
    }
  }

  stop() {
    this.#end(texts.status.stopped);
  }

  /** @param {unknown} error */
  fail(error) {
    if (this.#state === 'idle') return; // stopped before
    this.#end(texts.status.failed);
    this.#view.alert(error instanceof Error ? error.message : `${error}`);
  }

  /**
   * @param {Choice} choice
   * @returns {Promise<boolean>} whether the camera is on; not if it was stopped meanwhile
   */
  async #open(choice) {
    const stream = await this.#camera.open((error) => this.fail(error), choice);
    if (!stream) return false;
    this.#enter('loading', this.#progress);
    const source = sourceOf(stream);
    const { device, facing } = source;
    this.#source = source;
    this.#view.stage.show(stream, facing !== 'environment');
    this.#view.cameras(await this.#camera.list(), device, facing !== undefined);
    this.#listeners.begun();
    return true;
  }

  /** Also where the camera fails, so that the next Start is quick. */
  async #load() {
    if (!this.#judging.begun) this.#progress = texts.status.begun;
    this.#judging.reset();
    const { version } = await this.#judging.load((made) => this.#showProgress(made));
    this.#view.version(version);
  }

  /** @param {Progress} made */
  #showProgress(made) {
    const { loading, warming } = texts.status;
    this.#progress = made.type === 'loading' ? loading(made.done, made.total) : warming;
    if (this.#state === 'loading') this.#view.status(this.#progress); // the camera comes first
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
    const tracked = await this.#judging.track(frame);
    if (late()) return;
    this.#expect();
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
    this.#view.rate('');
  }

  /** No picture is looked at any more. */
  #halt() {
    this.#loop.stop();
    clearTimeout(this.#stall);
    this.#listeners.ended();
  }

  /** A picture was judged, or the first is awaited; the next one should come soon. */
  #expect() {
    if (this.#stalled) {
      this.#rate = new Rate();
      this.#view.status(texts.status.running);
    }
    this.#stalled = false;
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.#tellStalled(), STALLED_AFTER);
  }

  /** What was seen last no longer holds; the loop waits, since the pictures may come again. */
  #tellStalled() {
    clearTimeout(this.#timer);
    this.#stalled = true;
    this.#view.status(texts.status.stalled);
    this.#view.rate('');
    this.#listeners.ended();
    this.#view.stage.still(false); // some systems pause the video by themselves
  }

  /** @param {string} status */
  #goOn(status) {
    this.#rate = new Rate();
    this.#stalled = false;
    this.#enter('running', status);
    this.#view.pausing(true, false);
    this.#view.stage.still(false);
    this.#expect();
    this.#loop.start();
  }

  /** @param {string} status */
  #end(status) {
    this.#enter('idle', status);
    this.#halt();
    this.#camera.stop();
    this.#source = undefined;
    this.#view.clear();
    this.#view.alert('');
    this.#view.switched(false);
    this.#view.pausing(false, false);
  }

  /**
   * @param {State} next
   * @param {string} status
   */
  #enter(next, status) {
    clearTimeout(this.#timer);
    this.#state = next;
    this.#view.status(status);
  }

  /**
   * Change the status later, unless the state changes before.
   * @param {string} status
   * @param {number} after in milliseconds
   */
  #later(status, after) {
    this.#timer = setTimeout(() => this.#view.status(status), after);
  }
}
