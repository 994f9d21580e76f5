/** The camera: opened after a click, each failure with its own sentence, released on stop. */

import { CameraError } from './errors.js';
import { texts } from './texts.js';

/** @type {MediaStreamConstraints} */
const WANTED = {
  audio: false,
  video: { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 } },
};
/** @type {MediaStreamConstraints} */
const RELAXED = { audio: false, video: true };

/** @type {Record<string, string>} names of DOMExceptions, old ones too, to those of `texts.camera` */
const REASONS = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  DevicesNotFoundError: 'none',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
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
   * @param {Pick<MediaDevices, 'getUserMedia'> | undefined} devices `navigator.mediaDevices`
   * @param {Pick<Permissions, 'query'> | undefined} permissions `navigator.permissions`
   */
  constructor(devices, permissions) {
    this.#devices = devices;
    this.#permissions = permissions;
  }

  /**
   * Ask for the camera.
   * @param {(error: CameraError) => void} onLost called if it ends by itself
   * @returns {Promise<MediaStream | undefined>} nothing if it was stopped meanwhile
   * @throws {CameraError} with a sentence for the user
   */
  async open(onLost) {
    this.stop();
    const turn = this.#turn;
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await this.#ask();
    } catch (error) {
      if (turn !== this.#turn) return undefined;
      throw error instanceof CameraError ? error : new CameraError(sentence(error));
    }
    if (turn !== this.#turn) {
      release(stream);
      return undefined;
    }
    this.#stream = stream;
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', async () => {
        const error = new CameraError(await this.#whyLost());
        if (turn === this.#turn) onLost(error);
      });
    }
    return stream;
  }

  async #ask() {
    if (!this.#devices) {
      throw new CameraError(
        globalThis.isSecureContext ? texts.camera.unsupported : texts.camera.insecure,
      );
    }
    try {
      return await this.#devices.getUserMedia(WANTED);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'OverconstrainedError') throw error;
      return this.#devices.getUserMedia(RELAXED);
    }
  }

  async #whyLost() {
    const name = /** @type {PermissionName} */ ('camera');
    const status = await this.#permissions?.query({ name }).catch(() => undefined); // not known here
    return status?.state === 'denied' ? texts.camera.withdrawn : texts.camera.lost;
  }

  /** Turn the camera off, also one that is still being asked for. */
  stop() {
    this.#turn += 1;
    if (this.#stream) release(this.#stream);
    this.#stream = undefined;
  }
}

/**
 * Whether the camera looks at the one who holds the device, who then expects a mirror. Webcams
 * don't say; they do.
 * @param {MediaStream} stream
 */
export function facesUser(stream) {
  return stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {unknown} error of getUserMedia */
function sentence(error) {
  return texts.camera[REASONS[/** @type {Error} */ (error).name] ?? 'other'];
}
