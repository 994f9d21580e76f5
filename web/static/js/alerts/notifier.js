/** System notifications of alerts: off until the user enables them, and without pictures. */

// A notification replaces the one before instead of piling up; `renotify` alerts the user anyway.
const TAG = 'alert';

/**
 * `default`: the user has not decided.
 * @typedef {'granted' | 'denied' | 'default' | 'unsupported'} Permission
 */

/** @typedef {Pick<ServiceWorkerRegistration, 'showNotification'>} Registration */

/**
 * The part of the browser's `Notification` that is used.
 * @typedef {object} NotificationApi
 * @property {NotificationPermission} permission
 * @property {() => Promise<NotificationPermission>} requestPermission
 */

/** @typedef {NotificationApi & (new (title: string, options: NotificationOptions) => any)} Api */

export class DesktopNotifier {
  enabled = false;
  #api;
  #registration;

  /**
   * @param {Api | undefined} api `globalThis.Notification`
   * @param {() => Promise<Registration | undefined>} registration of the service worker, if there
   *   is one; phones only show notifications of service workers
   */
  constructor(api, registration) {
    this.#api = api;
    this.#registration = registration;
  }

  /** @returns {Permission} */
  get permission() {
    return this.#api?.permission ?? 'unsupported';
  }

  /**
   * Must be called while a user event is handled: the browser may ask for permission.
   * @param {boolean} enabled
   * @returns {Promise<Permission>} notifications stay disabled unless it is `granted`
   */
  async setEnabled(enabled) {
    this.enabled = false;
    if (!enabled || !this.#api) return this.permission;
    const permission = await this.#api.requestPermission().catch(() => this.permission);
    this.enabled = permission === 'granted';
    return permission;
  }

  /**
   * Show a notification if they are enabled and allowed.
   * @param {string} title
   * @param {string} body
   * @returns {Promise<boolean>} whether it was shown
   */
  async notify(title, body) {
    if (!this.enabled || this.permission !== 'granted') return false;
    try {
      await this.#show(title, { body, tag: TAG, renotify: true });
    } catch {
      return false; // the system refuses; the page shows the alert anyway
    }
    return true;
  }

  /**
   * @param {string} title
   * @param {NotificationOptions & {renotify: boolean}} options
   */
  async #show(title, options) {
    const registration = await this.#registration();
    if (registration) {
      await registration.showNotification(title, options);
    } else if (this.#api) {
      const notification = new this.#api(title, options);
      notification.onclick = () => globalThis.focus();
    }
  }
}
