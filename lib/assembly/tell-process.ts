// One process start: from its marks to the phases inside the container.

import { byText } from '../base/text.ts';
import type { FactValue, Mark, Saying } from '../model/mark.ts';
import { type PhaseName, parentOf, phaseRank } from '../model/phase.ts';
import { type Draft, draft, type Owner } from './draft.ts';
import { borrowed, type Edge, earliestOf, edgeOf, latestOf } from './edge.ts';
import { type Interval, intervalsOf } from './intervals.ts';
import { BORROWS_START_FROM, ENDS_WITH_NEXT, isInside, PROCESS_PHASES } from './phase-policy.ts';

/** What one process start told. */
export interface ProcessTale {
  readonly drafts: readonly Draft[];
  /** First and last line of it that has a time. */
  readonly first: Edge | undefined;
  readonly last: Edge | undefined;
  readonly ready: Edge | undefined;
  readonly engineDone: Edge | undefined;
  /** Everything that failed before "ready", in order. */
  readonly failures: readonly Mark[];
  readonly absent: ReadonlyMap<PhaseName, string>;
  readonly facts: Readonly<Record<string, FactValue>>;
  /** True when an engine said anything of its own. */
  readonly hasEngine: boolean;
  /** True when an API server took part: then "ready" needs its word. */
  readonly hasServer: boolean;
}

export interface ProcessFrame extends Owner {
  /** When the container run began, if Kubernetes told; only for the first process of a run. */
  readonly containerStarted: Edge | undefined;
}

type Said<Kind extends Saying['kind']> = Mark & { readonly says: Extract<Saying, { kind: Kind }> };

const isSaid =
  <Kind extends Saying['kind']>(kind: Kind) =>
  (mark: Mark): mark is Said<Kind> =>
    mark.says.kind === kind;

/** `marks` in line order. After "ready" nothing is a phase of the start any more. */
export function tellProcess(marks: readonly Mark[], frame: ProcessFrame): ProcessTale {
  const readyAt = marks.findIndex(isSaid('ready'));
  const start = readyAt < 0 ? marks : marks.slice(0, readyAt + 1);
  // vLLM's own Ray executor connects again, long after the cluster stood.
  const began = start.findIndex(isSaid('process_began'));
  const beforeEngine = began < 0 ? start : start.slice(0, began);
  const own = (name: PhaseName): readonly Mark[] => (name === 'ray_cluster_init' ? beforeEngine : start);
  const found = new Map(PROCESS_PHASES.map((name) => [name, intervalsOf(name, own(name))]));
  const context: Context = { frame, marks: start, found, known: new Map() };
  placeBeforeEngine(context);
  placeEngine(context);
  placeServer(context);
  return taleOf(context);
}

interface Context {
  readonly frame: ProcessFrame;
  readonly marks: readonly Mark[];
  readonly found: ReadonlyMap<PhaseName, readonly Interval[]>;
  /** Phases placed so far. */
  readonly known: Map<PhaseName, readonly Draft[]>;
}

function taleOf(context: Context): ProcessTale {
  const { marks, known } = context;
  const timed = marks.map(edgeOf);
  const ready = marks.find(isSaid('ready'));
  return {
    drafts: PROCESS_PHASES.flatMap((name) => known.get(name) ?? []),
    first: earliestOf(timed),
    last: latestOf(timed),
    ready: ready === undefined ? undefined : edgeOf(ready),
    engineDone: lastEnd(context, 'engine_init'),
    failures: marks.filter(isSaid('failed')),
    absent: absences(marks),
    facts: facts(marks),
    hasEngine: marks.some(({ says }) => isEngineSaying(says)),
    hasServer: marks.some(({ says, speaker }) => says.kind === 'ready' || /^api_?server/i.test(speaker.name)),
  };
}

function isEngineSaying(says: Saying): boolean {
  if (says.kind === 'process_began' || says.kind === 'after_engine' || says.kind === 'ready') return true;
  return 'phase' in says && says.phase !== undefined && isInside(says.phase, 'vllm_init');
}

function absences(marks: readonly Mark[]): ReadonlyMap<PhaseName, string> {
  const said = marks.filter(isSaid('absent')).map(({ says }) => says);
  return new Map([...said].sort((a, b) => byText(b.why, a.why)).map(({ phase, why }) => [phase, why]));
}

/** Facts of the whole start; the first that was said holds. */
function facts(marks: readonly Mark[]): Readonly<Record<string, FactValue>> {
  const found: Record<string, FactValue> = {};
  for (const { says } of marks.filter(isSaid('fact')))
    if (says.phase === undefined) found[says.name] ??= says.value;
  return found;
}

function place(
  context: Context,
  name: PhaseName,
  interval: Partial<Interval> & { readonly start: Edge },
): Draft {
  const { start, end, reported, ranks, attributes = {} } = interval;
  const one = draft(context.frame, { name, start, end, reported, ranks, attributes });
  context.known.set(name, [...(context.known.get(name) ?? []), one]);
  return one;
}

function lastEnd({ known }: Context, name: PhaseName): Edge | undefined {
  return latestOf((known.get(name) ?? []).flatMap(({ end }) => end ?? []));
}

const interval = ({ found }: Context, name: PhaseName): Interval | undefined => found.get(name)?.[0];

// --- before the engine: download, Ray, Python ---

function placeBeforeEngine(context: Context): void {
  placeDownload(context);
  placeRay(context);
  placePython(context);
}

const beganEdge = ({ marks }: Context): Edge | undefined =>
  earliestOf(marks.filter(isSaid('process_began')).map(edgeOf));

function during({ marks }: Context, phase: PhaseName): readonly Edge[] {
  return marks
    .filter(
      ({ says }) =>
        (says.kind === 'during' || says.kind === 'ended' || says.kind === 'lasted') && says.phase === phase,
    )
    .map(edgeOf);
}

/** s5cmd prints nothing at its start: the download begins with the container. */
function placeDownload(context: Context): void {
  const progress = during(context, 's5cmd_download');
  const own = interval(context, 's5cmd_download');
  const first = own?.start ?? earliestOf(progress);
  if (first === undefined) return;
  const { containerStarted } = context.frame;
  const unknown = own?.start === undefined && containerStarted === undefined;
  const start = own?.start ?? containerStarted ?? borrowed(first);
  const attributes = {
    ...own?.attributes,
    ...downloadFacts(context),
    ...(unknown ? { 'startup.start_unknown': true } : {}),
  };
  const failed = context.marks.some(({ says }) => says.kind === 'failed' && says.cause === 'download_failed');
  const end = latestOf(progress);
  const isOver = !failed || beganEdge(context) !== undefined;
  place(context, 's5cmd_download', {
    start,
    end: isOver ? end : undefined,
    reported: own?.reported,
    attributes,
  });
}

/** Bytes are only known when s5cmd printed them for each object. */
function downloadFacts({ marks }: Context): Readonly<Record<string, FactValue>> {
  const bytes = marks.filter(isSaid('fact')).filter(({ says }) => says.name === 's5cmd.object_bytes');
  const total = bytes.reduce((sum, { says }) => sum + Number(says.value), 0);
  const objects = marks.filter(
    ({ says }) => says.kind === 'during' && says.phase === 's5cmd_download',
  ).length;
  return {
    ...(objects > 0 ? { 's5cmd.objects': objects } : {}),
    ...(bytes.length > 0 ? { 's5cmd.bytes': total } : {}),
  };
}

function placeRay(context: Context): void {
  const own = interval(context, 'ray_cluster_init');
  if (own === undefined) return;
  const first = own.start ?? lastEnd(context, 's5cmd_download') ?? context.frame.containerStarted ?? own.end;
  if (first === undefined) return;
  const start = own.start === undefined ? borrowed(first) : first;
  const began = beganEdge(context);
  const end = own.end ?? (began === undefined ? undefined : borrowed(began));
  place(context, 'ray_cluster_init', { ...own, start, end });
}

/** Imports print next to nothing: from whatever came before to the banner. */
function placePython(context: Context): void {
  const end = beganEdge(context);
  if (end === undefined) return;
  const before = lastEnd(context, 'ray_cluster_init') ?? lastEnd(context, 's5cmd_download');
  const start = before ?? context.frame.containerStarted ?? firstLine(context);
  if (start === undefined || start.when.at >= end.when.at) return;
  place(context, 'python_init', { start: before === undefined ? start : borrowed(start), end });
}

/** A line of the same process that is older than its banner: it was importing already. */
function firstLine({ marks }: Context): Edge | undefined {
  const first = earliestOf(marks.map(edgeOf));
  return first === undefined ? undefined : borrowed(first);
}

// --- the engine ---

function placeEngine(context: Context): void {
  const inner = PROCESS_PHASES.filter((name) => isInside(name, 'vllm_init'));
  const starts = inner
    .flatMap((name) => context.found.get(name) ?? [])
    .flatMap(({ start, end }) => start ?? end ?? []);
  const began = beganEdge(context);
  const first = began ?? earliestOf(starts);
  if (first === undefined) return;
  const start = began ?? borrowed(first);
  for (const name of inner) placeAll(context, name, start);
  const hasInner = inner.some((name) => context.known.has(name));
  const end = engineReady(context);
  if (began !== undefined || hasInner) place(context, 'vllm_init', { start, end });
}

function placeAll(context: Context, name: PhaseName, engineStart: Edge): void {
  if (name === 'engine_boot') return placeBoot(context, engineStart);
  for (const one of context.found.get(name) ?? []) placeInner(context, name, one, engineStart);
}

/**
 * Spawning and importing happens twice where workers are processes of their
 * own: for the engine core, then for the workers. Each ends with the first line
 * of such a process.
 */
function placeBoot(context: Context, engineStart: Edge): void {
  const ended = context.marks.filter(({ says }) => says.kind === 'ended' && says.phase === 'engine_boot');
  const core = earliestOf(ended.filter((mark) => !isWorker(mark)).map(edgeOf));
  const workers = earliestOf(ended.filter(isWorker).map(edgeOf));
  const start = lastEnd(context, 'model_config') ?? engineStart;
  if (core !== undefined && core.when.at >= start.when.at)
    place(context, 'engine_boot', { start: borrowed(start), end: core });
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
  const parent = seenStart(context, parentOf(name));
  const isInParent =
    parent !== undefined &&
    parent.when.at > neighbour.when.at &&
    (end === undefined || parent.when.at <= end.when.at);
  return borrowed(isInParent ? parent : neighbour);
}

/** Where the phase was seen to begin. */
function seenStart(context: Context, name: PhaseName | undefined): Edge | undefined {
  const start = name === undefined ? undefined : interval(context, name)?.start;
  return start?.derived === false ? start : undefined;
}

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

/**
 * The engine is ready at the next start-up record after "init engine … took",
 * else at that line itself. Before 0.6.5 there is no such line: then at the
 * first record that only a finished engine leads to.
 */
function engineReady({ marks, found }: Context): Edge | undefined {
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

// --- the server ---

function placeServer(context: Context): void {
  const ready = context.marks.find(isSaid('ready'));
  if (ready === undefined) return;
  const start = lastEnd(context, 'vllm_init') ?? beganEdge(context) ?? edgeOf(ready);
  place(context, 'server_ready', { start: borrowed(start), end: edgeOf(ready) });
}
