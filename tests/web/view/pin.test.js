import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { texts } from '../../../web/static/js/texts/texts.js';
import { PinDialog, pinProblem } from '../../../web/static/js/view/pin.js';
import { newPage } from '../dom.js';

/** @type {(id: string) => any} */
let part;
/** @type {PinDialog} */
let dialog;
/** @type {string[]} */
let entered;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  part = newPage();
  part('pin').maxLength = 8;
  entered = [];
  dialog = new PinDialog((pin) => {
    entered.push(pin);
    return 'wrong';
  });
  dialog.open();
});

afterEach(() => mock.timers.reset());

/** @param {string} digit */
const press = (digit) =>
  part('pin-keys').children.find((/** @type {any} */ key) => key.children[0] === digit).click();

test('keys enter, delete and submit a PIN of at most 8 digits', () => {
  for (const digit of '1234567890') press(digit);
  part('pin-erase').click();
  assert.equal(part('pin').value, '1234567');
  part('pin-form').dispatchEvent(new Event('submit', { cancelable: true }));
  assert.deepEqual(entered, ['1234567']);
  assert.equal(part('pin-problem').textContent, 'wrong');
  assert.equal(part('pin').value, '');
});

test('the problem of a PIN goes with the next input, so that it is announced again', () => {
  const submit = () => part('pin-form').dispatchEvent(new Event('submit', { cancelable: true }));
  for (const input of [() => press('1'), () => part('pin-erase').click(), () => part('pin').dispatchEvent(new Event('input'))]) {
    submit();
    assert.equal(part('pin-problem').textContent, 'wrong');
    input();
    assert.equal(part('pin-problem').textContent, '');
  }
});

test('it closes 15 seconds after the last input, and opens empty', () => {
  mock.timers.tick(14_000);
  press('1');
  part('pin-dialog').dispatchEvent(new Event('click')); // bubbles in browsers
  mock.timers.tick(14_999);
  assert.equal(part('pin-dialog').open, true);
  mock.timers.tick(1);
  assert.equal(part('pin-dialog').open, false);
  dialog.open();
  assert.equal(part('pin').value, '');
});

test('a press while it is open does not empty it', () => {
  press('1');
  dialog.open();
  assert.equal(part('pin').value, '1');
});

test('Escape that is still held does not close it', () => {
  for (const repeat of [true, false]) {
    const event = new Event('keydown', { cancelable: true });
    Object.assign(event, { key: 'Escape', repeat });
    part('pin-dialog').dispatchEvent(event);
    assert.equal(event.defaultPrevented, repeat);
  }
});

test('the problem says how long to wait', () => {
  assert.equal(pinProblem(0), texts.pin.wrong);
  assert.equal(pinProblem(29_001), texts.pin.wait(30));
});
