/**
 * The kiosk for a door, by its address: `/?kiosk&camera=NAME&lang=de`. The camera starts by itself and
 * again after every failure; only a long press leaves.
 */

import { CameraError } from '../errors.js';
import { texts } from '../texts/texts.js';

/** @import { CameraChoice } from '../camera/camera.js' */
/** @import { LiveSession } from './session.js' */

const RETRY_MS = [2000, 4000, 8000, 15_000, 30_000];
const STEADY_MS = 60_000; // after a start, that make the next failure the first one
const STALL_MS = 10_000; // without frames, after which the camera is restarted

/**
 * The camera whose name contains a text, in any case.
 * @param {{id: string, name: string}[]} cameras
 * @param {string} text
 * @returns {string | undefined} its id
 */
export function findCamera(cameras, text) {
  const wanted = text.toLowerCase();
  return text ? cameras.find(({ name }) => name.toLowerCase().includes(wanted))?.id : undefined;
}

/** Starts something again after failures, with growing waits. */
export class Restarter {
  #start;
  #failures = 0;
  #startedMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} start */
  constructor(start) {
    this.#start = start;
  }

  /** Start now. */
  start() {
    clearTimeout(this.#timer);
    this.#startedMs = performance.now();
    this.#start();
  }

  /** Start again later, because it has failed. */
  failed() {
    clearTimeout(this.#timer);
    if (performance.now() - this.#startedMs >= STEADY_MS) this.#failures = 0;
    const waitMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.start(), waitMs);
  }
}

/** Keeps the camera of a kiosk running. */
export class Kiosk {
  #session;
  #list;
  #choice;
  #name;
  #report;
  #restarter = new Restarter(() => this.#open());
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stallTimer;

  /**
   * @param {Pick<LiveSession, 'state' | 'stalled' | 'source' | 'start' | 'change' | 'fail'>} session
   * @param {() => Promise<{id: string, name: string}[]>} list the connected cameras; empty before one
   *   was allowed
   * @param {() => CameraChoice} choice of a camera if none has to be found by its name
   * @param {string} name part of the camera's name; empty for any
   * @param {(problem: string) => void} report called if there is no such camera, and with an empty
   *   text once there is
   */
  constructor(session, list, choice, name, report) {
    this.#session = session;
    this.#list = list;
    this.#choice = choice;
    this.#name = name;
    this.#report = report;
  }

  /** Start the camera, and start it again after failures. */
  start() {
    this.#restarter.start();
  }

  /** The camera or the model has failed. */
  failed() {
    clearTimeout(this.#stallTimer);
    this.#restarter.failed();
  }

  /** No frames arrive: restart the camera if that lasts. */
  stalled() {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = setTimeout(() => {
      if (this.#session.stalled) this.#session.fail(new CameraError(texts.camera.busy));
    }, STALL_MS);
  }

  async #open() {
    const session = this.#session;
    const cameras = await this.#list();
    if (session.state !== 'idle') return; // it was plugged in again
    const device = findCamera(cameras, this.#name);
    if (device) this.#use(device);
    else if (this.#name && cameras.length > 0) this.#miss();
    else await this.#openAny();
  }

  /** @param {string} device of the wanted camera */
  #use(device) {
    const choice = { device, exact: true };
    if (this.#name) this.#report('');
    if (this.#session.state === 'idle') this.#session.start(choice);
    else if (this.#session.source?.device !== device) this.#session.change(choice);
  }

  #miss() {
    this.#report(texts.address.camera(this.#name));
    this.#restarter.failed();
  }

  /** Open any camera; if another one is wanted, its name is known from then on. */
  async #openAny() {
    const session = this.#session;
    await session.start(this.#choice());
    if (!this.#name || !session.source) return;
    const device = findCamera(await this.#list(), this.#name);
    if (device) {
      this.#use(device);
    } else {
      session.fail(new CameraError(texts.camera.none));
      this.#report(texts.address.camera(this.#name));
    }
  }
}
