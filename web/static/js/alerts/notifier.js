/** The system's notifications: only where the user switched them on, one an alert, no picture. */

// The latest takes the place of the one before, so that they do not pile up; `renotify` makes the
// system call for attention all the same.
const TAG = 'alert';

/**
 * `default`: not answered.
 * @typedef {'granted' | 'denied' | 'default' | 'unsupported'} Permission
 */

/** @typedef {Pick<ServiceWorkerRegistration, 'showNotification'>} Registration */

/**
 * The browser's `Notification`.
 * @typedef {object} System
 * @property {NotificationPermission} permission
 * @property {() => Promise<NotificationPermission>} requestPermission
 */

export class DesktopNotifier {
  /** The user's switch. */
  on = false;
  #system;
  #registration;

  /**
   * @param {(System & (new (title: string, options: NotificationOptions) => any)) | undefined} system
   *   `globalThis.Notification`
   * @param {() => Promise<Registration | undefined>} registration of the service worker, if there
   *   is one; phones take notifications from it alone
   */
  constructor(system, registration) {
    this.#system = system;
    this.#registration = registration;
  }

  /** @returns {Permission} */
  get permission() {
    return this.#system?.permission ?? 'unsupported';
  }

  /**
   * Turn the switch. Call it only while the user does so: the browser may ask for permission.
   * @param {boolean} on
   * @returns {Promise<Permission>} the switch stays off unless it is `granted`
   */
  async turn(on) {
    this.on = false;
    if (!on || !this.#system) return this.permission;
    const permission = await this.#system.requestPermission().catch(() => this.permission);
    this.on = permission === 'granted';
    return permission;
  }

  /**
   * Tell of an alert.
   * @param {string} title
   * @param {string} body
   * @returns {Promise<boolean>} whether it was told
   */
  async tell(title, body) {
    if (!this.on || this.permission !== 'granted') return false;
    try {
      await this.#show(title, { body, tag: TAG, renotify: true });
    } catch {
      return false; // the system refuses; the page shows the alert all the same
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
    } else if (this.#system) {
      const notification = new this.#system(title, options);
      notification.onclick = () => globalThis.focus();
    }
  }
}
