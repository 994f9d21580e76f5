/** Wires camera, judge and view together. */

import { Camera, facesUser } from './camera.js';
import { CameraError } from './errors.js';
import { Judge } from './judge.js';
import { Loop, Rate, picturesOf } from './loop.js';
import { Steady } from './steady.js';
import { texts } from './texts.js';
import { View } from './view.js';

/** @import { Progress } from './worker.js' */

const PROMPT_AFTER = 5000; // ms without an answer to the browser's question
const RESUMED_FOR = 4000; // ms that the page tells of a pause
const SETTLED_AFTER = 300; // ms that a change must last to be told

const view = new View(document);
const camera = new Camera(navigator.mediaDevices, navigator.permissions);
const loop = new Loop(picturesOf(view.video), step, fail);
/** @type {Judge | undefined} */
let judge;
/** @type {'idle' | 'asking' | 'loading' | 'running' | 'paused'} */
let state = 'idle';
let progress = texts.status.begun; // of the judge's loading, also while the camera is awaited
let rate = new Rate();
let seen = new Steady(SETTLED_AFTER);
let warned = new Steady(SETTLED_AFTER);
/** @type {ReturnType<typeof setTimeout>} */
let timer;

/**
 * @param {typeof state} next
 * @param {string} status
 */
function enter(next, status) {
  clearTimeout(timer);
  state = next;
  view.status(status);
}

/**
 * Change the status later, unless the state changes before.
 * @param {string} status
 * @param {number} after in milliseconds
 */
function later(status, after) {
  timer = setTimeout(() => view.status(status), after);
}

async function start() {
  enter('asking', texts.status.asking);
  later(texts.status.prompt, PROMPT_AFTER);
  view.switched(true);
  view.alert('');
  try {
    const [opened] = await Promise.all([openCamera(), loadJudge()]);
    if (opened) run();
  } catch (error) {
    fail(error);
  }
}

/** @returns {Promise<boolean>} whether the camera is on; not if it was stopped meanwhile */
async function openCamera() {
  const stream = await camera.open(fail);
  if (!stream) return false;
  enter('loading', progress);
  view.show(stream, facesUser(stream));
  return true;
}

/** Also where the camera fails, so that the next Start is quick. */
async function loadJudge() {
  judge ??= new Judge(new Worker(WORKER, { type: 'module' }));
  const asked = judge;
  try {
    const { version } = await asked.load(showProgress);
    view.version(version);
  } catch (error) {
    if (judge === asked) discardJudge();
    throw error;
  }
}

/** The next Start begins anew. */
function discardJudge() {
  judge?.close();
  judge = undefined;
  progress = texts.status.begun;
}

/** @param {Progress} made */
function showProgress(made) {
  const { loading, warming } = texts.status;
  progress = made.type === 'loading' ? loading(made.done, made.total) : warming;
  if (state === 'loading') view.status(progress); // what the camera waits for comes first
}

function run() {
  if (state !== 'loading') return; // stopped meanwhile
  rate = new Rate();
  seen = new Steady(SETTLED_AFTER);
  warned = new Steady(SETTLED_AFTER);
  enter('running', texts.status.running);
  loop.start();
  hide(document.hidden);
}

async function step() {
  if (!judge || !view.playing) return;
  const judged = await judge.judge(await createImageBitmap(view.video));
  if (state !== 'running') return;
  const now = performance.now();
  const labels = judged.verdicts.map(({ label }) => label);
  view.draw(judged);
  view.rate(texts.rate(rate.tick(now)));
  view.summary(seen.see(texts.faces(labels), now));
  view.alert(warned.see(texts.warning(labels), now));
}

/** @param {boolean} hidden whether nobody can see the page */
function hide(hidden) {
  if (hidden && state === 'running') {
    loop.stop();
    enter('paused', texts.status.paused);
    view.rate('');
  } else if (!hidden && state === 'paused') {
    rate = new Rate();
    enter('running', texts.status.resumed);
    later(texts.status.running, RESUMED_FOR);
    loop.start();
  }
}

/** @param {string} status */
function end(status) {
  enter('idle', status);
  loop.stop();
  camera.stop();
  view.clear();
  view.alert('');
  view.switched(false);
}

/** @param {unknown} error */
function fail(error) {
  if (!(error instanceof CameraError)) discardJudge();
  if (state === 'idle') return; // stopped before
  end(texts.status.failed);
  view.alert(error instanceof Error ? error.message : `${error}`);
}

enter('idle', texts.status.idle);
view.on({ start, stop: () => end(texts.status.stopped), hide });
