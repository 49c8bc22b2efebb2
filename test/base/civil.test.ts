// Calendar time and zones.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilToInstant, fromLocal, isLeapYear, parseZone, yearOf } from '../../lib/base/civil.ts';
import { formatInstant, type Instant, instant, parseInstant } from '../../lib/base/instant.ts';

const at = (text: string): Instant => parseInstant(text) ?? instant(-1n);

const local = (shown: string, name: string): string => {
  const zone = parseZone(name);
  return zone.ok ? formatInstant(fromLocal(at(`${shown}Z`), zone.value)) : zone.error;
};

describe('what a clock in a zone showed', () => {
  it.each([
    ['2026-11-22T02:00:00', 'UTC', '2026-11-22T02:00:00.000000000Z'],
    ['2026-11-22T02:00:00', 'Z', '2026-11-22T02:00:00.000000000Z'],
    ['2026-11-22T02:00:00', '+02:00', '2026-11-22T00:00:00.000000000Z'],
    ['2026-11-22T02:00:00', '+0530', '2026-11-21T20:30:00.000000000Z'],
    ['2026-11-22T02:00:00', 'UTC-8', '2026-11-22T10:00:00.000000000Z'],
    ['2026-11-22T02:00:00', '-03:30', '2026-11-22T05:30:00.000000000Z'],
    ['2026-11-22T02:00:00', 'Europe/Berlin', '2026-11-22T01:00:00.000000000Z'],
    ['2026-07-22T02:00:00', 'Europe/Berlin', '2026-07-22T00:00:00.000000000Z'],
    ['2026-07-22T02:00:00', 'America/Los_Angeles', '2026-07-22T09:00:00.000000000Z'],
    ['2026-07-22T02:00:00.123456789', 'Asia/Kathmandu', '2026-07-21T20:15:00.123456789Z'],
    // The last hour before clocks go back, and the first after they went forward.
    ['2026-03-29T01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000000000Z'],
    ['2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000000000Z'],
    ['2026-10-25T03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000000000Z'],
    [
      '2026-11-22T02:00:00',
      'Mars/Olympus',
      'expected an IANA zone such as Europe/Berlin or an offset such as +02:00, got "Mars/Olympus"',
    ],
  ])('%s in %s', (shown, zone, expected) => expect(local(shown, zone)).toBe(expected));

  it.each(['', '+', '2 hours', '+2:0', 'Europe/', '++02:00'])('no zone: %j', (name) =>
    expect(parseZone(name).ok).toBe(false),
  );
});

describe('the calendar', () => {
  it.each([
    [2024, true],
    [2026, false],
    [2000, true],
    [2100, false],
  ])('%i is a leap year: %s', (year, leap) => expect(isLeapYear(year)).toBe(leap));

  it('civil time and instant agree with RFC 3339', () => {
    const date = fc.date({ min: new Date('1971-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 999_999_999 }), (when, nanosecond) => {
        const civil = {
          year: when.getUTCFullYear(),
          month: when.getUTCMonth() + 1,
          day: when.getUTCDate(),
          hour: when.getUTCHours(),
          minute: when.getUTCMinutes(),
          second: when.getUTCSeconds(),
          nanosecond,
        };
        const text = `${when.toISOString().slice(0, 19)}.${String(nanosecond).padStart(9, '0')}Z`;
        expect(formatInstant(civilToInstant(civil))).toBe(text);
        expect(yearOf(at(text))).toBe(civil.year);
      }),
    );
  });
});
