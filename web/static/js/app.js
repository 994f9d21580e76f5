/** Creates the parts of the page and connects them. */

import { AlertController } from './alerts/controller.js';
import { SettingsStore } from './alerts/settings.js';
import { Speaker } from './alerts/speaker.js';
import { Camera, oppositeCamera } from './camera/camera.js';
import { addressProblems, kioskOptions, withoutKiosk } from './client/kiosk-options.js';
import { Kiosk } from './client/kiosk.js';
import { keepOffline } from './client/offline.js';
import { PinCheck } from './client/pin.js';
import { Predictor } from './client/predictor.js';
import { LiveSession } from './client/session.js';
import { ScreenWakeLock } from './client/wake-lock.js';
import { rooted } from './files.js';
import { Gallery } from './photos/gallery.js';
import { language, texts } from './texts/texts.js';
import { PinDialog, View, offerSamples, openDemo, pinProblem } from './view/view.js';

/** @import { Settings } from './alerts/settings.js' */
/** @import { CameraChoice } from './camera/camera.js' */
/** @import { KioskOptions } from './client/kiosk-options.js' */

const IDLE_DELAY_MS = 3000; // between loading the page and caching files for later

const store = new SettingsStore(() => localStorage);
const wakeLock = new ScreenWakeLock(navigator.wakeLock);
const view = new View({
  start() {
    alerts.enableSound();
    session.start(cameraChoice());
  },
  demo: () => session.start({ demo: true }),
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
    alerts.hide(hidden);
    if (hidden) return;
    wakeLock.set(view.screen.on); // browsers release it when the page is hidden
    updateCameras();
  },
});
const camera = new Camera(navigator.mediaDevices, navigator.permissions, openDemo);
const predictor = new Predictor(
  () => new Worker(rooted(WORKER), { type: 'module', name: language }),
);
const alerts = new AlertController(view, store);
const session = new LiveSession(view, camera, predictor, {
  onStart: ({ demo }) => alerts.start(demo),
  onFrame: ({ tracks, width, height }) => alerts.update(tracks, { width, height }),
  onStop: () => alerts.stop(session.state === 'idle'),
  onFail() {
    alerts.kiosk.askStaff();
    kiosk?.failed();
  },
  onStall: () => kiosk?.stalled(),
});
const problems = addressProblems(location.search);
const wanted = problems.length === 0 ? kioskOptions(location.search) : undefined;
const kiosk =
  wanted &&
  new Kiosk(session, () => camera.list(), cameraChoice, wanted.camera, (problem) => {
    view.screen.showProblem('camera', problem);
    if (problem) alerts.kiosk.askStaff();
  });

/**
 * Fill the page with the video and start the camera, until the screen is pressed for long.
 * @param {KioskOptions} options
 */
function openKiosk({ phrases, logo, speak, volumePercent, pin }) {
  alerts.kiosk.configure(phrases, speak ? speaker(volumePercent ?? 100) : undefined);
  if (volumePercent !== undefined) alerts.setVolume(volumePercent);
  if (logo !== undefined) showLogo(logo);
  view.screen.lock(() => alerts.enableSound());
  if (pin) askPin(pin);
  else view.screen.onLongPress(leaveKiosk);
  alerts.enableSound(); // browsers started for a kiosk allow it, others at the first click
  kiosk?.start();
}

/** @param {number} volumePercent 0 to 100 */
function speaker(volumePercent) {
  return new Speaker(language, volumePercent, (missing) => {
    view.screen.showProblem('voice', missing ? texts.address.voice : '');
  });
}

function leaveKiosk() {
  location.search = withoutKiosk(location.search); // reloads the page
}

/**
 * Leave the kiosk by a long press and a PIN.
 * @param {string} pin
 */
function askPin(pin) {
  const check = new PinCheck(pin);
  const dialog = new PinDialog((entered) => {
    const { right, waitMs } = check.enter(entered, performance.now());
    if (right) leaveKiosk();
    return right ? '' : pinProblem(waitMs);
  });
  view.screen.onLongPress(() => dialog.open());
}

/**
 * Show the server's logo; without a connection there is none.
 * @param {string} alt its alternative text
 */
function showLogo(alt) {
  const address = rooted('/logo');
  view.screen.showLogo(address, alt, async () => {
    const response = await fetch(address).catch(() => undefined);
    if (response?.status === 404) view.screen.showProblem('logo', texts.address.logo);
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
offerSamples(
  (files) => gallery.check(files),
  () => view.alert(texts.photo.unreachable),
);
camera.onChange(updateCameras);
globalThis.addEventListener('storage', () => alerts.reload()); // another tab changed the settings
if (problems.length > 0) view.explainAddress(problems);
if (!globalThis.isSecureContext) view.explainInsecure();
else if (wanted) openKiosk(wanted);
view.onLoad(() => setTimeout(cacheFiles, IDLE_DELAY_MS));
