// From drafts to phases: ends agree with their neighbours as far as they are known.
//
// Every end is only known to its precision, so a child may seem to begin
// before its parent by less than that: it is moved, and says so. A child that
// the evidence really places outside its parent keeps its times.

import { type Duration, duration } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import { isUnknown } from '../model/mark.ts';
import { type PhaseName, parentOf, phaseRank, ROOT } from '../model/phase.ts';
import type { Certainty, Phase, PlacedProof } from '../model/startup.ts';
import { type Draft, endAt, startAt, tolerance } from './draft.ts';
import { type Edge, isClearlyBefore } from './edge.ts';

/** Rounded seconds of a program (`took 21 secs`) are off by up to half a second beyond the clock's own precision. */
const ROUNDING: Duration = duration(600_000_000n);

/** Phases in the order of time, then of the tree; `over` is where the startup itself ended. */
export function settle(drafts: readonly Draft[], over: Edge): readonly Phase[] {
  if (isUnknown(over.when))
    return numbered(drafts.map(lengthOnly)).map(({ one, occurrence }) => phaseOf(one, occurrence, over));
  const upright = drafts.map(neverNegative);
  const ordered = upright.map((one) => afterNeighbour(one, upright));
  const nested = ordered.map((one) => insideParent(one, ordered)).map(neverNegative);
  return numbered(nested).map(({ one, occurrence }) => phaseOf(one, occurrence, over));
}

/** Without any clock only printed durations are lengths; everything else stands at the epoch. */
function lengthOnly(one: Draft): Draft {
  const end = one.end ?? one.start;
  return one.reported === undefined ? { ...one, start: { ...one.start, when: end.when } } : one;
}

/** A phase never ends before it starts: the less precise end gives way. Where it really did, its length is not known. */
function neverNegative(one: Draft): Draft {
  if (one.end === undefined || one.end.when.at >= one.start.when.at) return one;
  const told: Draft = isClearlyBefore(one.end, one.start) ? { ...one, reversed: true } : one;
  const startGivesWay = one.start.when.precision >= one.end.when.precision || one.start.derived;
  return startGivesWay ? startAt(told, one.end, 'to its end') : endAt(told, one.start, 'to its start');
}

/** Where a computed start falls into the phase that must have ended before, by less than can be known. */
const FOLLOWS: Readonly<Partial<Record<PhaseName, PhaseName>>> = {
  engine_init: 'weight_loading',
  weight_loading: 'distributed_init',
  torch_compile: 'weight_loading',
  memory_profiling: 'weight_loading',
  server_ready: 'vllm_init',
};

function afterNeighbour(one: Draft, all: readonly Draft[]): Draft {
  const neighbour = FOLLOWS[one.name];
  if (neighbour === undefined || !one.start.derived) return one;
  const before = all.filter(({ name }) => name === neighbour).flatMap(({ end }) => end ?? []);
  const blocking = before.find((end) => end.when.at > one.start.when.at && isWithin(one.start, end));
  const fits = blocking !== undefined && (one.end === undefined || blocking.when.at <= one.end.when.at);
  return fits ? startAt(one, blocking, `to the end of ${neighbour}`) : one;
}

function isWithin(a: Edge, b: Edge): boolean {
  const apart = a.when.at < b.when.at ? b.when.at - a.when.at : a.when.at - b.when.at;
  return apart <= tolerance(a, b) + (a.derived || b.derived ? ROUNDING : 0n);
}

function insideParent(one: Draft, all: readonly Draft[]): Draft {
  const parent = parentDraft(one, all);
  if (parent === undefined) return one;
  const sticksOut = one.start.when.at < parent.start.when.at && isWithin(one.start, parent.start);
  const started = sticksOut ? startAt(one, parent.start, `into ${parent.name}`) : one;
  if (parent.end === undefined || started.end === undefined) return started;
  const late = started.end.when.at > parent.end.when.at && isWithin(started.end, parent.end);
  return late ? endAt(started, parent.end, `into ${parent.name}`) : started;
}

/** The nearest ancestor that this startup has: what another container did before does not lie in it. */
function parentDraft(one: Draft, all: readonly Draft[]): Draft | undefined {
  for (let name = parentOf(one.name); name !== undefined && name !== ROOT; name = parentOf(name)) {
    const found = all.filter((other) => other.name === name && other.container === one.container);
    if (found.length > 0)
      return found.findLast((other) => other.start.when.at <= one.start.when.at) ?? found[0];
  }
  return undefined;
}

interface Numbered {
  readonly one: Draft;
  readonly occurrence: number;
}

/** Occurrences of one phase of one container and run are counted in the order of time. */
function numbered(drafts: readonly Draft[]): readonly Numbered[] {
  const counts = new Map<string, number>();
  return [...drafts].sort(byTime).map((one) => {
    const key = [one.name, one.container ?? '', one.restart, one.process].join('\0');
    const occurrence = counts.get(key) ?? 0;
    counts.set(key, occurrence + 1);
    return { one, occurrence };
  });
}

function byTime(a: Draft, b: Draft): number {
  if (a.start.when.at !== b.start.when.at) return a.start.when.at < b.start.when.at ? -1 : 1;
  return (
    phaseRank(a.name) - phaseRank(b.name) ||
    byText(a.container ?? '', b.container ?? '') ||
    a.restart - b.restart
  );
}

function phaseOf(one: Draft, occurrence: number, over: Edge): Phase {
  const { name, container, restart, process, start, end, reported, ranks, attributes, clamped } = one;
  const last = end ?? (over.when.at < start.when.at ? start : over);
  const isReversed = one.reversed === true || (end === undefined && isClearlyBefore(over, start));
  return {
    name,
    parent: parentOf(name) ?? ROOT,
    occurrence,
    container,
    restart,
    process,
    start: start.when,
    end: last.when,
    ...(isReversed ? { lengthUnknown: true } : {}),
    certainty: certaintyOf(one),
    ...(reported === undefined ? {} : { reported }),
    ...(ranks === undefined ? {} : { ranks }),
    evidence: evidenceOf(one),
    attributes,
    ...(clamped === undefined ? {} : { clamped }),
  };
}

function certaintyOf({ start, end }: Draft): Certainty {
  if (end === undefined) return 'open';
  return start.derived || end.derived ? 'derived' : 'observed';
}

function evidenceOf({ start, end }: Draft): readonly PlacedProof[] {
  const starts = start.proofs.map((proof) => ({ at: 'start' as const, ...proof }));
  const ends = (end?.proofs ?? []).map((proof) => ({ at: 'end' as const, ...proof }));
  return [...starts, ...ends];
}
