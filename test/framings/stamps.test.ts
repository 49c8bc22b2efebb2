// Instants of envelopes: nothing is lost, nothing is invented.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, type Instant } from '../../lib/base/instant.ts';
import {
  anyStamp,
  epochStamp,
  microsecondStamp,
  nanosecondStamp,
  zonelessStamp,
} from '../../lib/framings/stamps.ts';
import type { Stamp } from '../../lib/model/line.ts';

const shown = (stamp: Stamp | undefined): string | undefined =>
  stamp === undefined ? undefined : formatInstant(stamp.at);

describe('epochStamp', () => {
  it.each([
    [1597871185, '2020-08-19T21:06:25.000000000Z'],
    [1597871185.922652, '2020-08-19T21:06:25.922652000Z'],
    [1795311242123, '2026-11-22T01:34:02.123000000Z'],
    [1795311242123456, '2026-11-22T01:34:02.123456000Z'],
    [0, undefined],
    [123, undefined],
    [-1597871185, undefined],
    [Number.NaN, undefined],
    [1e300, undefined],
    ['1597871185', undefined],
    [undefined, undefined],
  ])('%s → %s', (value, expected) => expect(shown(epochStamp(value))).toBe(expected));

  it('keeps the microseconds of every second of this age', () => {
    const micro = fc.integer({ min: 0, max: 999_999 });
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), micro, (second, fraction) => {
        const stamp = epochStamp(second + fraction / 1e6);
        expect(stamp?.at).toBe(BigInt(second) * 1_000_000_000n + BigInt(fraction) * 1000n);
      }),
    );
  });
});

describe('nanosecondStamp', () => {
  it.each([
    ['1795311242123456789', '2026-11-22T01:34:02.123456789Z'],
    [Number('1795311242123456789'), '2026-11-22T01:34:02.123456000Z'],
    ['0', undefined],
    ['', undefined],
    ['-1', undefined],
    ['12e3', undefined],
    [12, undefined],
    [null, undefined],
  ])('%s → %s', (value, expected) => expect(shown(nanosecondStamp(value))).toBe(expected));

  it('loses no digit of text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 9_000_000_000_000_000_000n }), (nanoseconds) => {
        expect(nanosecondStamp(String(nanoseconds))?.at).toBe(nanoseconds as Instant);
      }),
    );
  });
});

it.each([
  ['2026-05-01 22:45:03.974', '2026-05-01T22:45:03.974000000Z', false],
  ['2026-05-01T22:45:03,9', '2026-05-01T22:45:03.900000000Z', false],
  ['2026-05-01 22:45:03+02:00', '2026-05-01T20:45:03.000000000Z', true],
  ['2026-05-01T22:45:03-0230', '2026-05-02T01:15:03.000000000Z', true],
])('anyStamp %s → %s, zoned %s', (text, expected, zoned) => {
  expect(shown(anyStamp(text))).toBe(expected);
  expect(anyStamp(text)?.zoned).toBe(zoned);
});

it.each(['', 'qwerty', '2026-13-01 00:00:00', '05-01 22:45:03', '2026-05-01'])('no time: %j', (text) => {
  expect(anyStamp(text)).toBeUndefined();
  expect(zonelessStamp(text)).toBeUndefined();
  expect(microsecondStamp(text)).toBeUndefined();
});
