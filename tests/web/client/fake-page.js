/** A live session on a page without a browser. */

import { setImmediate } from 'node:timers/promises';
import { LiveSession } from '../../../web/static/js/client/session.js';

export const RESULT = { tracks: [], width: 4, height: 3 };

/** A page with a camera; the test shows its frames and returns their results. */
export class FakePage {
  status = '';
  rate = '';
  alert = '';
  /** @type {object[]} */
  choices = [];
  /** @type {(error: Error) => void} */
  lose = () => {};
  paused = true;
  pausing = { can: false, on: false };
  /** @type {string[]} */
  events = [];
  drawn = 0;
  closed = 0;
  stalls = 0;
  predictor;
  /** @type {{resolve: (result: object) => void, reject: (error: Error) => void}[]} */
  pending = [];
  /** @type {(() => void)[]} */
  #callbacks = [];
  facing = 'user';
  hidden = false;
  tick = () => {}; // of the worker's clock
  /** @type {number | undefined} */
  timestamp; // of every frame

  constructor() {
    const page = this;
    const video = {
      requestVideoFrameCallback: (/** @type {() => void} */ callback) => {
        this.#callbacks.push(callback);
      },
      cancelVideoFrameCallback: () => (this.#callbacks = []),
    };
    const stage = {
      video,
      show() {},
      draw: () => (this.drawn += 1),
      freeze: (/** @type {boolean} */ on) => (this.paused = on),
      get playing() {
        return !page.paused;
      },
    };
    /** @type {NodeJS.Timeout | undefined} */
    let later;
    const view = {
      stage,
      get hidden() {
        return page.hidden;
      },
      status: (/** @type {string} */ text, detail = '') => {
        clearTimeout(later);
        this.status = text;
        this.rate = detail;
      },
      statusLater: (/** @type {string} */ text, /** @type {number} */ afterMs) => {
        later = setTimeout(() => (this.status = text), afterMs);
      },
      rate: (/** @type {string} */ text) => (this.rate = text),
      setPause: (/** @type {boolean} */ can, /** @type {boolean} */ on) => {
        this.pausing = { can, on };
      },
      setActive() {},
      error: (/** @type {string} */ text) => (this.alert = text),
      cameras() {},
      version() {},
      clear() {},
    };
    const settings = () => ({ deviceId: 'a', facingMode: this.facing });
    const stream = { getVideoTracks: () => [{ getSettings: settings }] };
    /** @type {(onLost: (error: Error) => void, choice: object) => Promise<object>} */
    const open = async (onLost, choice) => {
      this.lose = onLost;
      this.choices.push(choice);
      return stream;
    };
    const camera = { open, list: async () => [], stop() {} };
    this.predictor = {
      reset() {},
      onPhotos: /** @type {(pending: boolean) => void} */ (() => {}),
      load: async () => ({ version: '1' }),
      track: () => new Promise((resolve, reject) => this.pending.push({ resolve, reject })),
      wait: () => new Promise((resolve) => (this.tick = () => resolve(undefined))),
    };
    this.session = new LiveSession(
      .../** @type {[any, any, any]} */ ([view, camera, this.predictor]),
      {
        onStart: () => this.events.push('start'),
        onFrame: () => this.events.push('frame'),
        onStop: () => this.events.push('stop'),
        onFail: () => this.events.push('fail'),
        onStall: () => (this.stalls += 1),
      },
    );
    Object.assign(globalThis, {
      VideoFrame: class {
        timestamp = page.timestamp;

        close() {
          page.closed += 1;
        }
      },
    });
  }

  /** The camera delivers a frame. */
  async show() {
    for (const callback of this.#callbacks.splice(0)) callback();
    await setImmediate();
  }

  /** The camera delivers a frame, which is processed. */
  async process() {
    await this.show();
    this.pending.shift()?.resolve(RESULT);
    await setImmediate();
  }
}
