import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Kiosk, Restarter, findCamera } from '../../../web/static/js/client/kiosk.js';
import { texts } from '../../../web/static/js/texts/texts.js';
import { mockClocks, resetClocks, setClock } from '../clocks.js';

beforeEach(() => mockClocks(['setTimeout']));
afterEach(resetClocks);

test('a camera is found by a part of its name', () => {
  const cameras = [{ id: '1', name: 'Built-in' }, { id: '2', name: 'USB Front Door 4K' }];
  assert.equal(findCamera(cameras, 'front door'), '2');
  assert.equal(findCamera(cameras, 'garden'), undefined);
  assert.equal(findCamera(cameras, ''), undefined);
});

test('a failing camera is started again, with growing waits', () => {
  let starts = 0;
  const restarter = new Restarter(() => {
    starts += 1;
    restarter.failed();
  });
  restarter.start();
  for (const waitS of [2, 4, 8, 15, 30, 30]) {
    const before = starts;
    mock.timers.tick(waitS * 1000 - 1);
    assert.equal(starts, before);
    mock.timers.tick(1);
    assert.equal(starts, before + 1);
  }
});

test('after a minute of work, the next failure waits briefly', () => {
  let starts = 0;
  const restarter = new Restarter(() => (starts += 1));
  restarter.start();
  restarter.failed();
  mock.timers.tick(2000);
  restarter.failed();
  mock.timers.tick(4000);
  assert.equal(starts, 3);
  mock.timers.tick(60_000);
  restarter.failed();
  mock.timers.tick(2000);
  assert.equal(starts, 4);
});

test('a clock that is set ahead does not make a failing camera start more often', () => {
  let starts = 0;
  const restarter = new Restarter(() => (starts += 1));
  restarter.start();
  restarter.failed();
  mock.timers.tick(2000);
  setClock(Date.now() + 3_600_000);
  restarter.failed();
  mock.timers.tick(2000);
  assert.equal(starts, 2);
});

test('two failures at once start it once', () => {
  let starts = 0;
  const restarter = new Restarter(() => (starts += 1));
  restarter.failed();
  restarter.failed();
  mock.timers.tick(60_000);
  assert.equal(starts, 1);
});

const CAMERAS = [{ id: 'a', name: 'Built-in' }, { id: 'b', name: 'Front door' }];
const ANY = { facing: 'user' };

/** A session that does what the test says, and the kiosk that keeps it running. */
class FakeSession {
  state = 'idle';
  stalled = false;
  /** @type {{device: string} | undefined} */
  source;
  /** @type {object[]} */
  choices = [];
  /** @type {string[]} */
  problems = [];
  cameras = CAMERAS;

  /** @param {string} name */
  constructor(name) {
    const list = async () => this.cameras;
    const report = (/** @type {string} */ text) => this.problems.push(text);
    this.kiosk = new Kiosk(/** @type {any} */ (this), list, () => /** @type {any} */ (ANY), name, report);
  }

  /** @param {{device?: string}} choice */
  async start(choice) {
    this.choices.push(choice);
    this.state = 'running';
    this.source = { device: choice.device ?? 'a' };
    if (this.cameras.length === 0) this.cameras = CAMERAS; // their names are known once one was allowed
  }

  /** @param {{device?: string}} choice */
  change(choice) {
    return this.start(choice);
  }

  /** @param {Error} error */
  fail(error) {
    this.problems.push(error.message);
    this.state = 'idle';
    this.source = undefined;
    this.kiosk.failed();
  }
}

test('a kiosk opens its camera and no other', async () => {
  const session = new FakeSession('door');
  session.kiosk.start();
  await setImmediate();
  assert.deepEqual(session.choices, [{ device: 'b', exact: true }]);
});

test('a kiosk whose camera is missing waits for it', async () => {
  const session = new FakeSession('door');
  session.cameras = CAMERAS.slice(0, 1);
  session.kiosk.start();
  await setImmediate();
  assert.deepEqual([session.choices, session.problems], [[], [texts.address.camera('door')]]);
  session.cameras = CAMERAS;
  mock.timers.tick(2000);
  await setImmediate();
  assert.deepEqual(session.choices, [{ device: 'b', exact: true }]);
  assert.equal(session.problems.at(-1), ''); // the report is taken back
});

test('before one camera was allowed, a kiosk opens any and then its own', async () => {
  const session = new FakeSession('door');
  session.cameras = [];
  session.kiosk.start();
  await setImmediate();
  assert.deepEqual(session.choices, [ANY, { device: 'b', exact: true }]);
});

test('once one was allowed, a kiosk reports that its own is missing, and closes the other', async () => {
  const session = new FakeSession('garden');
  session.cameras = [];
  session.kiosk.start();
  await setImmediate();
  assert.deepEqual(session.choices, [ANY]);
  assert.equal(session.state, 'idle');
  assert.equal(session.problems.at(-1), texts.address.camera('garden'));
});

test('a kiosk without a name uses any camera', async () => {
  const session = new FakeSession('');
  session.kiosk.start();
  await setImmediate();
  assert.deepEqual(session.choices, [ANY]);
});

test('a camera that stays frozen is restarted', async () => {
  const session = new FakeSession('');
  session.kiosk.start();
  await setImmediate();
  session.kiosk.stalled();
  mock.timers.tick(10_000); // it went on meanwhile
  assert.deepEqual(session.problems, []);
  session.stalled = true;
  session.kiosk.stalled();
  mock.timers.tick(10_000);
  assert.deepEqual(session.problems, [texts.camera.busy]);
  mock.timers.tick(2000);
  await setImmediate();
  assert.equal(session.choices.length, 2);
});
