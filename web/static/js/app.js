/** Wires the rooms of the page together. */

import { Camera, otherWay } from './camera/camera.js';
import { Gallery } from './photos/gallery.js';
import { Predictor } from './client/predictor.js';
import { keepOffline } from './client/offline.js';
import { LiveSession } from './client/session.js';
import { SettingsStore } from './alerts/settings.js';
import { View } from './view/view.js';
import { ScreenWakeLock } from './camera/wake-lock.js';
import { AlertController } from './alerts/controller.js';

/** @import { Choice } from './camera/camera.js' */
/** @import { Settings } from './alerts/settings.js' */

const AT_REST = 3000; // ms after the page's own files, before others are fetched for later

const store = new SettingsStore(() => localStorage);
const wake = new ScreenWakeLock(navigator.wakeLock);
const view = new View({
  start() {
    watch.enableSound();
    session.start(choice());
  },
  stop: () => session.stop(),
  pause: () => session.pause(),
  flip: () => take(otherWay(session.source ?? store.current)),
  pick: (device) => take({ device }),
  mute: (muted) => watch.mute(muted),
  snapshot: () => view.stage.save(`mask-${new Date().toISOString().replaceAll(':', '-')}.jpg`),
  full: (on) => wake.keep(on),
  hide(hidden) {
    session.hide(hidden);
    if (hidden) return;
    wake.keep(view.stage.full); // the system took the lock meanwhile
    noteCameras();
  },
});
const camera = new Camera(navigator.mediaDevices, navigator.permissions);
const judge = new Predictor(() => new Worker(WORKER, { type: 'module' }));
const watch = new AlertController(view, store);
const session = new LiveSession(view, camera, judge, {
  begun: () => watch.start(),
  seen: ({ tracks }) => watch.update(tracks),
  ended: () => watch.stop(session.state === 'idle'),
});

/** @returns {Choice} */
function choice() {
  const { device, facing } = store.current;
  return { device: device || undefined, facing };
}

/**
 * Another camera, now if one is on, and the next times.
 * @param {Partial<Settings>} change
 */
function take(change) {
  store.update(change);
  if (session.state !== 'idle') session.change(choice());
}

/** Cameras came or went, perhaps while the page was hidden. */
async function noteCameras() {
  const cameras = await camera.list();
  if (session.source) view.cameras(cameras, session.source.device);
  session.resume(cameras.map(({ id }) => id));
}

/** What works without a network is fetched when nothing more urgent is. */
async function keep() {
  if (judge.begun) await judge.load().catch(() => {});
  keepOffline(navigator.serviceWorker, {
    offer: (newer) => view.offerUpdate(newer),
    idle: () => session.state === 'idle' && gallery.empty,
  });
}

const gallery = new Gallery(judge);
camera.onChange(noteCameras);
if (!globalThis.isSecureContext) view.explainInsecure();
view.onLoad(() => setTimeout(keep, AT_REST));
