import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressProblems, kioskOptions, withoutKiosk,
} from '../../../web/static/js/client/kiosk-options.js';
import { texts } from '../../../web/static/js/texts/texts.js';

const NONE = {
  camera: '', phrases: {}, logo: undefined, speak: false, volumePercent: undefined, pin: '',
};
const FULL =
  '?lang=de&kiosk=1&camera=Front%20door&text-idle=Look+here&text-staff=%20Ring%20&logo=Shop&speak' +
  '&volume=0&pin=0123';

test('the address asks for a kiosk and its options', () => {
  assert.equal(kioskOptions('?camera=x'), undefined);
  assert.deepEqual(kioskOptions('?kiosk'), NONE);
  assert.deepEqual(kioskOptions(FULL), {
    camera: 'Front door',
    phrases: { noFace: 'Look here', staff: 'Ring' },
    logo: 'Shop',
    speak: true,
    volumePercent: 0,
    pin: '0123',
  });
  assert.deepEqual(addressProblems(FULL), []);
});

test('every message can be replaced, and there is no other', () => {
  const names = ['idle', 'welcome', 'please', 'incorrect', 'unsure', 'closer', 'face', 'light', 'staff'];
  const search = `?kiosk${names.map((name) => `&text-${name}=x`).join('')}`;
  assert.deepEqual(addressProblems(search), []);
  const { phrases = {} } = kioskOptions(search) ?? {};
  assert.deepEqual(Object.keys(phrases).sort(), Object.keys(texts.kiosk).sort());
});

test('the address without the kiosk has none of its options', () => {
  assert.equal(withoutKiosk(FULL), '?lang=de');
  assert.equal(withoutKiosk('?kiosk&other=1&text-closer=x'), '?other=1');
  assert.equal(withoutKiosk('?kiosk'), '');
});

test('browsers without the size of a query can leave the kiosk', (context) => {
  context.mock.getter(URLSearchParams.prototype, 'size', () => undefined);
  assert.equal(withoutKiosk('?kiosk&lang=de'), '?lang=de');
});

const { address } = texts;
const LANGUAGES = ['en', 'de', 'fr'];
for (const [search, problem] of /** @type {const} */ ([
  ['lang=xx', address.lang('xx', LANGUAGES)],
  ['lang=constructor', address.lang('constructor', LANGUAGES)],
  ['pin=123', address.pin],
  ['pin=123456789', address.pin],
  ['pin=12a4', address.pin],
  ['pin=', address.pin],
  ['volume=101', address.volume('101')],
  ['volume=-1', address.volume('-1')],
  ['volume=loud', address.volume('loud')],
  ['volume', address.volume('')],
  ['text-idle=', address.text('text-idle', 120)],
  [`text-idle=${'x'.repeat(121)}`, address.text('text-idle', 120)],
  ['text-welcom=x', address.unknown('text-welcom')],
])) {
  test(`${search.slice(0, 20)} is reported`, () => {
    assert.deepEqual(addressProblems(`?kiosk&${search}`), [problem]);
  });
}

test('without a kiosk only the language is checked', () => {
  assert.deepEqual(addressProblems('?pin=x&utm_source=y&lang=de-AT'), []);
  assert.deepEqual(addressProblems('?lang=xx'), [address.lang('xx', LANGUAGES)]);
});

test('all problems are reported', () => {
  assert.equal(addressProblems('?kiosk&lang=xx&pin=1&volume=x').length, 3);
});
