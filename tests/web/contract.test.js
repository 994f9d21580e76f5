import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { goldenInput, parse, validate, verify } from '../../web/static/js/contract.js';

const file = readFileSync(new URL('../../models/contract.json', import.meta.url));

/**
 * The contract with one field changed; left out where the value is undefined.
 * @param {string} path
 * @param {unknown} value
 */
function changed(path, value) {
  const contract = JSON.parse(file.toString());
  const names = path.split('.');
  const last = /** @type {string} */ (names.pop());
  names.reduce((part, name) => part[name], contract)[last] = value;
  return contract;
}

test('the trainer’s contract is read', () => {
  const contract = parse(Uint8Array.from(file).buffer);
  const input = goldenInput(contract);
  assert.equal(input.length, contract.input_size ** 2 * 3);
  assert.ok(input.every((value) => value >= 0 && value <= 255));
});

test('the contract’s golden input is not all alike', () => {
  assert.ok(new Set(goldenInput(validate(JSON.parse(file.toString())))).size > 16);
});

for (const [path, value] of [
  ['labels', undefined],
  ['labels', ['with_mask']],
  ['input_size', '64'],
  ['unsure_below', null],
  ['detector', {}],
  ['detector.score_threshold', undefined],
  ['detector.near_side', 0],
  ['detector.large_face', 'none'],
  ['detector.browser_sha256', { 'centerface.json': 'a' }],
  ['golden.probabilities', [0.5, 0.3, 0.2]],
  ['golden.probabilities', { with_mask: 1 }],
  ['golden.probabilities', { with_mask: 0.34, without_mask: 0.33, incorrect_mask: 0.33 }],
  ['unsure_below', 1.5],
  ['input_size', 64.5],
  ['input_size', 1e9],
  ['detector.crop_scale', -1],
  ['golden.input', 'AAAA'],
  ['golden.input', '%%%'],
  ['exports.tfjs_weights', undefined],
  ['exports.tfjs_model.bytes', -1],
]) {
  test(`a contract whose ${path} is ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => validate(changed(`${path}`, value)), {
      name: 'ModelError',
      message: /contract is not valid: /,
    });
  });
}

test('a contract with an unknown label is refused, and the message names it', () => {
  const labels = ['with_mask', 'scarf', 'incorrect_mask'];
  assert.throws(() => validate(changed('labels', labels)), {
    name: 'ModelError',
    message: /labels \(scarf\) is wrong/,
  });
});

for (const text of ['', 'null', '[]', '{"labels"', '<html>']) {
  test(`${JSON.stringify(text)} is no contract`, () => {
    const bytes = new TextEncoder().encode(text).buffer;
    assert.throws(() => parse(bytes), { name: 'ModelError', message: /is wrong/ });
  });
}

test('verify takes the file that is named and no other', async () => {
  const bytes = new TextEncoder().encode('weights').buffer;
  const hash = createHash('sha256').update('weights').digest('hex');
  assert.equal(await verify(bytes, hash, 'a.bin'), bytes);
  await assert.rejects(verify(bytes, `0${hash.slice(1)}x`, 'a.bin'), {
    name: 'ModelError',
    message: /a\.bin is not the file .* expected SHA-256 0.* got/,
  });
});
