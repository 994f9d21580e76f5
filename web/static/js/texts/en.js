/** All texts of the page in English; the server's template has the same. */

import { LABELS } from '../labels.js';
import {
  duration, durationFormat, hours, megabytes, probabilityFormat, summaryFormat, warningFormat,
} from './common.js';

/** @type {Record<string, string>} */
const words = Object.fromEntries(Object.entries(LABELS).map(([name, { word }]) => [name, word]));

/** @type {Record<string, string>} */
const camera = {
  unsupported:
    'This browser gives pages no access to the camera. Try another browser, or check a photo.',
  denied:
    'Camera access is blocked. Allow it in the browser’s address bar or settings, then start the ' +
    'camera again.',
  none: 'No camera was found. Connect one and start it, or check a photo.',
  busy:
    'The camera sends no picture. Another program may be using it: close that program, then ' +
    'start the camera again.',
  unsuitable: 'This camera has no suitable resolution. Try another camera, or check a photo.',
  lost: 'The camera was disconnected. Connect it again to continue.',
  withdrawn: 'Camera access was withdrawn. Allow it again, then start the camera.',
  other: 'The camera did not start. Try again, or check a photo.',
};

const photo = {
  title: 'Check a photo',
  chooseMany: 'Choose photos',
  dropHere: 'or drop or paste them anywhere on this page',
  show: 'Show the results',
  here: 'Photos are checked in your browser and never uploaded.',
  drop: 'Drop the photos to check them',
  samples: 'Or try a sample:',
  /** @param {number} number */
  sample: (number) => `sample ${number}.jpg`,
  results: 'Your photos',
  close: 'Close',
  waiting: 'Waiting …',
  unreadable: 'Your browser cannot read this file as a picture.',
  memory: 'This photo is too large for this device’s memory.',
  server: 'Send to the server',
  serverHint: 'The server checks the photo and does not keep it.',
  unreachable: 'The server cannot be reached.',
  /** @type {Record<number, string>} by the status of the server's response */
  refused: {
    400: 'This file is empty.',
    408: 'The upload took too long. Try again.',
    413: 'This photo is too large for the server.',
    415: 'The server reads JPEG, PNG, WebP, HEIC, AVIF and GIF pictures.',
    422: 'The server cannot read this picture: it is damaged or incomplete.',
    500: 'The server could not check this photo. Try again.',
    503: 'The server is busy. Try again in a moment.',
  },
  notChecked: 'Not checked',
  zoom: 'Zoom in',
  savePicture: 'Save annotated picture',
  /** @param {string} name of the file */
  enlarge: (name) => `Enlarge ${name}`,
  /** @type {(failed: number, total: number) => string} */
  failed: (failed, total) => `${failed} of ${total} photos could not be checked.`,
  /** @param {string} name of the file */
  alt: (name) => `${name} with every face marked`,
  faces: 'Faces, numbered as in the picture',
  face: 'Face',
  verdict: 'Result',
  probability: 'Probability',
  result: 'Your photo',
  json: 'Save results as JSON',
  csv: 'Save results as CSV',
  kept: 'Checked in the server’s memory and not kept.',
  problem: 'That did not work',
};

/** Appended where this browser cannot run the models. */
const elsewhere = `The server can still check photos: choose one and press “${photo.server}”.`;

/** @type {Record<string, string>} on a person by label */
const phrases = {
  with_mask: 'wearing a mask',
  without_mask: 'without a mask',
  incorrect_mask: 'with a mask worn incorrectly',
  unsure: 'with an unsure result',
  too_small: 'with a face that is too small',
};

const summarize = summaryFormat(phrases, {
  person: 'person',
  people: 'people',
  both: 'both',
  all: 'all',
});

export const en = {
  words,
  camera,
  photo,

  /** @param {string} home the page's address on the server's own computer */
  insecure: (home) =>
    `The camera needs a secure connection. On the computer that runs the server, open ${home}. ` +
    'For other devices, start the server with “make serve OPTIONS=--https” and open the https ' +
    'address that it prints. You can still check photos here.',

  page: {
    title: 'Face mask detection',
    question: 'Is the mask on?',
    lead: 'Every face is marked. Video is analysed in your browser:',
    promise: 'it never leaves your device.',
    caution: 'The model can be wrong: don’t rely on it where health or safety is at stake.',
    about: 'Technical details',
    model: 'Model',
    samples: 'Sample pictures: NASA, in the public domain; the masks are drawn.',
    update: 'A new version is available.',
    reload: 'Reload',
    notNow: 'Not now',
  },

  live: {
    title: 'Use your webcam',
    picture: 'Live video',
    start: 'Start the camera',
    demo: 'No camera? Watch a demo',
    stop: 'Stop',
    pause: 'Pause',
    resume: 'Resume',
    picker: 'Camera',
    flip: 'Switch camera',
    snapshot: 'Save picture',
    full: 'Full screen',
    leave: 'Exit full screen',
    mute: 'Mute alerts',
    /** @param {number} number */
    camera: (number) => `Camera ${number}`,
  },

  legend: {
    title: 'What the labels mean',
    with_mask: 'Nose, mouth and chin are covered.',
    without_mask: 'The face is uncovered.',
    incorrect_mask: 'The nose or mouth is uncovered.',
    or: 'or',
    unsure: 'Move closer, into better light.',
  },

  counts: {
    title: 'Today',
    /** @param {string} time of day */
    since: (time) => `since ${time}`,
    people: 'people',
    putOn: 'put on after an alert',
    watched: 'camera on',
    chart: 'People per hour',
    /** @type {(share: number | null) => string} */
    share: (share) => {
      return share === null ? 'no data yet' : `${Math.round(share * 100)}% with a mask`;
    },
    days: 'Last 7 days',
    day: 'Day',
    lasted: hours,
    download: 'Save counts as CSV',
    reset: 'Reset',
    confirmReset: 'Delete the counts of all days?',
    kept: 'Stored in this browser for up to 400 days.',
    keptForNow: 'Kept until this page is closed: your browser allows no storage.',
    notKept: 'The counts could not be stored. They are kept until this page is closed.',
    notSaved: 'The counts could not be saved. Try again.',
    notCleared: 'The counts could not be deleted. Try again.',
  },

  alerts: {
    title: 'Alerts',
    lead: 'An alert starts when someone stays in view without a mask, or with one worn incorrectly.',
    settings: 'Settings',
    after: 'Alert after',
    afterChoice: durationFormat('en'),
    cooldown: 'Sound or notification',
    /**
     * @param {number} seconds
     * @returns {string}
     */
    cooldownChoice: (seconds) =>
      en.alerts.cooldowns[seconds] ?? `at most once every ${durationFormat('en')(seconds)}`,
    /** @type {Record<number, string>} by seconds */
    cooldowns: {
      0: 'for every alert',
      1: 'at most once a second',
      60: 'at most once a minute',
    },
    minFace: 'Faces that count',
    minFaceHint: 'The nearer people are, the larger their faces are in the picture.',
    /** @param {number} percent */
    minFaceChoice: (percent) =>
      percent === 0 ? 'all' : `at least ${percent}% of the picture’s height`,
    zone: 'Part of the picture that counts, in %',
    zoneLeft: 'Left',
    zoneTop: 'Top',
    zoneRight: 'Right',
    zoneBottom: 'Bottom',
    /** @param {string} edge */
    zoneRange: (edge) => `“${edge}” must be a whole number from 0 to 100.`,
    /** @type {(first: string, second: string, least: number) => string} */
    zoneOrder: (first, second, least) =>
      `“${second}” must be at least ${least} more than “${first}”.`,
    zoneKept: 'Until then, the part chosen before counts.',
    zoneDraw: 'Draw it on the video',
    zoneWhole: 'Whole picture',
    sound: 'Sound',
    try: 'Try it',
    volume: 'Volume',
    /** @type {Record<number, string>} by percentage */
    volumes: { 15: 'Quiet', 40: 'Normal', 100: 'Loud' },
    /**
     * @param {number} percent
     * @returns {string}
     */
    volumeChoice: (percent) => en.alerts.volumes[percent] ?? `${percent}%`,
    notification: 'Notifications',
    announce: 'Announce results to screen readers',
    blocked: 'Your browser blocks notifications from this page.',
    log: 'Log',
    when: 'Time',
    duration: 'Duration',
    empty: 'No alerts yet.',
    kept: 'Stored in this browser only.',
    keptForNow: 'Kept until this page is closed: your browser allows no storage.',
    notKept: 'Your browser does not let this page use the log.',
    notSaved: 'The log could not be saved. Try again.',
    notCleared: 'The log could not be cleared. Try again.',
    /** @param {number} count */
    older: (count) => `Older entries in the CSV file: ${count}`,
    download: 'Download CSV',
    clear: 'Clear',
    confirmClear: 'Clear the log?',
    lasted: duration,
  },

  /** @type {Record<string, string>} of CSV files, by code */
  columns: { file: 'File', code: 'Code', corrected: 'Corrected' },

  pictures: {
    keep: 'Keep a picture of each alert',
    privacy:
      'Pictures of people’s faces stay in this browser and are deleted after the time below. Ask ' +
      'people first where the law requires it.',
    deleteAfter: 'Delete pictures after',
    /** @type {Record<string, string>} by hours */
    periods: { 1: '1 hour', 24: '1 day', 168: '7 days', 720: '30 days' },
    unavailable: 'Your browser allows no storage, so no pictures are kept.',
    /** @param {number} count */
    confirmOff: (count) => `Turning this off deletes all stored pictures (${count}).`,
    turnOff: 'Delete and turn off',
    stay: 'Keep',
    notTaken: 'The picture of an alert could not be taken. The log is complete.',
    notRead: 'The pictures of alerts could not be read. Reload the page to try again.',
    notKept: 'The picture of an alert could not be stored. The log is complete.',
    notDeleted: 'The pictures could not be deleted. Reload the page to try again.',
    notExported: 'The pictures could not be exported. Try again.',
    enlarge: 'Enlarge picture',
    face: 'The face when the alert began',
    wrong: 'This was wrong',
    question: 'What is the correct result?',
    notAFace: 'not a face',
    /** @param {string} word */
    corrected: (word) => `corrected: ${word}`,
    undo: 'Undo',
    /** @param {number} count */
    exportAll: (count) => `Export corrected pictures (${count})`,
  },

  /** @type {Record<string, string>} by the most severe label; then advice while it is unsure */
  kiosk: {
    noFace: 'Please look into the camera',
    with_mask: 'Mask on, welcome',
    without_mask: 'Please put on a mask',
    incorrect_mask: 'Please cover your nose and mouth',
    unsure: 'One moment, please',
    too_small: 'Please come closer',
    face: 'Please look up and face the camera',
    light: 'Please step into the light',
    staff: 'Please ask the staff',
  },

  address: {
    wrong: 'Please correct the address of this page:',
    /** @type {(got: string, known: string[]) => string} */
    lang: (got, known) => `lang: expected one of ${known.join(', ')}, got “${got}”.`,
    pin: 'pin: expected 4 to 8 digits.',
    /** @param {string} got */
    volume: (got) => `volume: expected a number from 0 to 100, got “${got}”.`,
    /** @type {(name: string, max: number) => string} */
    text: (name, max) => `${name}: expected 1 to ${max} characters.`,
    /** @param {string} name */
    unknown: (name) => `${name}: there is no such option.`,
    /** @param {string} name */
    camera: (name) =>
      `No camera with “${name}” in its name is connected. Connect it, or correct the address.`,
    logo: 'The server has no logo. Start it with --logo FILE.',
    voice:
      'This device has no English voice. Install one, or remove “speak” from the address.',
  },

  pin: {
    title: 'Leave the kiosk',
    label: 'PIN',
    erase: 'Delete a digit',
    enter: 'OK',
    cancel: 'Cancel',
    wrong: 'Wrong PIN.',
    /** @param {number} seconds */
    wait: (seconds) => `Too many wrong PINs. Try again in ${durationFormat('en')(seconds)}.`,
  },

  status: {
    idle: 'Ready. The camera is off.',
    asking: 'Waiting for the camera',
    prompt: 'Your browser is asking to use the camera: choose “Allow”.',
    begun: 'Loading',
    /** @type {(done: number, total: number) => string} */
    loading: (done, total) => `${megabytes(done)} of ${megabytes(total)} MB`,
    warming: 'Warming up',
    running: 'Running',
    paused: 'Paused. The camera is still on.',
    stalled:
      'The camera is on but sends no new picture. If this continues, stop the camera and start ' +
      'it again.',
    hidden: 'Running slowly while this page is hidden.',
    resumed: 'Running again. This browser pauses the camera while the page is hidden.',
    demo: 'Demo with sample pictures. The camera is off.',
    demoPaused: 'Demo paused. The camera is off.',
    stopped: 'Stopped. The camera is off.',
    failed: 'Not running. The camera is off.',
  },

  /** @param {number} rate frames per second */
  rate: (rate) => `${Math.round(rate)} ${Math.round(rate) === 1 ? 'frame' : 'frames'} per second`,

  noFace: 'No face in view.',
  noFaceOnPhoto: 'No face was found.',
  /**
   * The result in one sentence; twin of `summary` in `serving/texts.py`.
   * @param {string[]} labels one per face
   * @returns {string}
   */
  summary: (labels) => (labels.length === 0 ? en.noFace : summarize(labels)),

  warning: warningFormat({
    bare: 'Someone is not wearing a mask.',
    wrong: 'Someone is not wearing their mask properly.',
    allBare: (count) => `${count} people are not wearing a mask.`,
    allWrong: (count) => `${count} people are not wearing their mask properly.`,
    mixed: (bare, wrong) => `${bare} without a mask, ${wrong} with one worn incorrectly.`,
  }),

  probability: probabilityFormat('%'),

  checking: 'Checking …',

  model: {
    /** @param {string} field */
    contract: (field) => `The model’s contract is not valid: ${field} is wrong. Reload the page.`,
    /** @type {(name: string, expected: string, got: string) => string} */
    hash: (name, expected, got) =>
      `${name} is not the file that the model’s contract names: expected SHA-256 ` +
      `${expected.slice(0, 12)}…, got ${got.slice(0, 12)}…. Reload the page.`,
    /** @type {(name: string, reason: string) => string} */
    download: (name, reason) =>
      `${name} could not be loaded (${reason}). Check the connection, then try again.`,
    /** @type {(error: number, tolerance: number) => string} */
    golden: (error, tolerance) =>
      `The model gives wrong results on this device: expected an error of at most ${tolerance} ` +
      `on the test input, got ${error.toFixed(4)}. ${elsewhere}`,
    notANumber: 'The model returned something that is not a number. Try again.',
    backend:
      `The model does not start in this browser. Try again, or update the browser. ${elsewhere}`,
    worker: 'Face detection did not start. Try again.',
    ended: 'Face detection stopped unexpectedly. Try again.',
  },
};

/** @typedef {typeof en} Texts */
