/** A screen that stays on while it serves as a kiosk, where the browser can do that. */

export class ScreenWakeLock {
  #system;
  /** @type {Promise<WakeLockSentinel | undefined> | undefined} */
  #lock;

  /** @param {Pick<WakeLock, 'request'> | undefined} system `navigator.wakeLock` */
  constructor(system) {
    this.#system = system;
  }

  /** @param {boolean} on whether the screen must stay on */
  async keep(on) {
    const before = this.#lock;
    this.#lock = on ? this.#system?.request('screen').catch(() => undefined) : undefined;
    (await before)?.release();
  }
}
