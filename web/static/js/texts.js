/** Every sentence the page says, in one place. */

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @type {Record<string, string>} */
const words = {
  with_mask: 'mask',
  without_mask: 'no mask',
  incorrect_mask: 'worn wrongly',
  unsure: 'unsure',
  too_small: 'too small to judge',
};

/** @type {Record<string, string>} */
const camera = {
  insecure:
    'The camera needs a secure address: open this page over https, or on this computer as ' +
    'http://localhost. You can still upload a photo.',
  unsupported: 'This browser offers no camera to pages. Try another one, or upload a photo.',
  denied:
    'The camera is not allowed. Allow it for this page in the browser’s address bar or settings, ' +
    'then press Start again.',
  none: 'No camera was found. Connect one and press Start again, or upload a photo.',
  busy:
    'The camera cannot be read. Another program may be using it: close that program, then press ' +
    'Start again.',
  unsuitable: 'The camera offers no picture that fits. Try another camera, or upload a photo.',
  lost: 'The camera was disconnected. Connect it and press Start again.',
  withdrawn: 'The camera is no longer allowed. Allow it again, then press Start.',
  other: 'The camera did not start. Press Start again, or upload a photo.',
};

export const texts = {
  words,
  camera,

  status: {
    idle: 'Ready. The camera is off.',
    asking: 'Waiting for the camera',
    prompt: 'Your browser asks whether this page may use the camera: choose “Allow”.',
    begun: 'Loading',
    /** @type {(done: number, total: number) => string} */
    loading: (done, total) => `Loading ${megabytes(done)} of ${megabytes(total)} MB`,
    warming: 'Warming up',
    running: 'Running',
    paused: 'Paused, because this page is hidden.',
    resumed: 'Running again. It paused while this page was hidden.',
    stopped: 'Stopped. The camera is off.',
    failed: 'Not running. The camera is off.',
  },

  /** @param {number} rate frames a second */
  rate: (rate) => `${Math.round(rate)} frames a second`,

  noFace: 'No face in view.',
  /**
   * What is seen; twin of `summary` in `serving/words.py`.
   * @param {string[]} labels one a face
   */
  faces(labels) {
    if (labels.length === 0) return texts.noFace;
    if (labels.length === 1) return `1 face: ${words[labels[0]]}.`;
    const counts = Object.keys(words)
      .map((label) => [labels.filter((one) => one === label).length, words[label]])
      .filter(([count]) => count);
    return `${labels.length} faces: ${counts.map((pair) => pair.join(' ')).join(', ')}.`;
  },

  /**
   * What to warn of; nothing if all is well or unsure.
   * @param {string[]} labels one a face
   */
  warning(labels) {
    if (labels.includes('without_mask')) return 'Someone in view wears no mask.';
    if (labels.includes('incorrect_mask')) return 'Someone in view wears a mask wrongly.';
    return '';
  },

  /**
   * What is written on a box: never 100%, and no share where nothing is said; twin of
   * `tell_probability` in `inference/drawing.py`.
   * @type {(label: string, probability: number) => string}
   */
  box(label, probability) {
    if (label === 'unsure' || label === 'too_small') return words[label];
    const share = probability < 0.995 ? `${Math.round(probability * 100)}%` : '>99%';
    return `${words[label]} ${share}`;
  },

  judging: 'Judging …',

  model: {
    /** @param {string} field */
    contract: (field) => `The model’s contract is not one this page can read: ${field} is wrong.`,
    /** @type {(name: string, expected: string, came: string) => string} */
    hash: (name, expected, came) =>
      `${name} is not the file that the model’s contract names: expected SHA-256 ` +
      `${expected.slice(0, 12)}…, came ${came.slice(0, 12)}…. Reload the page.`,
    /** @type {(name: string, came: string) => string} */
    download: (name, came) => `${name} could not be loaded (${came}). Press Start to try again.`,
    /** @type {(worst: number, tolerance: number) => string} */
    golden: (worst, tolerance) =>
      `The model answers wrongly on this device: off by ${worst.toFixed(4)} on the golden input, ` +
      `at most ${tolerance} expected. You can still upload a photo.`,
    notANumber: 'The model answered with something that is not a number.',
    /** @param {string} reason */
    backend: (reason) =>
      `The model does not start in this browser (${reason}). Press Start to try again; if ` +
      'that does not help, update the browser, or upload a photo.',
    worker: 'The part of this page that judges faces did not start. Press Start to try again.',
  },
};
