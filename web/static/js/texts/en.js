/** Every sentence the page says, in English; the server's page says the same. */

import { LABELS } from '../labels.js';
import { counted, megabytes, probabilityFormat } from './common.js';

/** @type {Record<string, string>} */
const words = Object.fromEntries(Object.entries(LABELS).map(([name, { word }]) => [name, word]));

/** @type {Record<string, string>} */
const camera = {
  unsupported: 'This browser offers no camera to pages. Try another one, or check a photo.',
  denied:
    'The camera is not allowed. Allow it for this page in the browser’s address bar or settings, ' +
    'then press Start again.',
  none: 'No camera was found. Connect one and press Start again, or check a photo.',
  busy:
    'The camera cannot be read. Another program may be using it: close that program, then press ' +
    'Start again.',
  unsuitable: 'The camera offers no picture that fits. Try another camera, or check a photo.',
  lost: 'The camera was disconnected. It goes on once it is connected again; if not, press Start.',
  withdrawn: 'The camera is no longer allowed. Allow it again, then press Start.',
  other: 'The camera did not start. Press Start again, or check a photo.',
};

const photo = {
  title: 'With a photo',
  chooseMany: 'Choose photos, or drop them anywhere on this page',
  here: 'They are judged here in your browser and don’t leave your device.',
  drop: 'Drop the photos to check them',
  results: 'Your photos',
  close: 'Close',
  waiting: 'Waiting …',
  unreadable: 'This file is not a picture that your browser can read.',
  memory: 'This photo is too large for this device’s memory.',
  server: 'Send to the server',
  serverHint: 'The server checks the photo and does not keep it.',
  unreachable: 'The server cannot be reached.',
  /** @type {Record<number, string>} by the status of the server's answer */
  refused: {
    400: 'This file is empty.',
    408: 'The photo took too long to reach the server. Try again.',
    413: 'This photo is too large for the server.',
    415: 'The server reads JPEG, PNG and WebP pictures; this file is none of them.',
    422: 'The server cannot read this picture: it is broken or cut off.',
    500: 'The server could not judge this photo. Try again.',
    503: 'The server has too much to do just now. Try again in a moment.',
  },
  /** @param {string} name of the file */
  alt: (name) => `${name}, with a box round each face`,
  faces: 'Faces, numbered as in the picture',
  face: 'Face',
  verdict: 'Verdict',
  sure: 'How sure',
  result: 'Your photo',
  json: 'Save the verdicts as JSON',
  csv: 'Save them as CSV',
  kept: 'Judged in the server’s memory and not kept.',
  problem: 'That did not work',
};

/** What is left to do where this browser can't judge. */
const elsewhere = `The server can still check photos: choose one and press “${photo.server}”.`;

export const en = {
  words,
  camera,
  photo,

  /** @param {string} home the page's address on the server's own computer */
  insecure: (home) =>
    `The camera needs a secure address. On the computer that runs the server, open ${home}. For ` +
    'other devices, start the server with “make serve OPTIONS=--https” and open the https address ' +
    'that it prints. Here you can still check photos.',

  page: {
    title: 'Face mask detection',
    question: 'Is the mask on?',
    lead: 'Each face gets a box with the answer. Your webcam’s pictures are judged here in your browser:',
    promise: 'they never leave your device.',
    caution: 'A model can be wrong: don’t rely on it where health or safety depends on it.',
    model: 'Model',
    update: 'A new version of this page is ready.',
    reload: 'Use it',
    notNow: 'Not now',
  },

  live: {
    title: 'With your webcam',
    picture: 'What the camera sees',
    start: 'Start the camera',
    stop: 'Stop',
    pause: 'Pause',
    resume: 'Resume',
    picker: 'Camera',
    flip: 'Use the other camera',
    snapshot: 'Save a picture',
    full: 'Full screen',
    leave: 'Leave full screen',
    mute: 'Mute alerts',
    /** @param {number} number */
    camera: (number) => `Camera ${number}`,
  },

  legend: {
    title: 'What the boxes say',
    with_mask: 'Nose, mouth and chin are covered.',
    without_mask: 'The face is bare.',
    incorrect_mask: 'The nose or the mouth shows.',
    or: 'or',
    unsure: 'Come closer, into the light.',
  },

  counts: {
    title: 'Counted so far',
    faces: 'seen',
    /** @param {number} minutes */
    chart: (minutes) => `Masked, last ${minutes} minutes`,
    /** @type {(share: number | null) => string} */
    share: (share) => (share === null ? 'nobody yet' : `${Math.round(share * 100)}%`),
    reset: 'Reset',
  },

  alerts: {
    title: 'Alerts',
    lead: 'An alert begins when a face without a mask, or with one worn incorrectly, stays in view.',
    settings: 'Settings',
    wait: 'Begin when',
    of: 'of the last',
    pictures: 'pictures agree',
    coolDown: 'Seconds of quiet after an alert',
    sound: 'Sound',
    try: 'Try it',
    notification: 'System notification',
    refused: 'The browser does not allow notifications for this page.',
    log: 'Log',
    when: 'Time',
    duration: 'Lasted',
    empty: 'No alert so far.',
    kept: 'Kept in this browser, without pictures.',
    fleeting: 'Kept until this page is closed, without pictures: the browser allows no more.',
    notKept: 'The browser did not let the page read or write the log.',
    notSaved: 'The log could not be saved. Try again.',
    notCleared: 'The log could not be cleared. Try again.',
    /** @param {number} count */
    older: (count) => `and ${count} older, in the CSV file`,
    download: 'Download CSV',
    clear: 'Clear',
    clearSure: 'Clear all of it?',
    /** @param {number} seconds */
    lasted: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },

  /** @type {Record<string, string>} by what is seen */
  kiosk: {
    nobody: 'Please look into the camera',
    with_mask: 'Mask on, welcome',
    without_mask: 'Please put on a mask',
    incorrect_mask: 'Please cover nose and mouth',
    unsure: 'One moment, please',
    too_small: 'Please come closer',
  },

  status: {
    idle: 'Ready. The camera is off.',
    asking: 'Waiting for the camera',
    prompt: 'Your browser asks whether this page may use the camera: choose “Allow”.',
    begun: 'Loading',
    /** @type {(done: number, total: number) => string} */
    loading: (done, total) => `${megabytes(done)} of ${megabytes(total)} MB`,
    warming: 'Warming up',
    running: 'Running',
    held: 'Paused. The camera is still on.',
    stalled: 'The camera is on, but no new picture comes. If that lasts, stop it and start it again.',
    paused: 'Paused, because this page is hidden.',
    resumed: 'Running again. It paused while this page was hidden.',
    stopped: 'Stopped. The camera is off.',
    failed: 'Not running. The camera is off.',
  },

  /** @param {number} rate frames a second */
  rate: (rate) => `${Math.round(rate)} frames a second`,

  noFace: 'No face in view.',
  noFaceOnPhoto: 'No face was found.',
  /**
   * What is seen; twin of `summary` in `serving/texts.py`.
   * @param {string[]} labels one a face
   * @returns {string}
   */
  faces(labels) {
    if (labels.length === 0) return en.noFace;
    if (labels.length === 1) return `1 face: ${words[labels[0]]}.`;
    return `${labels.length} faces: ${counted(words, labels)}.`;
  },

  /**
   * What to warn of; nothing if all is well or unsure.
   * @param {string[]} labels one a face
   * @returns {string}
   */
  warning(labels) {
    if (labels.includes('without_mask')) return 'Someone in view wears no mask.';
    if (labels.includes('incorrect_mask')) return 'Someone in view wears a mask wrongly.';
    return '';
  },

  share: probabilityFormat('%'),

  judging: 'Judging …',

  model: {
    /** @param {string} field */
    contract: (field) =>
      `The model’s contract is not one this page can read: ${field} is wrong. Reload the page.`,
    /** @type {(name: string, expected: string, came: string) => string} */
    hash: (name, expected, came) =>
      `${name} is not the file that the model’s contract names: expected SHA-256 ` +
      `${expected.slice(0, 12)}…, got ${came.slice(0, 12)}…. Reload the page.`,
    /** @type {(name: string, came: string) => string} */
    download: (name, came) =>
      `${name} could not be loaded (${came}). Check the connection, then try again.`,
    /** @type {(worst: number, tolerance: number) => string} */
    golden: (worst, tolerance) =>
      `The model answers wrongly on this device: off by ${worst.toFixed(4)} on the golden input, ` +
      `at most ${tolerance} expected. ${elsewhere}`,
    notANumber: 'The model answered with something that is not a number. Try again.',
    backend:
      `The model does not start in this browser. Try again, or update the browser. ${elsewhere}`,
    worker: 'The part of this page that judges faces did not start. Try again.',
    ended: 'The part of this page that judges faces had to stop. Try again.',
  },
};

/** @typedef {typeof en} Texts */
