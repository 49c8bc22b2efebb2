// Which keys may hold events of a window: what was written in any allowed way is found, what surely is none of it is not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, parseInstant } from '../../../lib/base/instant.ts';
import {
  judge,
  partitionOf,
  REACH,
  touches,
  type Window,
  writtenWindow,
} from '../../../lib/sources/s3-logs/window.ts';

const MINUTE = 60_000;
const at = (ms: number): Instant => instant(BigInt(ms) * 1_000_000n);
const iso = (ms: number): string => new Date(ms).toISOString();
const time = (text: string): Instant => parseInstant(text) ?? instant(0n);

/** `2026-11-22T02:04` → what each writer calls it. */
const LAYOUTS: Readonly<Record<string, (ms: number) => string>> = {
  'Fluent Bit': (ms) => `fluent-bit-logs/tag/${iso(ms).slice(0, 19).replace(/[-T:]/g, '/')}-objectA1b2C3d4`,
  Vector: (ms) => `date=${iso(ms).slice(0, 10)}/${Math.floor(ms / 1000)}-5a2b.log.gz`,
  Firehose: (ms) => `prod/${iso(ms).slice(0, 13).replace(/[-T]/g, '/')}/stream-1-2026-x`,
  Hive: (ms) =>
    iso(ms).replace(/^(\d+)-(\d+)-(\d+)T(\d+).*$/, 'logs/year=$1/month=$2/day=$3/hour=$4/part-0.json'),
  'day and hour': (ms) => `logs/${iso(ms).slice(0, 10)}/${iso(ms).slice(11, 13)}/a.log`,
  'no date': () => 'logs/app/current.log',
};

describe('partitionOf', () => {
  it.each([
    ['a/2026/11/22/02/x', '2026-11-22T02:00:00Z', '2026-11-22T03:00:00Z', 'hour'],
    ['2026/11/x', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', 'month'],
    ['2026/12/31/23/59/x', '2026-12-31T23:59:00Z', '2027-01-01T00:00:00Z', 'minute'],
    ['date=2026-11-22/1-x', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z', 'day'],
    ['a/20261122/07/x', '2026-11-22T07:00:00Z', '2026-11-22T08:00:00Z', 'hour'],
    ['a/2026-11-22T05/x', '2026-11-22T05:00:00Z', '2026-11-22T06:00:00Z', 'hour'],
    ['year=2026/month=02/day=28/x', '2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z', 'day'],
    ['2026/x', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'year'],
  ])('%s', (key, from, to, unit) => {
    expect(partitionOf(key)).toMatchObject({ from: time(from), to: time(to), unit });
  });

  it.each(['', 'a/b/c', '2026', 'logs/2026-11-22.log', '20261322/x', '2026-02-30/x', 'v2026/x', '1999/x'])(
    '%s names none',
    (key) => {
      expect(partitionOf(key)).toBeUndefined();
    },
  );

  it('2026/13/… is the year, whatever 13 is', () => {
    expect(partitionOf('2026/13/x')?.unit).toBe('year');
  });
});

const T = Date.UTC(2026, 10, 22, 2);
const DAY = 86_400_000;

/** A window, an event in it, and how it came into the bucket. */
const written = fc
  .record({
    from: fc.integer({ min: T - DAY, max: T + DAY }),
    length: fc.integer({ min: 1, max: 3 * 3_600_000 }),
    share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    late: fc.integer({ min: 0, max: 45 * MINUTE }),
    kept: fc.integer({ min: 0, max: 15 * MINUTE - 1 }),
    collected: fc.integer({ min: 0, max: 15 * MINUTE - 1 }),
  })
  .map(({ from, length, share, late, kept, collected }) => {
    const event = from + Math.floor(share * length);
    const arrived = event + late;
    return {
      window: { from: at(from), to: at(from + length) },
      event,
      arrived,
      put: arrived + kept,
      collected,
    };
  });

const isFound = (key: string, modified: number, window: Window): boolean =>
  judge(
    { key, modified: at(Math.floor(modified / 1000) * 1000), written: 'at once' },
    writtenWindow(window, REACH),
    REACH,
  ) === 'read';

describe.each(Object.entries(LAYOUTS))('%s', (_, keyOf) => {
  it('an object is found whether its key tells arrival, putting, its first record or the event', () => {
    fc.assert(
      fc.property(written, ({ window, event, arrived, put, collected }) => {
        for (const told of [arrived, put, event, arrived - collected])
          expect(isFound(keyOf(told), put, window)).toBe(true);
      }),
    );
  });

  it('an upload in parts, whose LastModified is when it began', () => {
    fc.assert(
      fc.property(written, ({ window, arrived, collected }) => {
        expect(isFound(keyOf(arrived - collected), arrived - collected, window)).toBe(true);
      }),
    );
  });

  it('what was written before the window, or long after it, is not read', () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 1001, max: DAY }), ({ window }, off) => {
        const earlier = Number(window.from / 1_000_000n) - 15 * MINUTE - off;
        const later = Number(window.to / 1_000_000n) + 60 * MINUTE + off;
        expect(isFound(keyOf(earlier), earlier, window)).toBe(false);
        expect(isFound(keyOf(later), later, window)).toBe(false);
      }),
    );
  });
});

it('every folder above an object that is found may be looked into', () => {
  fc.assert(
    fc.property(written, fc.constantFrom(...Object.values(LAYOUTS)), ({ window, arrived, put }, keyOf) => {
      const key = keyOf(arrived);
      expect(isFound(key, put, window)).toBe(true);
      for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
        const partition = partitionOf(key.slice(0, end + 1));
        expect(partition === undefined || touches(partition, writtenWindow(window, REACH))).toBe(true);
      }
    }),
  );
});

it('a copy that was made weeks later is found by the date of its key, and by nothing without one', () => {
  const window = { from: at(T), to: at(T + MINUTE) };
  expect(isFound('2026/11/22/02/x', T + 30 * DAY, window)).toBe(true);
  expect(isFound('2026/11/22/05/x', T + 30 * DAY, window)).toBe(false);
  expect(isFound('logs/x', T + 30 * DAY, window)).toBe(false);
  const copied = { key: 'logs/x', modified: at(T + 30 * DAY), written: 'some day' } as const;
  expect(judge(copied, writtenWindow(window, REACH), REACH)).toBe('read');
});

it('the ends are half-open', () => {
  const window = writtenWindow({ from: at(T), to: at(T + MINUTE) }, REACH);
  const verdict = (ms: number) => judge({ key: 'x', modified: at(ms), written: 'at once' }, window, REACH);
  expect(verdict(T - 15 * MINUTE - 1000)).toBe('earlier');
  expect(verdict(T - 15 * MINUTE - 999)).toBe('read');
  expect(verdict(T + 61 * MINUTE - 1)).toBe('read');
  expect(verdict(T + 61 * MINUTE)).toBe('later');
});
