import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Restarter, findCamera, kioskOptions, withoutKiosk } from '../../../web/static/js/client/kiosk.js';

beforeEach(() => mock.timers.enable({ apis: ['Date', 'setTimeout'] }));
afterEach(() => mock.timers.reset());

test('the address asks for a kiosk and its camera', () => {
  assert.equal(kioskOptions('?camera=x'), undefined);
  assert.deepEqual(kioskOptions('?kiosk'), { camera: '' });
  assert.deepEqual(kioskOptions('?lang=de&kiosk=1&camera=Front%20door'), { camera: 'Front door' });
  assert.equal(withoutKiosk('?lang=de&kiosk&camera=x'), '?lang=de&camera=x');
  assert.equal(withoutKiosk('?kiosk'), '');
});

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

test('two failures at once start it once', () => {
  let starts = 0;
  const restarter = new Restarter(() => (starts += 1));
  restarter.failed();
  restarter.failed();
  mock.timers.tick(60_000);
  assert.equal(starts, 1);
});
