// Two witnesses of one border: the log's line and vLLM's own span.
//
// The span is the more direct one (it is the function, a line is only printed
// near it), so it is taken where both mean the same border and agree as far as they are
// precise. Where they do not agree, the log's holds and the difference is told.

import { type Duration, duration, seconds } from '../base/instant.ts';
import type { Border } from '../model/native-span.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Edge } from './edge.ts';
import { type Interval, REPEATING } from './intervals.ts';
import type { NativeInterval } from './native-tale.ts';

/**
 * span: taken. log: the line's holds. conflict: they contradict, the line's holds.
 * beyond: taken, and what the lines leave out is told.
 */
export type Verdict = 'span' | 'log' | 'beyond' | 'conflict';

/** A line is printed within this of the border that it tells of (at most 0.19 s on three recorded starts). */
const NEARNESS: Duration = seconds(0.5);

/** What a computed edge may be off by beyond the precision of its mark. */
const ROUNDING: Duration = seconds(0.6);

/** `border`: what the span's edge is to the phase's. */
export function judge(border: Border, log: Edge | undefined, native: Edge | undefined): Verdict {
  if (native === undefined || border === 'no') return 'log';
  if (log === undefined) return 'span';
  return border === 'part' ? 'log' : judgeBoth(border, log, native);
}

function judgeBoth(border: Border, log: Edge, native: Edge): Verdict {
  const apart = native.when.at - log.when.at;
  const width = allowance(log, native);
  if (apart <= width && -apart <= width) return 'span';
  if (border === (apart > 0n ? 'later' : 'earlier')) return 'beyond';
  return border === 'near' || log.derived ? 'log' : 'conflict';
}

export const allowance = (log: Edge, native: Edge): Duration =>
  duration(log.when.precision + native.when.precision + NEARNESS + (log.derived ? ROUNDING : 0n));

/** The edge that holds; the other one stays beside it as a witness. */
export function sharper(border: Border, log: Edge | undefined, native: Edge | undefined): Edge | undefined {
  const verdict = judge(border, log, native);
  if (native === undefined || verdict === 'log' || verdict === 'conflict') return log;
  return { ...native, proofs: [...native.proofs, ...(log?.proofs ?? [])] };
}

/** The log's intervals of one phase with the spans of the same phase laid over them. */
export function overlaid(
  phase: PhaseName,
  logs: readonly Interval[],
  natives: readonly NativeInterval[],
): readonly Interval[] {
  const pairs = pairsOf(phase, logs, natives);
  const refined = logs.map((log, index) => {
    const native = pairs.get(index);
    return native === undefined ? log : refinedBy(log, native);
  });
  const paired = new Set(pairs.values());
  const alone = natives.filter((one) => !paired.has(one) && !one.refines && !isTold(one, logs));
  return [...refined, ...alone.map(intervalOf)].sort(byStart);
}

/** Each occurrence of the log with the span that ends nearest to it, each span once; what cannot recur is one. */
export function pairsOf(
  phase: PhaseName,
  logs: readonly Interval[],
  natives: readonly NativeInterval[],
): ReadonlyMap<number, NativeInterval> {
  const [sole] = natives;
  if (!REPEATING.has(phase) && sole !== undefined && logs.length > 0) return new Map([[0, sole]]);
  const candidates = logs.flatMap((log, index) =>
    natives
      .filter((native) => touches(log, native))
      .map((native) => ({ index, native, apart: apart(log, native) })),
  );
  const pairs = new Map<number, NativeInterval>();
  const taken = new Set<NativeInterval>();
  for (const { index, native } of candidates.sort((a, b) =>
    a.apart < b.apart ? -1 : a.apart > b.apart ? 1 : 0,
  )) {
    if (pairs.has(index) || taken.has(native)) continue;
    pairs.set(index, native);
    taken.add(native);
  }
  return pairs;
}

/** What the log already tells as a part of a longer occurrence is not told twice. */
const isTold = (native: NativeInterval, logs: readonly Interval[]): boolean =>
  logs.some((log) => touches(log, native));

function touches(log: Interval, native: NativeInterval): boolean {
  const from = log.start ?? log.end;
  const to = log.end ?? log.start;
  if (from === undefined || to === undefined) return true;
  const last = native.end ?? native.start;
  const isOpen = log.end === undefined || native.end === undefined;
  const width = allowance(to, native.start);
  return (
    native.start.when.at <= to.when.at + (isOpen ? 2n ** 62n : width) && last.when.at >= from.when.at - width
  );
}

function apart(log: Interval, native: NativeInterval): bigint {
  const [ours, theirs] =
    log.end === undefined || native.end === undefined
      ? [log.start ?? log.end, native.start]
      : [log.end, native.end];
  const by = ours === undefined ? 0n : ours.when.at - theirs.when.at;
  return by < 0n ? -by : by;
}

function refinedBy(log: Interval, native: NativeInterval): Interval {
  return {
    ...log,
    start: sharper(native.startIs, log.start, native.start),
    end: sharper(native.endIs, log.end, native.end),
    ranks: log.ranks ?? native.ranks,
  };
}

const intervalOf = ({ start, end, startIs, ranks, spans }: NativeInterval): Interval => ({
  start: startIs === 'part' ? { ...start, derived: true } : start,
  end,
  reported: spans.map((span) => span.seconds).find((value) => value !== undefined),
  ranks,
  attributes: {},
});

function byStart(a: Interval, b: Interval): number {
  const first = (a.start ?? a.end)?.when.at ?? 0n;
  const second = (b.start ?? b.end)?.when.at ?? 0n;
  return first < second ? -1 : first > second ? 1 : 0;
}
