/** Keeps the screen on in full screen, where the browser supports it. */
export class ScreenWakeLock {
  #wakeLock;
  /** @type {Promise<WakeLockSentinel | undefined> | undefined} */
  #lock;

  /** @param {Pick<WakeLock, 'request'> | undefined} wakeLock `navigator.wakeLock` */
  constructor(wakeLock) {
    this.#wakeLock = wakeLock;
  }

  /**
   * Acquire or release the lock. Browsers release it when the page is hidden.
   * @param {boolean} on
   */
  async set(on) {
    const previous = this.#lock;
    this.#lock = on ? this.#wakeLock?.request('screen').catch(() => undefined) : undefined;
    (await previous)?.release();
  }
}
