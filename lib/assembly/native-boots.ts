// vLLM's own spans sorted into boots: one start of one engine each.
//
// A trace is no boot: with TRACEPARENT all restarts of a pod share one, and
// ids come from a generator that vLLM seeds, so they repeat. What encloses a start
// (the client's span, else the engine core's, else the executor's) tells them apart.

import { type Instant, latest, SECOND } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { NativeSpan } from '../model/native-span.ts';

export interface Boot {
  /** In the order of time. */
  readonly spans: readonly NativeSpan[];
  readonly start: Instant;
  readonly end: Instant;
  /** False for loose ends: spans of a start whose outer ones were lost, or of a later reload. */
  readonly isWhole: boolean;
}

/** By time, then by everything that could tell two apart: the order of reading must not. */
export const bySpan = (a: NativeSpan, b: NativeSpan): number =>
  a.start < b.start ? -1 : a.start > b.start ? 1 : byText(keyOf(a), keyOf(b));

/** The same export again has the same key; a colliding id of another process has not. */
export const keyOf = (span: NativeSpan): string =>
  [span.end, span.name, span.traceId, span.spanId, span.process.pid, span.process.name, span.rule].join('\0');

/** Outer spans that strictly overlap (data-parallel engines) are one boot. */
export function bootsOf(spans: readonly NativeSpan[]): readonly Boot[] {
  if (spans.length === 0) return [];
  const sorted = [...spans].sort(bySpan);
  const depth = Math.min(...sorted.map((span) => span.depth ?? Number.POSITIVE_INFINITY));
  const outer = sorted.filter((span) => span.depth === depth);
  if (outer.length === 0) return [bootOf(sorted, false)];
  const frames = framesOf(outer);
  const inside = frames.map((frame) =>
    bootOf(
      sorted.filter((span) => holds(frame, span)),
      true,
    ),
  );
  const loose = sorted.filter((span) => !frames.some((frame) => holds(frame, span)));
  return [...inside, ...looseBoots(loose, frames)].sort((a, b) => (a.start < b.start ? -1 : 1));
}

interface Frame {
  readonly start: Instant;
  end: Instant;
}

function framesOf(outer: readonly NativeSpan[]): readonly Frame[] {
  const frames: Frame[] = [];
  for (const { start, end } of outer) {
    const last = frames.at(-1);
    if (last !== undefined && start < last.end) last.end = latest(last.end, end);
    else frames.push({ start, end });
  }
  return frames;
}

/** Processes of one machine, whose clock may be stepped while they start. */
const SLACK = SECOND;

const holds = ({ start, end }: Frame, span: NativeSpan): boolean =>
  span.start >= start - SLACK && span.start < end;

/** What lies between two boots is no part of either: each stretch is looked at again. */
function looseBoots(loose: readonly NativeSpan[], frames: readonly Frame[]): readonly Boot[] {
  const stretch = (span: NativeSpan): number => frames.filter(({ start }) => start <= span.start).length;
  return [...Map.groupBy(loose, stretch).values()].flatMap(bootsOf);
}

function bootOf(spans: readonly NativeSpan[], isWhole: boolean): Boot {
  const [first] = spans;
  const end = spans.reduce((until, span) => latest(until, span.end), first?.end ?? (0n as Instant));
  return { spans, start: first?.start ?? end, end, isWhole };
}
