/** A browser's storage of settings, which pages of a test can share. */

/** @param {object} [settings] that are stored */
export function fakeStorage(settings = {}) {
  /** @type {Record<string, string>} */
  const stored = { settings: JSON.stringify(settings) };
  return {
    getItem: (/** @type {string} */ key) => stored[key] ?? null,
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      stored[key] = value;
    },
    /** The settings that are stored now. */
    get settings() {
      return JSON.parse(stored.settings);
    },
  };
}
