// Two clocks, no zone, no year: what one stream's lines say about time.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseZone } from '../../lib/base/civil.ts';
import {
  formatInstant,
  type Instant,
  instant,
  parseInstant,
  precisionOf,
  SECOND,
  toSeconds,
} from '../../lib/base/instant.ts';
import { type ClockSettings, momentsOf, type Timed } from '../../lib/framings/program-clock.ts';
import type { ProgramClock } from '../../lib/model/line.ts';

const at = (text: string): Instant => parseInstant(text) ?? instant(-1n);

/** `11-22 02:00:00`, or with a year in front. */
function clock(text: string): ProgramClock {
  const [, year, month, day, hour, minute, second] =
    /^(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  const common = {
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  return {
    ...common,
    nanosecond: 0,
    precision: SECOND,
    ...(year === undefined ? {} : { year: Number(year) }),
  };
}

/** A row: the envelope's stamp (zoned when it ends in Z), the program's clock; '' for none. */
type Row = readonly [stamp: string, program: string];

const timed = ([stamp, program]: Row): Timed => {
  const zoned = stamp.endsWith('Z');
  const read = zoned ? stamp : `${stamp}Z`;
  return {
    stamp: stamp === '' ? undefined : { at: at(read), precision: precisionOf(read), zoned },
    clock: program === '' ? undefined : clock(program),
  };
};

interface Set {
  readonly year?: number;
  readonly zone?: string;
  readonly modified?: string;
}

function settings({ year, zone, modified }: Set): ClockSettings {
  const parsed = zone === undefined ? undefined : parseZone(zone);
  return {
    year,
    zone: parsed?.ok === true ? parsed.value : undefined,
    modified: modified === undefined ? undefined : at(modified),
  };
}

/** `2026-11-22T02:00:00 1` : the instant without idle zeros, and its precision in seconds. */
const told = (rows: readonly Row[], set: Set = {}): readonly string[] =>
  momentsOf(rows.map(timed), settings(set)).map((moment) =>
    moment === undefined
      ? '?'
      : `${formatInstant(moment.at).replace(/\.?0*Z$/, '')} ${toSeconds(moment.precision)}`,
  );

describe('an envelope with an instant decides', () => {
  it.each<readonly [string, readonly Row[], readonly string[]]>([
    ['alone', [['2026-11-22T02:00:00.5Z', '']], ['2026-11-22T02:00:00.5 0.1']],
    [
      'with a punctual program',
      [['2026-11-22T02:00:00.5Z', '11-22 02:00:00']],
      ['2026-11-22T02:00:00.5 0.1'],
    ],
    [
      'with a program 7 hours behind',
      [['2026-11-22T02:00:00.5Z', '11-21 19:00:00']],
      ['2026-11-22T02:00:00.5 0.1'],
    ],
    [
      'with a program 5:30 ahead',
      [['2026-11-22T02:00:00.5Z', '11-22 07:30:00']],
      ['2026-11-22T02:00:00.5 0.1'],
    ],
    [
      'over New Year',
      [
        ['2026-12-31T23:59:59.5Z', '12-31 23:59:59'],
        ['2027-01-01T00:00:00.5Z', '01-01 00:00:00'],
      ],
      ['2026-12-31T23:59:59.5 0.1', '2027-01-01T00:00:00.5 0.1'],
    ],
    [
      'over New Year in another zone',
      [['2026-12-31T23:30:00.5Z', '01-01 01:30:00']],
      ['2026-12-31T23:30:00.5 0.1'],
    ],
  ])('%s', (_what, rows, expected) => expect(told(rows)).toEqual(expected));

  it('every zone of half hours is told from late ingestion', () => {
    fc.assert(
      fc.property(fc.integer({ min: -24, max: 28 }), fc.integer({ min: 0, max: 4000 }), (halves, lateMs) => {
        const stamp = at('2026-11-22T12:00:00Z') + BigInt(lateMs) * 1_000_000n;
        const shown = formatInstant(
          instant(at('2026-11-22T12:00:00Z') + BigInt(halves) * 1_800_000_000_000n),
        );
        const program = shown.slice(5, 19).replace('T', ' ');
        const rows: readonly Row[] = [[formatInstant(instant(stamp)), program]];
        expect(momentsOf(rows.map(timed), settings({}))[0]?.at).toBe(stamp);
      }),
    );
  });
});

describe('late ingestion: then the program is right', () => {
  it.each<readonly [string, readonly Row[], readonly string[]]>([
    [
      'by 40 s',
      [
        ['2026-11-22T02:00:00.5Z', '11-22 02:00:00'],
        ['2026-11-22T02:00:50.5Z', '11-22 02:00:10'],
      ],
      ['2026-11-22T02:00:00.5 0.1', '2026-11-22T02:00:10 1'],
    ],
    [
      'all of it, by 17 min',
      [
        ['2026-11-22T02:17:00Z', '11-22 02:00:00'],
        ['2026-11-22T02:17:00Z', '11-22 02:00:10'],
      ],
      ['2026-11-22T02:00:00 1', '2026-11-22T02:00:10 1'],
    ],
    [
      'in another zone',
      [
        ['2026-11-22T02:00:00Z', '11-21 18:00:00'],
        ['2026-11-22T02:00:01Z', '11-21 18:00:01'],
        ['2026-11-22T02:05:00Z', '11-21 18:00:02'],
      ],
      ['2026-11-22T02:00:00 1', '2026-11-22T02:00:01 1', '2026-11-22T02:00:02 1'],
    ],
  ])('%s', (_what, rows, expected) => expect(told(rows)).toEqual(expected));
});

describe('the year of a clock that names none', () => {
  const rows: readonly Row[] = [['', '11-22 02:00:00']];
  it.each<readonly [string, readonly Row[], Set, readonly string[]]>([
    ['nobody knows it', rows, {}, ['?']],
    ['--year', rows, { year: 2025 }, ['2025-11-22T02:00:00 1']],
    [
      '--year beats the file',
      rows,
      { year: 2025, modified: '2026-12-01T00:00:00Z' },
      ['2025-11-22T02:00:00 1'],
    ],
    ['the file', rows, { modified: '2026-12-01T00:00:00Z' }, ['2026-11-22T02:00:00 1']],
    ['the file, written in January', rows, { modified: '2027-01-02T00:00:00Z' }, ['2026-11-22T02:00:00 1']],
    [
      'another line of the program',
      [
        ['', '11-22 02:00:00'],
        ['', '2024-11-22 02:00:01'],
      ],
      { modified: '2026-12-01T00:00:00Z' },
      ['2024-11-22T02:00:00 1', '2024-11-22T02:00:01 1'],
    ],
    [
      'another line with an envelope',
      [
        ['', '11-22 02:00:00'],
        ['2024-11-22T02:00:01Z', ''],
      ],
      {},
      ['2024-11-22T02:00:00 1', '2024-11-22T02:00:01 1'],
    ],
    [
      'an anchor beyond New Year',
      [
        ['', '12-31 23:59:58'],
        ['', '2027-01-01 00:00:01'],
      ],
      {},
      ['2026-12-31T23:59:58 1', '2027-01-01T00:00:01 1'],
    ],
    [
      'it rolls over inside the start',
      [
        ['', '12-31 23:59:58'],
        ['', '01-01 00:00:02'],
      ],
      { year: 2026 },
      ['2026-12-31T23:59:58 1', '2027-01-01T00:00:02 1'],
    ],
    [
      'it rolls over, and the file is of the new year',
      [
        ['', '12-31 23:59:58'],
        ['', '01-01 00:00:02'],
      ],
      { modified: '2027-01-01T00:10:00Z' },
      ['2026-12-31T23:59:58 1', '2027-01-01T00:00:02 1'],
    ],
    [
      'the 29th of February is of a leap year',
      [['', '02-29 12:00:00']],
      { modified: '2026-12-01T00:00:00Z' },
      ['2024-02-29T12:00:00 1'],
    ],
    [
      'clocks that go back a little do not roll over',
      [
        ['', '11-22 02:00:05'],
        ['', '11-22 02:00:01'],
      ],
      { year: 2026 },
      ['2026-11-22T02:00:05 1', '2026-11-22T02:00:01 1'],
    ],
  ])('%s', (_what, lines, set, expected) => expect(told(lines, set)).toEqual(expected));
});

describe('--tz', () => {
  it.each<readonly [string, readonly Row[], Set, readonly string[]]>([
    [
      'of a bare clock',
      [['', '11-22 02:00:00']],
      { year: 2026, zone: 'Europe/Berlin' },
      ['2026-11-22T01:00:00 1'],
    ],
    [
      'of a bare clock in summer',
      [['', '07-22 02:00:00']],
      { year: 2026, zone: 'Europe/Berlin' },
      ['2026-07-22T00:00:00 1'],
    ],
    [
      'of an envelope without a zone',
      [['2026-11-22T02:00:00.5', '']],
      { zone: '+02:00' },
      ['2026-11-22T00:00:00.5 0.1'],
    ],
    [
      'not of an envelope with one',
      [['2026-11-22T02:00:00.5Z', '']],
      { zone: '+02:00' },
      ['2026-11-22T02:00:00.5 0.1'],
    ],
  ])('%s', (_what, rows, set, expected) => expect(told(rows, set)).toEqual(expected));
});

describe('a line without a time lies between its neighbours', () => {
  it.each<readonly [string, readonly Row[], readonly string[]]>([
    [
      'between two',
      [
        ['', '11-22 02:00:00'],
        ['', ''],
        ['', '11-22 02:00:07'],
      ],
      ['2026-11-22T02:00:00 1', '2026-11-22T02:00:00 7.000000001', '2026-11-22T02:00:07 1'],
    ],
    [
      'at the end',
      [
        ['', '11-22 02:00:00'],
        ['', ''],
      ],
      ['2026-11-22T02:00:00 1', '2026-11-22T02:00:00 1'],
    ],
    [
      'at the beginning',
      [
        ['', ''],
        ['', '11-22 02:00:00'],
      ],
      ['2026-11-22T02:00:00 1', '2026-11-22T02:00:00 1'],
    ],
    [
      'several',
      [
        ['', '11-22 02:00:00'],
        ['', ''],
        ['', ''],
        ['', '11-22 02:00:02'],
      ],
      [
        '2026-11-22T02:00:00 1',
        '2026-11-22T02:00:00 2.000000001',
        '2026-11-22T02:00:00 2.000000001',
        '2026-11-22T02:00:02 1',
      ],
    ],
    [
      'none has any',
      [
        ['', ''],
        ['', ''],
      ],
      ['?', '?'],
    ],
  ])('%s', (_what, rows, expected) => expect(told(rows, { year: 2026 })).toEqual(expected));
});
