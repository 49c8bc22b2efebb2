// What vLLM's own spans of one start say: of each phase, of the processes, of a failure.

import { type Duration, duration, type Instant, latest, NANOSECOND } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { Mark, Proof } from '../model/mark.ts';
import type { BootBorder, Border, NativeSpan, SpanWitness } from '../model/native-span.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Ranks } from '../model/startup.ts';
import { type Edge, earliestOf, latestOf } from './edge.ts';
import { REPEATING } from './intervals.ts';
import { bySpan } from './native-boots.ts';
import { borderOfMany, endEdge, proofOf, startEdge } from './native-edges.ts';

/** One occurrence of a phase, as spans of one or several processes tell it. */
export interface NativeInterval {
  readonly spans: readonly NativeSpan[];
  readonly start: Edge;
  /** undefined: it failed, or a part of it did. */
  readonly end: Edge | undefined;
  readonly startIs: Border;
  readonly endIs: Border;
  /** Tells of the phase only where the log does too. */
  readonly refines: boolean;
  readonly ranks: Ranks | undefined;
}

export interface NativeTale {
  readonly spans: readonly NativeSpan[];
  readonly intervals: ReadonlyMap<PhaseName, readonly NativeInterval[]>;
  readonly boot: Readonly<Partial<Record<BootBorder, Edge>>>;
  readonly first: Edge | undefined;
  readonly last: Edge | undefined;
  readonly hasServer: boolean;
  /** Spans that failed, the first cause first. */
  readonly failures: readonly Mark[];
}

/** `ready`: where the log says that the server answers; what begins later is no part of the start. */
export function nativeTaleOf(all: readonly NativeSpan[], ready: Edge | undefined): NativeTale {
  const spans = ofStart([...all].sort(bySpan), ready);
  return {
    spans,
    intervals: intervalsBySpans(spans),
    boot: bootBorders(spans),
    first: earliestOf(spans.map(startEdge)),
    last: latestOf(spans.map(endEdge)),
    hasServer: spans.some(({ isServer }) => isServer),
    failures: failuresOf(spans),
  };
}

/** Sleep, reloads and adapters load weights again, long after the start. */
function ofStart(spans: readonly NativeSpan[], ready: Edge | undefined): readonly NativeSpan[] {
  const depth = Math.min(...spans.map((span) => span.depth ?? Number.POSITIVE_INFINITY));
  const ends = spans.filter((span) => span.depth === depth).map(({ end }) => end);
  const enclosed = ends.length === 0 ? undefined : ends.reduce(latest);
  const until = ready === undefined ? undefined : ready.when.at + ready.when.precision;
  return spans.filter(
    ({ start }) => (enclosed === undefined || start <= enclosed) && (until === undefined || start <= until),
  );
}

function bootBorders(spans: readonly NativeSpan[]): NativeTale['boot'] {
  const of = (border: BootBorder): readonly NativeSpan[] => spans.filter(({ boot }) => boot === border);
  const spawning = earliestOf(of('spawning').map(startEdge));
  const core = earliestOf(of('core').map(startEdge));
  const workers = of('worker').filter(
    ({ process, failure }) => isWorker(process.kind) && failure === undefined,
  );
  const worker = earliestOf(workers.map(endEdge));
  return {
    ...(spawning === undefined ? {} : { spawning }),
    ...(core === undefined ? {} : { core }),
    ...(worker === undefined ? {} : { worker }),
  };
}

/** A worker inside the engine core's own process was not spawned. */
const isWorker = (kind: string): boolean => kind === 'worker';

interface Part {
  readonly span: NativeSpan;
  readonly witness: SpanWitness;
}

function intervalsBySpans(spans: readonly NativeSpan[]): NativeTale['intervals'] {
  const parts = spans.flatMap((span) => span.witnesses.map((witness) => ({ span, witness })));
  const byPhase = Map.groupBy(parts, ({ witness }) => witness.phase);
  return new Map([...byPhase].map(([phase, own]) => [phase, grouped(phase, bestOf(own)).map(intervalOf)]));
}

/** A span that only stands in is not asked when a better one is there. */
function bestOf(parts: readonly Part[]): readonly Part[] {
  const better = parts.filter(({ witness }) => witness.standsIn !== true);
  return better.length > 0 ? better : parts;
}

/** Ranks overlap; of a phase that cannot recur everything is one. */
function grouped(phase: PhaseName, parts: readonly Part[]): readonly (readonly Part[])[] {
  if (!REPEATING.has(phase)) return [parts];
  const groups: { until: Instant; parts: Part[] }[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last !== undefined && part.span.start < last.until) {
      last.parts.push(part);
      last.until = latest(last.until, part.span.end);
    } else groups.push({ until: part.span.end, parts: [part] });
  }
  return groups.map((group) => group.parts);
}

function intervalOf(parts: readonly Part[]): NativeInterval {
  const spans = parts.map(({ span }) => span);
  const [first] = parts;
  const hasFailed = spans.some(({ failure }) => failure !== undefined);
  const proofs = (edges: readonly Edge[]): readonly Proof[] => edges.flatMap((edge) => edge.proofs);
  const starts = spans.map(startEdge).sort((a, b) => (a.when.at < b.when.at ? -1 : 1));
  const ends = spans.map(endEdge).sort((a, b) => (a.when.at > b.when.at ? -1 : 1));
  const [start = NOWHERE, end = NOWHERE] = [starts[0], ends[0]];
  const ranks = ranksOf(spans);
  return {
    spans,
    start: { ...start, proofs: proofs(starts).slice(0, WITNESSES) },
    end: hasFailed ? undefined : { ...end, proofs: proofs(ends).slice(0, WITNESSES) },
    ...bordersOf(first?.witness, ranks),
    refines: parts.every(({ witness }) => witness.refines === true),
    ranks,
  };
}

function bordersOf(
  { start, end }: Pick<SpanWitness, 'start' | 'end'> = { start: 'no', end: 'no' },
  ranks: Ranks | undefined,
): Pick<NativeInterval, 'startIs' | 'endIs'> {
  if (ranks === undefined) return { startIs: start, endIs: end };
  return { startIs: borderOfMany(start, 'start'), endIs: borderOfMany(end, 'end') };
}

/** Spans of one end that evidence keeps; of eight ranks the outermost are enough. */
const WITNESSES = 3;

const NOWHERE: Edge = { when: { at: 0n as Instant, precision: NANOSECOND }, proofs: [], derived: true };

function ranksOf(spans: readonly NativeSpan[]): Ranks | undefined {
  const byProcess = Map.groupBy(spans, ({ process }) => `${process.name}\0${process.pid}`);
  if (byProcess.size < 2) return undefined;
  const lengths = [...byProcess.values()]
    .map((own) => ({ name: nameOf(own), took: own.reduce((sum, one) => sum + (one.end - one.start), 0n) }))
    .sort((a, b) => (a.took > b.took ? -1 : a.took < b.took ? 1 : byText(a.name, b.name)));
  const [slowest, fastest] = [lengths[0], lengths.at(-1)];
  const spread: Duration = duration((slowest?.took ?? 0n) - (fastest?.took ?? 0n));
  return { count: byProcess.size, slowest: slowest?.name ?? '', spread };
}

const nameOf = (spans: readonly NativeSpan[]): string => spans[0]?.process.name ?? '';

/** The innermost ends first: it names the cause, the ones around it only that something failed. */
function failuresOf(spans: readonly NativeSpan[]): readonly Mark[] {
  const failed = spans.filter(({ failure }) => failure !== undefined);
  const inOrder = [...failed].sort((a, b) => (a.end < b.end ? -1 : a.end > b.end ? 1 : bySpan(b, a)));
  return inOrder.map((span, index) => ({
    says: { kind: 'failed', cause: 'exception', root: index === 0 },
    when: { at: span.end, precision: span.precision },
    proof: proofOf(span),
    speaker: { name: span.process.name },
    copies: 1,
  }));
}
