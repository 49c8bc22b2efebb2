// The engine's own phases: configuration, processes, weights, profiling, capture, and when it is ready.

import type { Mark } from '../model/mark.ts';
import { type PhaseName, parentOf, phaseRank } from '../model/phase.ts';
import { borrowed, type Edge, earliestOf, edgeOf, latestOf } from './edge.ts';
import type { Interval } from './intervals.ts';
import { sharper } from './native-overlay.ts';
import type { NativeInterval } from './native-tale.ts';
import { BORROWS_START_FROM, ENDS_WITH_NEXT, isInside, PROCESS_PHASES } from './phase-policy.ts';
import { beganEdge, type Context, interval, lastEnd, place } from './process-context.ts';

export function placeEngine(context: Context): void {
  const inner = PROCESS_PHASES.filter((name) => isInside(name, 'vllm_init'));
  const starts = inner
    .flatMap((name) => context.found.get(name) ?? [])
    .flatMap(({ start, end }) => start ?? end ?? []);
  const began = beganEdge(context);
  const own = nativeEngine(context);
  const first = began ?? earliestOf([...starts, ...(own === undefined ? [] : [own.start])]);
  if (first === undefined) return;
  const start = began ?? borrowed(first);
  for (const name of inner) placeAll(context, name, start);
  const hasInner = inner.some((name) => context.known.has(name));
  const end = engineReady(context);
  if (began === undefined && !hasInner && own === undefined) return;
  place(context, 'vllm_init', {
    start,
    end,
    attributes: began === undefined && own !== undefined ? LATE : {},
  });
}

/** vLLM's own spans begin when its configuration is over: where the engine's start begins they do not say. */
const LATE = { 'startup.start_unknown': true };

/** The client's span: the engine from the moment that it is spawned. */
const nativeEngine = ({ native }: Context): NativeInterval | undefined =>
  native.intervals.get('vllm_init')?.[0];

function placeAll(context: Context, name: PhaseName, engineStart: Edge): void {
  if (name === 'engine_boot') placeBoot(context, engineStart);
  else for (const one of context.found.get(name) ?? []) placeInner(context, name, one, engineStart);
}

/**
 * Spawning and importing happens twice where workers are processes of their
 * own: for the engine core, then for the workers. Each ends with the first line
 * of such a process.
 */
function placeBoot(context: Context, engineStart: Edge): void {
  const ended = context.marks.filter(({ says }) => says.kind === 'ended' && says.phase === 'engine_boot');
  const { spawning, core: coreSpan, worker } = context.native.boot;
  const core = sharper('near', earliestOf(ended.filter((mark) => !isWorker(mark)).map(edgeOf)), coreSpan);
  const workers = sharper('near', earliestOf(ended.filter(isWorker).map(edgeOf)), worker);
  const start = spawning ?? borrowed(lastEnd(context, 'model_config') ?? engineStart);
  if (core !== undefined && core.when.at >= start.when.at)
    place(context, 'engine_boot', { start, end: core });
  const from = core ?? start;
  const isLater = workers !== undefined && workers.when.at > from.when.at;
  if (isLater) place(context, 'engine_boot', { start: borrowed(from), end: workers });
}

const isWorker = ({ speaker }: Mark): boolean => /worker/i.test(speaker.name);

function placeInner(context: Context, name: PhaseName, one: Interval, engineStart: Edge): void {
  const start = one.start ?? borrowedStart(context, name, one, engineStart);
  const end = one.end ?? endWithNext(context, name, start);
  place(context, name, { ...one, start, end });
}

function borrowedStart(context: Context, name: PhaseName, { end }: Interval, engineStart: Edge): Edge {
  if (name === 'model_config') return borrowed(engineStart);
  const candidates = (BORROWS_START_FROM[name] ?? []).flatMap((from) => lastEnd(context, from) ?? []);
  const fitting = candidates.find((edge) => end === undefined || edge.when.at <= end.when.at);
  const neighbour = fitting ?? latestBefore(context, end) ?? engineStart;
  const parent = ownStart(context, parentOf(name));
  const isInParent =
    parent !== undefined &&
    parent.when.at > neighbour.when.at &&
    (end === undefined || parent.when.at <= end.when.at);
  return borrowed(isInParent ? parent : neighbour);
}

/** Where the phase began by its own lines: seen, or its end less the whole time that it printed. */
const ownStart = (context: Context, name: PhaseName | undefined): Edge | undefined =>
  name === undefined ? undefined : interval(context, name)?.start;

/** The latest end of any phase so far that does not lie after this. */
function latestBefore({ known }: Context, limit: Edge | undefined): Edge | undefined {
  const ends = [...known.values()].flat().flatMap(({ end }) => end ?? []);
  return latestOf(ends.filter((edge) => limit === undefined || edge.when.at <= limit.when.at));
}

/** A phase whose end is never printed was over when something later began. */
function endWithNext(context: Context, name: PhaseName, start: Edge): Edge | undefined {
  const isLater = (other: PhaseName): boolean => phaseRank(other) > phaseRank(name) && !isInside(other, name);
  const next = PROCESS_PHASES.filter(isLater)
    .flatMap((other) => context.found.get(other) ?? [])
    .flatMap((one) => one.start ?? one.end ?? [])
    .filter((edge) => edge.when.at >= start.when.at);
  const done = engineReady(context) ?? interval(context, 'engine_init')?.end;
  const edge = ENDS_WITH_NEXT.has(name) ? earliestOf([...next, ...(done === undefined ? [] : [done])]) : done;
  return edge === undefined ? undefined : borrowed(edge);
}

const engineReady = (context: Context): Edge | undefined =>
  sharper('near', engineReadyByLines(context), nativeEngine(context)?.end);

/**
 * The engine is ready at the next start-up record after "init engine … took",
 * else at that line itself. Before 0.6.5 there is no such line: then at the
 * first record that only a finished engine leads to.
 */
function engineReadyByLines({ marks, found }: Context): Edge | undefined {
  const index = marks.findLastIndex(({ says }) => says.kind === 'lasted' && says.phase === 'engine_init');
  const init = marks[index];
  if (init !== undefined) {
    const rest = marks.slice(index + 1).filter(({ when }) => when.at >= init.when.at);
    return edgeOf(rest.find(isNext) ?? rest.find(isConfiguration) ?? init);
  }
  const hasKv = (found.get('kv_cache_allocation') ?? []).length > 0;
  const last = marks.findLastIndex(
    ({ says }) => (says.kind === 'ended' || says.kind === 'lasted') && isInside(says.phase, 'vllm_init'),
  );
  const next = marks.find((mark, at) => at > last && isNext(mark));
  const proven = next !== undefined && (hasKv || next.says.kind === 'ready');
  return proven ? edgeOf(next) : undefined;
}

const isNext = ({ says }: Mark): boolean => says.kind === 'after_engine' || says.kind === 'ready';

/** An engine core configures itself once more when its init is over; offline that is the next start-up record. */
const isConfiguration = ({ says, proof }: Mark): boolean =>
  (says.kind === 'seen' && proof.rule !== 'line') || says.kind === 'absent';
