/** Creates the parts of the page and connects them. */

import { AlertController } from './alerts/controller.js';
import { SettingsStore } from './alerts/settings.js';
import { Camera, oppositeCamera } from './camera/camera.js';
import { Restarter, findCamera, kioskOptions, withoutKiosk } from './client/kiosk.js';
import { keepOffline } from './client/offline.js';
import { Predictor } from './client/predictor.js';
import { LiveSession } from './client/session.js';
import { ScreenWakeLock } from './client/wake-lock.js';
import { rooted } from './files.js';
import { Gallery } from './photos/gallery.js';
import { language } from './texts/texts.js';
import { View } from './view/view.js';

/** @import { Settings } from './alerts/settings.js' */
/** @import { CameraChoice } from './camera/camera.js' */

const IDLE_DELAY_MS = 3000; // between loading the page and caching files for later

const store = new SettingsStore(() => localStorage);
const wakeLock = new ScreenWakeLock(navigator.wakeLock);
const view = new View({
  start() {
    alerts.enableSound();
    session.start(cameraChoice());
  },
  stop: () => session.stop(),
  pause: () => session.pause(),
  flip: () => switchCamera(oppositeCamera(session.source ?? store.current)),
  pick: (device) => switchCamera({ device }),
  mute: (muted) => alerts.mute(muted),
  snapshot: () => view.stage.save(`mask-${new Date().toISOString().replaceAll(':', '-')}.jpg`),
  full: (on) => wakeLock.set(on),
  zone: (edges) => alerts.change(edges),
  hide(hidden) {
    session.hide(hidden);
    if (hidden) return;
    wakeLock.set(view.stage.full); // browsers release it when the page is hidden
    updateCameras();
  },
});
const camera = new Camera(navigator.mediaDevices, navigator.permissions);
const predictor = new Predictor(
  () => new Worker(rooted(WORKER), { type: 'module', name: language }),
);
const alerts = new AlertController(view, store);
const session = new LiveSession(view, camera, predictor, {
  onStart: () => alerts.start(),
  onFrame: ({ tracks, width, height }) => alerts.update(tracks, { width, height }),
  onStop: () => alerts.stop(session.state === 'idle'),
  onFail: () => kiosk && restarter.failed(),
});
const kiosk = kioskOptions(location.search);
const restarter = new Restarter(startKiosk);

/** Start the kiosk's camera; names of cameras are known once one was allowed. */
async function startKiosk() {
  const wanted = async () => findCamera(await camera.list(), kiosk?.camera ?? '');
  const device = await wanted();
  if (session.state !== 'idle') return; // it was plugged in again
  await session.start(device ? { device } : cameraChoice());
  const better = device ? undefined : await wanted();
  if (better && session.source && session.source.device !== better) session.change({ device: better });
}

/** Fill the page with the video and start the camera, until someone presses for long. */
function openKiosk() {
  view.stage.lock();
  restarter.start();
  view.stage.onLongPress(() => {
    location.search = withoutKiosk(location.search); // reloads the page
  });
}

/** @returns {CameraChoice} */
function cameraChoice() {
  const { device, facing } = store.current;
  return { device: device || undefined, facing };
}

/**
 * Choose a camera, for now if one is on and for the next start.
 * @param {Partial<Settings>} change
 */
function switchCamera(change) {
  store.update(change);
  if (session.state !== 'idle') session.change(cameraChoice());
}

/** Show the connected cameras, and resume if the unplugged one is back. */
async function updateCameras() {
  const cameras = await camera.list();
  if (session.source) view.cameras(cameras, session.source.device);
  session.resume(cameras.map(({ id }) => id));
}

/** Cache the files for offline use, after those that are needed now. */
async function cacheFiles() {
  if (predictor.started) await predictor.load().catch(() => {});
  keepOffline(navigator.serviceWorker, {
    offer: (activate) => view.offerUpdate(activate),
    isIdle: () => session.state === 'idle' && gallery.empty,
  });
}

const gallery = new Gallery(predictor);
camera.onChange(updateCameras);
if (!globalThis.isSecureContext) view.explainInsecure();
else if (kiosk) openKiosk();
view.onLoad(() => setTimeout(cacheFiles, IDLE_DELAY_MS));
