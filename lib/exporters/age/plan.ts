// What of traces and points goes to a destination now, what does not, and why: a pure decision.

import { type Duration, earliest, type Instant, latest } from '../../base/instant.ts';
import type { TooOldPolicy } from '../../model/destination.ts';
import type { MetricKind, MetricPoint } from '../../model/metric.ts';
import type { PodTrace, SpanRecord } from '../../model/trace.ts';
import type { DestinationProfile, PointIntake, SpanWindow, Window } from '../destinations/contract.ts';
import { gaugeOf } from './gauge-of.ts';
import { type Judgement, judge } from './judge.ts';

/** Why some do not fit, with the worst of them. */
export interface Misfit {
  readonly side: 'past' | 'future';
  readonly limit: Duration;
  readonly by: Duration;
}

/** What becomes of the spans, or of one kind of points. The first four add up to all of them. */
export interface PlanRow {
  readonly what: 'span' | MetricKind;
  /** Within the limits. */
  readonly sent: number;
  /** Outside of them, but sent: they may be dropped there without a word. */
  readonly sentAnyway: number;
  /** Sent as gauges, or as they are, under a longer limit that must be switched on. */
  readonly historical: number;
  readonly kept: number;
  readonly misfit?: Misfit;
}

export interface Plan {
  readonly traces: readonly PodTrace[];
  readonly points: readonly MetricPoint[];
  readonly rows: readonly PlanRow[];
  /** True where policy `refuse` kept anything back (not where the destination takes none of its kind). */
  readonly refused: boolean;
}

export interface Planned {
  readonly traces: readonly PodTrace[];
  readonly points: readonly MetricPoint[];
}

/** The moment of sending, and what to do with what is too old for it. */
export interface Asked {
  readonly policy: TooOldPolicy;
  readonly now: Instant;
}

/** Spans are decided by attempt: half a trace would be no answer. Points one by one. */
export function planOf(profile: DestinationProfile, { traces, points }: Planned, asked: Asked): Plan {
  const attempts = traces.flatMap(attemptsOf).map((attempt) => decideSpans(profile.spans, attempt, asked));
  const decided = points.map((point) => decidePoint(profile.points, point, asked));
  const spans = attempts.map(({ item, ...rest }) => ({
    ...rest,
    kind: 'span' as const,
    count: item.spans.length,
  }));
  const kinds = decided.map(({ item, ...rest }) => ({ ...rest, kind: item.value.kind, count: 1 }));
  const rows = rowsOf([...spans, ...kinds]);
  return {
    traces: joined(
      traces,
      attempts.filter(isSent).map(({ item }) => item),
    ),
    points: decided.filter(isSent).map(({ item, fate }) => (fate === 'historical' ? gaugeOf(item) : item)),
    rows,
    refused: asked.policy === 'refuse' && rows.some(({ kept, misfit }) => kept > 0 && misfit !== undefined),
  };
}

type Fate = 'sent' | 'sentAnyway' | 'historical' | 'kept';

interface Decision<Item> {
  readonly item: Item;
  readonly fate: Fate;
  readonly misfit?: Misfit;
}

const isSent = ({ fate }: { readonly fate: Fate }): boolean => fate !== 'kept';

interface Attempt {
  readonly pod: PodTrace;
  readonly spans: readonly SpanRecord[];
}

/** By the attribute that every span has. */
function attemptsOf(pod: PodTrace): readonly Attempt[] {
  const numbers = new Set(pod.spans.map(attemptOf));
  return [...numbers].map((number) => ({
    pod,
    spans: pod.spans.filter((span) => attemptOf(span) === number),
  }));
}

const attemptOf = ({ attributes }: SpanRecord) => attributes['startup.attempt'];

/** Pods in their order, each with the spans that are left of it; none without any. */
function joined(traces: readonly PodTrace[], attempts: readonly Attempt[]): readonly PodTrace[] {
  const left = new Set(attempts.flatMap(({ spans }) => spans));
  return traces
    .map((pod) => ({ ...pod, spans: pod.spans.filter((span) => left.has(span)) }))
    .filter(({ spans }) => spans.length > 0);
}

function decideSpans(window: SpanWindow | undefined, attempt: Attempt, asked: Asked): Decision<Attempt> {
  if (window === undefined) return { item: attempt, fate: 'kept' };
  const [first, ...others] = attempt.spans;
  if (first === undefined) return { item: attempt, fate: 'kept' };
  const oldest = others.reduce((at, span) => earliest(at, span[window.of]), first[window.of]);
  const newest = others.reduce((at, { end }) => latest(at, end), first.end);
  const judged = judge(window, [oldest, newest], asked.now);
  return { item: attempt, ...fateOf(judged, asked.policy) };
}

function decidePoint(
  intake: PointIntake | undefined,
  point: MetricPoint,
  asked: Asked,
): Decision<MetricPoint> {
  if (intake === undefined) return { item: point, fate: 'kept' };
  const at = (window: Window) => judge(window, [point.end, point.end], asked.now);
  const judged = at(intake.windows[point.value.kind]);
  const fate = fateOf(judged, asked.policy);
  if (judged.fits || judged.side === 'future' || asked.policy !== 'gauge') return { item: point, ...fate };
  const { kinds = [], past } = intake.historical ?? {};
  const as = point.value.kind === 'histogram' ? 'gauge' : point.value.kind;
  const isTaken = past !== undefined && kinds.includes(as) && at({ past }).fits;
  return { item: point, ...fate, ...(isTaken && { fate: 'historical' as const }) };
}

function fateOf(judged: Judgement, policy: TooOldPolicy): { readonly fate: Fate; readonly misfit?: Misfit } {
  if (judged.fits) return { fate: 'sent' };
  const { side, limit, by } = judged;
  return { fate: policy === 'send' ? 'sentAnyway' : 'kept', misfit: { side, limit, by } };
}

interface Counted {
  readonly kind: PlanRow['what'];
  readonly count: number;
  readonly fate: Fate;
  readonly misfit?: Misfit;
}

const KINDS: readonly PlanRow['what'][] = ['span', 'histogram', 'counter', 'gauge'];

function rowsOf(decisions: readonly Counted[]): readonly PlanRow[] {
  return KINDS.flatMap((what) => {
    const own = decisions.filter(({ kind }) => kind === what);
    if (own.length === 0) return [];
    const sum = (wanted: Fate) =>
      own.filter(({ fate }) => fate === wanted).reduce((total, { count }) => total + count, 0);
    const worst = own.flatMap(({ misfit }) => misfit ?? []).reduce<Misfit | undefined>(farther, undefined);
    const counts = { sent: sum('sent'), sentAnyway: sum('sentAnyway'), historical: sum('historical') };
    return [{ what, ...counts, kept: sum('kept'), ...(worst && { misfit: worst }) }];
  });
}

const farther = (a: Misfit | undefined, b: Misfit): Misfit => (a === undefined || b.by > a.by ? b : a);
