/** Hours and days of the local time, which a change of the clocks makes repeat or skip hours. */

export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * The start of the local hour. Where the clocks are set back, the hour that occurs twice has two
 * starts, and `Date.setMinutes` would return the first one for both.
 * @param {number} atMs Unix time in milliseconds, as all times here
 */
export function hourStart(atMs) {
  const localMs = atMs - new Date(atMs).getTimezoneOffset() * MINUTE_MS;
  return atMs - (((localMs % HOUR_MS) + HOUR_MS) % HOUR_MS);
}

/**
 * The start of the local day.
 * @param {number} atMs
 * @param {number} [days] after that day; negative for days before it
 */
export function dayStart(atMs, days = 0) {
  const at = new Date(atMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
}

/**
 * Local time with its offset (ISO 8601), such as `2026-11-27T14:00:00+01:00`.
 * @param {number} atMs
 */
export function localIso(atMs) {
  const offset = -new Date(atMs).getTimezoneOffset(); // minutes
  const [local] = new Date(atMs + offset * MINUTE_MS).toISOString().split('.');
  const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) => {
    return `${Math.floor(part)}`.padStart(2, '0');
  });
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
