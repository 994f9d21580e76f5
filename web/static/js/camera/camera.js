/** The camera: opened after a click, each failure with its own sentence, released on stop. */

import { CameraError } from '../errors.js';
import { home, texts } from '../texts/texts.js';

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } }; // the whole view of most cameras

/** @typedef {'user' | 'environment'} Facing which way a phone's camera looks */
/**
 * A camera's id, or any that looks that way; `only`: no other where the one with that id cannot be
 * had.
 * @typedef {{device?: string, facing?: Facing, only?: boolean}} Choice
 */
/** @typedef {{audio: false, video: true | MediaTrackConstraints}} Wish for getUserMedia */
/**
 * What the browser reports about a camera.
 * @typedef {{device: string | undefined, facing: string | undefined}} Source
 */
/**
 * The part of `navigator.mediaDevices` that is used.
 * @typedef {Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener'>} Devices
 */

/** @type {Record<string, string>} names of DOMExceptions to those of `texts.camera` */
const REASONS = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
  OverconstrainedError: 'unsuitable',
};

/** One camera at a time. */
export class Camera {
  #devices;
  #permissions;
  /** @type {MediaStream | undefined} */
  #stream;
  #turn = 0; // of the latest open or stop: what an earlier one brings is too late

  /**
   * @param {Devices | undefined} devices `navigator.mediaDevices`
   * @param {Pick<Permissions, 'query'> | undefined} permissions `navigator.permissions`
   */
  constructor(devices, permissions) {
    this.#devices = devices;
    this.#permissions = permissions;
  }

  /**
   * Ask for a camera; the one in use is released first, since some devices give only one.
   * @param {(error: CameraError) => void} onLost called if it ends by itself
   * @param {Choice} [choice]
   * @returns {Promise<MediaStream | undefined>} nothing if it was stopped meanwhile
   * @throws {CameraError} with a sentence for the user
   */
  async open(onLost, choice = {}) {
    this.stop();
    const turn = this.#turn;
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await this.#ask(wishes(choice), turn);
    } catch (error) {
      if (turn !== this.#turn) return undefined;
      throw error instanceof CameraError ? error : new CameraError(sentence(error));
    }
    if (turn !== this.#turn) {
      release(stream);
      return undefined;
    }
    this.#stream = stream;
    const before = this.#permission();
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', async () => {
        const error = lost(await before, await this.#permission());
        if (turn === this.#turn) onLost(error);
      });
    }
    return stream;
  }

  /**
   * The dearest camera that can be had: one that was named may have gone, or be in use elsewhere.
   * @param {Wish[]} wishes the dearest first
   * @param {number} turn
   * @returns {Promise<MediaStream>}
   */
  async #ask([wanted, ...others], turn) {
    if (!this.#devices) {
      throw new CameraError(
        globalThis.isSecureContext ? texts.camera.unsupported : texts.insecure(home),
      );
    }
    try {
      return await this.#devices.getUserMedia(wanted);
    } catch (error) {
      const last = others.length === 0 || turn !== this.#turn;
      if (last || !mayElse(wanted, /** @type {Error} */ (error).name)) throw error;
      return this.#ask(others, turn);
    }
  }

  /**
   * The cameras there are. Browsers give their ids and names only after one was allowed.
   * @returns {Promise<{id: string, name: string}[]>}
   */
  async list() {
    const devices = (await this.#devices?.enumerateDevices().catch(() => [])) ?? [];
    return devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId)
      .map(({ deviceId, label }, i) => ({ id: deviceId, name: label || texts.live.camera(i + 1) }));
  }

  /** @param {() => void} call when a camera is connected or goes */
  onChange(call) {
    this.#devices?.addEventListener('devicechange', call);
  }

  /** @returns {Promise<PermissionState | undefined>} nothing where the browser does not tell */
  async #permission() {
    const name = /** @type {PermissionName} */ ('camera');
    return (await this.#permissions?.query({ name }).catch(() => undefined))?.state;
  }

  /** Turn the camera off, also one that is still being asked for. */
  stop() {
    this.#turn += 1;
    if (this.#stream) release(this.#stream);
    this.#stream = undefined;
  }
}

/**
 * The camera that a stream comes from; phones say which way it looks, webcams don't.
 * @param {MediaStream} stream
 * @returns {Source}
 */
export function sourceOf(stream) {
  const { deviceId, facingMode } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  return { device: deviceId, facing: facingMode };
}

/**
 * The camera that looks the other way.
 * @param {Partial<Source>} source in use
 * @returns {{device: '', facing: Facing}}
 */
export function otherWay({ facing }) {
  return { device: '', facing: facing === 'environment' ? 'user' : 'environment' };
}

/**
 * What to ask the browser for, in turn.
 * @param {Choice} choice
 * @returns {Wish[]}
 */
function wishes({ device, facing = 'user', only = false }) {
  /** @type {Wish[]} */
  const any = [
    { audio: false, video: { ...SIZE, facingMode: facing } },
    { audio: false, video: true },
  ];
  if (!device) return any;
  /** @type {Wish} */
  const named = { audio: false, video: { ...SIZE, deviceId: { exact: device } } };
  return only ? [named] : [named, ...any];
}

/**
 * Whether another wish may be granted where this one failed.
 * @param {Wish} wish
 * @param {string} failure the name of the DOMException
 */
function mayElse({ video }, failure) {
  const reason = REASONS[failure];
  const named = video !== true && video.deviceId !== undefined;
  return reason === 'unsuitable' || (named && (reason === 'busy' || reason === 'none'));
}

/**
 * Why a camera ended by itself. Some browsers say `prompt` of one that was allowed for once.
 * @param {PermissionState | undefined} before while it was in use
 * @param {PermissionState | undefined} now
 */
function lost(before, now) {
  const withdrawn = now === 'denied' || (before === 'granted' && now === 'prompt');
  return withdrawn
    ? new CameraError(texts.camera.withdrawn)
    : new CameraError(texts.camera.lost, true);
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {unknown} error of getUserMedia */
function sentence(error) {
  return texts.camera[REASONS[/** @type {Error} */ (error).name] ?? 'other'];
}
