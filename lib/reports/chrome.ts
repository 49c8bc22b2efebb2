// Trace-event JSON for Perfetto and chrome://tracing: a process per pod, lanes per container.
//
// Format: "Trace Event Format" (Google). `ts` and `dur` are microseconds and may
// have fractions. Perfetto reads them as doubles: microseconds since 1970 would
// lose the nanoseconds, so they count from the first startup; `otherData` says when that was.

import { earliest, formatInstant, type Instant, instant } from '../base/instant.ts';
import { spanIdOf, traceIdOf } from '../model/ids.ts';
import { ROOT } from '../model/phase.ts';
import { gapKey, phaseKey, rootKey } from '../model/span-key.ts';
import type { Gap, Phase, PlacedProof, Startup } from '../model/startup.ts';
import type { Telling, Told } from './contract.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { fullNameOf, isLengthKnown } from './words.ts';

interface Slice {
  readonly name: string;
  readonly kind: 'root' | 'phase' | 'gap';
  readonly container: string;
  readonly start: Instant;
  readonly end: Instant;
  /** False: a moment, no length. */
  readonly isLong: boolean;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One JSON document; the same answer gives the same bytes. */
export function chromeReport({ startups }: Told, { traceIdScheme }: Pick<Telling, 'traceIdScheme'>): string {
  const base = startups.map(({ start }) => start.at).reduce(earliest, startups[0]?.start.at ?? instant(0n));
  const pods = byPod(startups);
  const events = [...pods.values()].flatMap((attempts, index) =>
    podEvents(attempts, { pid: index + 1, base, traceIdScheme }),
  );
  const document = {
    displayTimeUnit: 'ms',
    otherData: { schema: 'coldtrace/v1', base: formatInstant(base) },
    traceEvents: events,
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

function byPod(startups: readonly Startup[]): ReadonlyMap<string, readonly Startup[]> {
  const pods = new Map<string, readonly Startup[]>();
  for (const startup of startups) pods.set(startup.pod.uid, [...(pods.get(startup.pod.uid) ?? []), startup]);
  return pods;
}

interface Frame extends Pick<Telling, 'traceIdScheme'> {
  readonly pid: number;
  readonly base: Instant;
}

function podEvents(attempts: readonly Startup[], frame: Frame): readonly unknown[] {
  const [first] = attempts;
  const lanes = lanesOf(attempts.flatMap((startup) => slicesOf(startup, frame)));
  return [
    {
      ph: 'M',
      name: 'process_name',
      pid: frame.pid,
      tid: 0,
      args: { name: first === undefined ? '' : fullNameOf(first) },
    },
    { ph: 'M', name: 'process_sort_index', pid: frame.pid, tid: 0, args: { sort_index: frame.pid } },
    ...lanes.flatMap((lane, index) => laneEvents(lane, index + 1, frame)),
  ];
}

function laneEvents({ name, slices }: Lane<Slice>, tid: number, { pid, base }: Frame): readonly unknown[] {
  return [
    { ph: 'M', name: 'thread_name', pid, tid, args: { name: name === '' ? 'pod' : name } },
    { ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: tid } },
    ...slices.map(({ name: title, kind, start, end, isLong, args }) => ({
      // "X" has a length, "i" is an instant (in its thread).
      ...(isLong ? { ph: 'X', dur: micros(end - start) } : { ph: 'i', s: 't' }),
      name: title,
      cat: kind,
      pid,
      tid,
      ts: micros(start - base),
      args,
    })),
  ];
}

/** Exact: a double holds 2^53 ns, which is 104 days. */
const micros = (nanoseconds: bigint): number => Number(nanoseconds) / 1000;

const slicesOf = (startup: Startup, frame: Frame): readonly Slice[] => [
  rootSlice(startup, frame),
  ...startup.phases.map((phase) => phaseSlice(startup, phase)),
  ...startup.gaps.map((gap) => gapSlice(startup, gap)),
];

function rootSlice(startup: Startup, { traceIdScheme }: Frame): Slice {
  const { pod, attempt, outcome, coverage, failure, attributes } = startup;
  const args = {
    trace_id: traceIdOf(pod.uid, traceIdScheme),
    span_id: spanIdOf(rootKey(startup)),
    attempt,
    outcome,
    class: startup.class,
    ...(isLengthKnown(startup) ? { coverage } : {}),
    ...(failure === undefined ? {} : { cause: failure.cause, failure: failure.evidence.text }),
    ...attributes,
    evidence: evidenceOf(startup.evidence),
  };
  const [start, end] = [startup.start.at, startup.end.at];
  return { name: ROOT, kind: 'root', container: '', start, end, isLong: isLengthKnown(startup), args };
}

function phaseSlice(startup: Startup, phase: Phase): Slice {
  const { name, container, start, end, certainty, reported, ranks, clamped, attributes } = phase;
  const args = {
    span_id: spanIdOf(phaseKey(startup, phase)),
    certainty,
    precision_seconds: [Number(start.precision) / 1e9, Number(end.precision) / 1e9],
    ...(reported === undefined ? {} : { reported_seconds: reported }),
    ...(ranks === undefined
      ? {}
      : {
          rank_count: ranks.count,
          rank_slowest: ranks.slowest,
          rank_spread_seconds: Number(ranks.spread) / 1e9,
        }),
    ...(clamped === undefined ? {} : { clamped }),
    ...attributes,
    evidence: evidenceOf(phase.evidence),
  };
  const own = { name, kind: 'phase', container: container ?? '', isLong: isLengthKnown(phase) } as const;
  return { ...own, start: start.at, end: end.at, args };
}

function gapSlice(startup: Startup, gap: Gap): Slice {
  const args = {
    span_id: spanIdOf(gapKey(startup, gap)),
    parent: gap.parent,
    ...(gap.before === undefined ? {} : { after: gap.before.text }),
    ...(gap.next === undefined ? {} : { before: gap.next.text }),
  };
  return {
    name: `gap after ${gap.afterPhase}`,
    kind: 'gap',
    container: gap.container ?? '',
    start: gap.start,
    end: gap.end,
    isLong: true,
    args,
  };
}

const evidenceOf = (evidence: readonly PlacedProof[]): readonly string[] =>
  evidence.map(
    ({ at, source, line, text, rule }) =>
      `${at}: ${source}${line === undefined ? '' : `:${line}`} [${rule}] ${text}`,
  );
