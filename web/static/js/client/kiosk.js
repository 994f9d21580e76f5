/**
 * The kiosk for a door, by its address: `/?kiosk&camera=NAME&lang=de`. The camera starts by itself and
 * again after every failure; only a long press leaves.
 */

const RETRY_MS = [2000, 4000, 8000, 15_000, 30_000];
const STEADY_MS = 60_000; // after a start, that make the next failure the first one

/**
 * @typedef {object} KioskOptions
 * @property {string} camera part of the camera's name; empty for any
 */

/**
 * @param {string} search the query of the page's address
 * @returns {KioskOptions | undefined} undefined unless it asks for a kiosk
 */
export function kioskOptions(search) {
  const query = new URLSearchParams(search);
  return query.has('kiosk') ? { camera: query.get('camera') ?? '' } : undefined;
}

/**
 * The address without the kiosk.
 * @param {string} search
 */
export function withoutKiosk(search) {
  const query = new URLSearchParams(search);
  query.delete('kiosk');
  return query.size > 0 ? `?${query}` : '';
}

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

/** Starts the camera again after failures, with growing waits. */
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
    this.#startedMs = Date.now();
    this.#start();
  }

  /** Start again later, because the camera or the model has failed. */
  failed() {
    clearTimeout(this.#timer);
    if (Date.now() - this.#startedMs >= STEADY_MS) this.#failures = 0;
    const waitMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.start(), waitMs);
  }
}
