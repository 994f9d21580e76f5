/** Opens and releases the camera, and explains failures. */

import { CameraError } from '../errors.js';
import { home, texts } from '../texts/texts.js';

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } }; // most cameras' full view

/** @typedef {'user' | 'environment'} Facing direction of a phone's camera */
/**
 * Which camera to open: a device, or any that faces this way. `exact`: no other camera if that
 * device is not available. `demo`: none, but a video of the sample photos.
 * @typedef {{device?: string, facing?: Facing, exact?: boolean, demo?: boolean}} CameraChoice
 */
/** @typedef {{audio: false, video: true | MediaTrackConstraints}} CameraConstraints */
/**
 * What the browser reports about an open camera.
 * @typedef {{device: string | undefined, facing: string | undefined}} CameraSource
 */
/**
 * The used part of `navigator.mediaDevices`.
 * @typedef {Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener'>} Devices
 */

/** @type {Record<string, string>} keys of `texts.camera` by name of the DOMException */
const REASONS = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
  OverconstrainedError: 'unsuitable',
};

/** Opens one camera at a time. */
export class Camera {
  #devices;
  #permissions;
  #openDemo;
  /** @type {MediaStream | undefined} */
  #stream;
  #request = 0; // number of the latest `open` or `stop`; results of earlier ones are discarded

  /**
   * @param {Devices | undefined} devices `navigator.mediaDevices`
   * @param {Pick<Permissions, 'query'> | undefined} permissions `navigator.permissions`
   * @param {() => Promise<MediaStream>} openDemo
   */
  constructor(devices, permissions, openDemo) {
    this.#devices = devices;
    this.#permissions = permissions;
    this.#openDemo = openDemo;
  }

  /**
   * Open a camera. The one in use is released first, since some devices open only one at a time.
   * @param {(error: CameraError) => void} onLost called if the camera ends by itself
   * @param {CameraChoice} [choice]
   * @returns {Promise<MediaStream | undefined>} undefined if it was stopped meanwhile
   * @throws {CameraError}
   */
  async open(onLost, choice = {}) {
    this.stop();
    const request = this.#request;
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await (choice.demo
        ? this.#openDemo().catch(() => Promise.reject(new CameraError(texts.photo.unreachable)))
        : this.#openFirst(candidates(choice), request));
    } catch (error) {
      if (request !== this.#request) return undefined;
      throw error instanceof CameraError ? error : new CameraError(explain(error));
    }
    if (request !== this.#request) {
      release(stream);
      return undefined;
    }
    this.#stream = stream;
    const before = this.#permission();
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', async () => {
        const error = endReason(await before, await this.#permission());
        if (request === this.#request) onLost(error);
      });
    }
    return stream;
  }

  /**
   * The first camera that can be opened; the chosen one may be unplugged or in use elsewhere.
   * @param {CameraConstraints[]} candidates most preferred first
   * @param {number} request
   * @returns {Promise<MediaStream>}
   */
  async #openFirst([constraints, ...others], request) {
    if (!this.#devices) {
      throw new CameraError(
        globalThis.isSecureContext ? texts.camera.unsupported : texts.insecure(home),
      );
    }
    try {
      return await this.#devices.getUserMedia(constraints);
    } catch (error) {
      const last = others.length === 0 || request !== this.#request;
      if (last || !canFallBack(constraints, /** @type {Error} */ (error).name)) throw error;
      return this.#openFirst(others, request);
    }
  }

  /**
   * The connected cameras. Browsers hide their ids and names until the user has allowed one.
   * @returns {Promise<{id: string, name: string}[]>}
   */
  async list() {
    const devices = (await this.#devices?.enumerateDevices().catch(() => [])) ?? [];
    return devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId)
      .map(({ deviceId, label }, i) => ({ id: deviceId, name: label || texts.live.camera(i + 1) }));
  }

  /** @param {() => void} callback called when a camera is connected or disconnected */
  onChange(callback) {
    this.#devices?.addEventListener('devicechange', callback);
  }

  /** @returns {Promise<PermissionState | undefined>} undefined if the browser cannot query it */
  async #permission() {
    const name = /** @type {PermissionName} */ ('camera');
    return (await this.#permissions?.query({ name }).catch(() => undefined))?.state;
  }

  /** Turn the camera off, or cancel opening it. */
  stop() {
    this.#request += 1;
    if (this.#stream) release(this.#stream);
    this.#stream = undefined;
  }
}

/**
 * The camera of a stream; only phones report its direction.
 * @param {MediaStream} stream
 * @returns {CameraSource}
 */
export function sourceOf(stream) {
  const { deviceId, facingMode } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  return { device: deviceId, facing: facingMode };
}

/**
 * The camera with the opposite direction.
 * @param {Partial<CameraSource>} source in use
 * @returns {{device: '', facing: Facing}}
 */
export function oppositeCamera({ facing }) {
  return { device: '', facing: facing === 'environment' ? 'user' : 'environment' };
}

/**
 * @param {CameraChoice} choice
 * @returns {CameraConstraints[]} most preferred first
 */
function candidates({ device, facing = 'user', exact = false }) {
  /** @type {CameraConstraints[]} */
  const any = [
    { audio: false, video: { ...SIZE, facingMode: facing } },
    { audio: false, video: true },
  ];
  if (!device) return any;
  /** @type {CameraConstraints} */
  const chosen = { audio: false, video: { ...SIZE, deviceId: { exact: device } } };
  return exact ? [chosen] : [chosen, ...any];
}

/**
 * Whether the next candidate may succeed.
 * @param {CameraConstraints} constraints that failed
 * @param {string} failure the name of the DOMException
 */
function canFallBack({ video }, failure) {
  const reason = REASONS[failure];
  const chosen = video !== true && video.deviceId !== undefined;
  return reason === 'unsuitable' || (chosen && (reason === 'busy' || reason === 'none'));
}

/**
 * Why a camera ended by itself. For one-time permissions some browsers report `prompt` throughout.
 * @param {PermissionState | undefined} before while the camera was in use
 * @param {PermissionState | undefined} now
 */
function endReason(before, now) {
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
function explain(error) {
  return texts.camera[REASONS[/** @type {Error} */ (error).name] ?? 'other'];
}
