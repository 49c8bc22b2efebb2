// From what lines say about time to moments, for one stream.
//
// A line may carry an envelope's instant, the program's own clock (often no
// year, never a zone), both, or neither. Rules (design section 6):
// an offset of k × 30 min between the two clocks is a zone; an irregular one is
// late ingestion, then the program is right. A line without any time lies
// between its neighbours. The year comes from an envelope or another line with
// a full date, the settings, or the file's modification time.

import {
  type CivilTime,
  civilToInstant,
  fromLocal,
  isLeapYear,
  UTC,
  yearOf,
  type Zone,
} from '../base/civil.ts';
import {
  before,
  type Duration,
  duration,
  type Instant,
  instant,
  NANOSECOND,
  SECOND,
} from '../base/instant.ts';
import type { ProgramClock, Stamp } from '../model/line.ts';
import type { Moment } from '../model/mark.ts';

/** What one line says about time. */
export interface Timed {
  readonly stamp: Stamp | undefined;
  readonly clock: ProgramClock | undefined;
}

export interface ClockSettings {
  readonly year: number | undefined;
  readonly zone: Zone | undefined;
  /** When the file was last written: the last resort for the year. */
  readonly modified: Instant | undefined;
  /** The envelope only lends year and zone: its instant is that of the receipt, and the program's own is as fine. */
  readonly prefersProgram?: boolean;
}

const HALF_HOUR = 1_800_000_000_000n;
const HALF_YEAR = 180n * 86_400n * 1_000_000_000n;
const DAY = 86_400n * 1_000_000_000n;

/** An envelope's instant may follow the program's by this much before it counts as late ingestion. */
const PUNCTUAL = 5_000_000_000n;
/** …and precede it by this much: two clocks of one machine, one of them cut to seconds. */
const EARLY = -2_000_000_000n;

/**
 * One moment for each line, in line order; undefined only when no line of the
 * stream has any time. `lines` are in the order in which they stand in the file.
 */
export function momentsOf(lines: readonly Timed[], settings: ClockSettings): readonly (Moment | undefined)[] {
  const offset = clockOffset(lines);
  const context: Context = { settings, offset, year: undefined, previous: undefined };
  const anchored = withYears(lines, context);
  return fillBetween(anchored);
}

interface Context {
  readonly settings: ClockSettings;
  /** How far the program's clock is ahead of the envelope's: a multiple of 30 min; undefined without pairs. */
  readonly offset: bigint | undefined;
  year: number | undefined;
  previous: Instant | undefined;
}

/** The program's clock read as UTC, in the year that puts it nearest to `near`. */
function clockNear(clock: ProgramClock, near: Instant): Instant {
  if (clock.year !== undefined) return civilToInstant(withYear(clock, clock.year));
  const year = yearOf(near);
  const same = civilToInstant(withYear(clock, year));
  if (distance(same, near) < HALF_YEAR) return same;
  const candidates = [year - 1, year, year + 1].map((y) => civilToInstant(withYear(clock, y)));
  return candidates.reduce((best, one) => (distance(one, near) < distance(best, near) ? one : best));
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

function withYear(clock: ProgramClock, year: number): CivilTime {
  const leapDay = clock.month === 2 && clock.day === 29;
  const fitting = leapDay ? [year, year - 1, year - 2, year - 3].find(isLeapYear) : undefined;
  return { ...clock, year: fitting ?? year };
}

/** The multiple of 30 min that explains most pairs; 0 when the pairs only show late ingestion. */
function clockOffset(lines: readonly Timed[]): bigint | undefined {
  const votes = new Map<bigint, number>();
  let pairs = 0;
  for (const { stamp, clock } of lines) {
    if (stamp === undefined || clock === undefined) continue;
    pairs += 1;
    const ahead = clockNear(clock, stamp.at) - stamp.at;
    const multiple = roundTo(ahead + PUNCTUAL / 2n, HALF_HOUR);
    const late = multiple - ahead;
    if (late >= EARLY && late <= PUNCTUAL) votes.set(multiple, (votes.get(multiple) ?? 0) + 1);
  }
  if (pairs === 0) return undefined;
  return (
    [...votes].sort(([a, m], [b, n]) => n - m || (distance(a, 0n) < distance(b, 0n) ? -1 : 1))[0]?.[0] ?? 0n
  );
}

function roundTo(value: bigint, unit: bigint): bigint {
  const down = value >= 0n ? value / unit : -((-value + unit - 1n) / unit);
  return value - down * unit >= unit / 2n ? (down + 1n) * unit : down * unit;
}

function withYears(lines: readonly Timed[], context: Context): readonly (Moment | undefined)[] {
  const first = firstYear(lines, context.settings);
  context.year = first;
  const told = lines.map((line) => momentOf(line, context));
  if (!overshoots(told, lines, context.settings) || first === undefined) return told;
  const again: Context = { ...context, year: first - 1, previous: undefined };
  return lines.map((line) => momentOf(line, again));
}

/** A log cannot be younger than its file: then the year taken from the file was one too many. */
function overshoots(
  told: readonly (Moment | undefined)[],
  lines: readonly Timed[],
  settings: ClockSettings,
): boolean {
  const { modified, year } = settings;
  if (modified === undefined || year !== undefined || anchorYear(lines) !== undefined) return false;
  return told.some((moment) => moment !== undefined && moment.at > modified + DAY);
}

const firstYear = (lines: readonly Timed[], settings: ClockSettings): number | undefined =>
  settings.year ??
  anchorYear(lines) ??
  (settings.modified === undefined ? undefined : yearOf(settings.modified));

/** The year at the first line, by the nearest line that has a full date. */
function anchorYear(lines: readonly Timed[]): number | undefined {
  const index = lines.findIndex(({ stamp, clock }) => stamp !== undefined || clock?.year !== undefined);
  const anchor = lines[index];
  if (anchor === undefined) return undefined;
  const at = anchor.stamp?.at ?? civilToInstant(withYear(anchor.clock ?? EPOCH, anchor.clock?.year ?? 1970));
  const opening = lines.find(({ clock }) => clock !== undefined)?.clock;
  return opening === undefined ? yearOf(at) : yearOf(clockNear(opening, at));
}

const EPOCH: ProgramClock = {
  month: 1,
  day: 1,
  hour: 0,
  minute: 0,
  second: 0,
  nanosecond: 0,
  precision: SECOND,
};

function momentOf(line: Timed, context: Context): Moment | undefined {
  const { stamp, clock } = line;
  const moment = stamp === undefined ? byClock(clock, context) : byStamp(stamp, clock, context);
  if (moment !== undefined) context.previous = moment.at;
  return moment;
}

function byStamp(stamp: Stamp, clock: ProgramClock | undefined, context: Context): Moment {
  const at = stamp.zoned ? stamp.at : unzoned(stamp.at, context);
  if (clock === undefined || context.offset === undefined) return { at, precision: stamp.precision };
  const ahead = stamp.zoned ? context.offset : 0n;
  const program = instant(clockNear(clock, instant(at + ahead)) - ahead);
  const late = at - program;
  const isPunctual = late >= EARLY && late <= PUNCTUAL;
  if (isPunctual && context.settings.prefersProgram !== true) return { at, precision: stamp.precision };
  return { at: program, precision: clock.precision };
}

/** A local time without its zone: the settings', else what makes the program's clock UTC, else UTC. */
function unzoned(at: Instant, { settings, offset }: Context): Instant {
  if (settings.zone !== undefined) return fromLocal(at, settings.zone);
  return instant(at + (offset ?? 0n));
}

function byClock(clock: ProgramClock | undefined, context: Context): Moment | undefined {
  if (clock === undefined) return undefined;
  const year = clock.year ?? context.year;
  if (year === undefined) return undefined;
  let shown = civilToInstant(withYear(clock, year));
  if (clock.year === undefined && rolledOver(shown, context)) {
    context.year = year + 1;
    shown = civilToInstant(withYear(clock, year + 1));
  }
  return { at: toUtc(shown, context), precision: clock.precision };
}

const rolledOver = (shown: Instant, { previous }: Context): boolean =>
  previous !== undefined && shown < previous - HALF_YEAR;

function toUtc(shown: Instant, { settings, offset }: Context): Instant {
  if (settings.zone !== undefined) return fromLocal(shown, settings.zone);
  return offset === undefined ? fromLocal(shown, UTC) : before(shown, duration(offset));
}

/** Lines without a time lie between their neighbours: from the one before, as wide as the way to the next. */
function fillBetween(told: readonly (Moment | undefined)[]): readonly (Moment | undefined)[] {
  const next = nextKnown(told);
  let previous: Moment | undefined;
  return told.map((moment, index) => {
    if (moment !== undefined) previous = moment;
    return moment ?? between(previous, next[index]);
  });
}

function nextKnown(told: readonly (Moment | undefined)[]): readonly (Moment | undefined)[] {
  const next: (Moment | undefined)[] = new Array(told.length).fill(undefined);
  let known: Moment | undefined;
  for (let index = told.length - 1; index >= 0; index -= 1) {
    next[index] = known;
    known = told[index] ?? known;
  }
  return next;
}

function between(previous: Moment | undefined, next: Moment | undefined): Moment | undefined {
  if (previous === undefined) return next;
  if (next === undefined || next.at < previous.at) return previous;
  return {
    at: previous.at,
    precision: widest(previous.precision, duration(next.at - previous.at + NANOSECOND)),
  };
}

const widest = (a: Duration, b: Duration): Duration => (a > b ? a : b);
