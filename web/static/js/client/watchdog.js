/** Calls back when heartbeats stop, and when they resume. */
export class Watchdog {
  #timeoutMs;
  #onTimeout;
  #onResume;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #running = false;
  #timedOut = false;
  #suspended = false;

  /**
   * @param {number} timeoutMs
   * @param {() => void} onTimeout called once when there was no heartbeat for that long
   * @param {() => void} onResume called at the next heartbeat
   */
  constructor(timeoutMs, onTimeout, onResume) {
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
    this.#onResume = onResume;
  }

  /** Start, or start again, to expect heartbeats. */
  start() {
    this.stop();
    this.#running = true;
    this.#restartTimer();
  }

  /** Record a heartbeat. */
  beat() {
    const timedOut = this.#timedOut;
    this.start();
    if (timedOut) this.#onResume();
  }

  /** Expect no heartbeats any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#running = this.#timedOut = false;
  }

  /** @param {boolean} suspended whether the timeout is suspended; it restarts afterwards */
  suspend(suspended) {
    this.#suspended = suspended;
    this.#restartTimer();
  }

  #restartTimer() {
    clearTimeout(this.#timer);
    if (!this.#running || this.#timedOut || this.#suspended) return;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#onTimeout();
    }, this.#timeoutMs);
  }
}
