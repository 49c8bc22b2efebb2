// One process start: from its marks to the phases inside the container.

import { byText } from '../base/text.ts';
import type { FactValue, Mark, Saying } from '../model/mark.ts';
import type { NativeSpan } from '../model/native-span.ts';
import type { PhaseName } from '../model/phase.ts';
import { placeBeforeEngine } from './before-engine.ts';
import type { Draft } from './draft.ts';
import { borrowed, type Edge, earliestOf, edgeOf, latestOf } from './edge.ts';
import { placeEngine } from './engine-phases.ts';
import { intervalsOf } from './intervals.ts';
import { overlaid } from './native-overlay.ts';
import { type NativeTale, nativeTaleOf } from './native-tale.ts';
import { isInside, PROCESS_PHASES } from './phase-policy.ts';
import {
  beganEdge,
  type Context,
  interval,
  isSaid,
  lastEnd,
  type ProcessFrame,
  place,
} from './process-context.ts';

/** What one process start told. */
export interface ProcessTale {
  readonly drafts: readonly Draft[];
  /** First and last line of it that has a time. */
  readonly first: Edge | undefined;
  readonly last: Edge | undefined;
  readonly ready: Edge | undefined;
  readonly engineDone: Edge | undefined;
  /** A worker of a Ray cluster has found its head: all that its start is about, when no engine runs in it. */
  readonly joined: Edge | undefined;
  /** Everything that failed before "ready", in order. */
  readonly failures: readonly Mark[];
  readonly absent: ReadonlyMap<PhaseName, string>;
  readonly facts: Readonly<Record<string, FactValue>>;
  /** True when an engine said anything of its own. */
  readonly hasEngine: boolean;
  /** True when an API server took part: then "ready" needs its word. */
  readonly hasServer: boolean;
  readonly native: NativeTale;
  /** The phases as the log alone tells them, to compare; the same as `drafts` when there are no spans. */
  readonly logged: readonly Draft[];
  /** True when no line tells of it, only vLLM's own spans. */
  readonly isSpansOnly: boolean;
}

/**
 * `marks` in line order. After "ready" nothing is a phase of the start any more.
 * `spans`: what vLLM itself recorded of this start.
 */
export function tellProcess(
  marks: readonly Mark[],
  frame: ProcessFrame,
  spans: readonly NativeSpan[] = [],
): ProcessTale {
  const told = tellWith(marks, frame, spans);
  return spans.length === 0 ? told : { ...told, logged: tellWith(marks, frame, []).drafts };
}

function tellWith(marks: readonly Mark[], frame: ProcessFrame, spans: readonly NativeSpan[]): ProcessTale {
  const readyAt = marks.findIndex(isSaid('ready'));
  const start = readyAt < 0 ? marks : marks.slice(0, readyAt + 1);
  // vLLM's own Ray executor connects again, long after the cluster stood.
  const began = start.findIndex(isSaid('process_began'));
  const beforeEngine = began < 0 ? start : start.slice(0, began);
  const byPhase = Map.groupBy(start, phaseOf);
  const found = new Map(PROCESS_PHASES.map((name) => [name, intervalsOf(name, byPhase.get(name) ?? [])]));
  found.set('ray_cluster_init', intervalsOf('ray_cluster_init', beforeEngine));
  const said = marks[readyAt];
  const native = nativeTaleOf(spans, said === undefined ? undefined : edgeOf(said));
  for (const [name, own] of native.intervals) found.set(name, overlaid(name, found.get(name) ?? [], own));
  const context: Context = { frame, marks: start, found, native, known: new Map() };
  placeBeforeEngine(context);
  placeEngine(context);
  placeServer(context);
  return taleOf(context);
}

const phaseOf = ({ says }: Mark): PhaseName | undefined => ('phase' in says ? says.phase : undefined);

function taleOf(context: Context): ProcessTale {
  const { marks, known, native } = context;
  const timed = [...marks.map(edgeOf), ...[native.first, native.last].filter((edge) => edge !== undefined)];
  const isSpansOnly = native.spans.length > 0 && !marks.some(({ says }) => isEngineSaying(says));
  const ready = marks.find(isSaid('ready'));
  const drafts = PROCESS_PHASES.flatMap((name) => known.get(name) ?? []);
  return {
    drafts,
    logged: drafts,
    first: earliestOf(timed),
    last: latestOf(timed),
    ready: ready === undefined ? undefined : edgeOf(ready),
    // Spans of an API server end with its engine: that the server answers they do not say.
    engineDone: isSpansOnly && native.hasServer ? undefined : lastEnd(context, 'engine_init'),
    joined: joinedEdge(context),
    failures: isSpansOnly ? native.failures : failuresOf(marks),
    absent: absences(marks),
    facts: facts(marks),
    hasEngine: isSpansOnly || marks.some(({ says }) => isEngineSaying(says)),
    hasServer:
      native.hasServer ||
      marks.some(({ says, speaker }) => says.kind === 'ready' || /^api_?server/i.test(speaker.name)),
    native,
    isSpansOnly,
  };
}

/**
 * "Ray runtime started." is a worker's joining; only a head goes on with "Next
 * steps" (which says so). A log that lost its beginning has neither: no worker.
 */
function joinedEdge(context: Context): Edge | undefined {
  const { attributes = {} } = interval(context, 'ray_cluster_init') ?? {};
  const isWorker = attributes['ray.runtime'] === 'started' && attributes['ray_role'] !== 'head';
  return isWorker ? lastEnd(context, 'ray_cluster_init') : undefined;
}
const failuresOf = (marks: readonly Mark[]): readonly Mark[] =>
  marks.slice(Math.max(0, marks.findIndex(isSaid('process_began')))).filter(isSaid('failed'));

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

function placeServer(context: Context): void {
  const ready = context.marks.find(isSaid('ready'));
  if (ready === undefined) return;
  const start = lastEnd(context, 'vllm_init') ?? beganEdge(context) ?? edgeOf(ready);
  place(context, 'server_ready', { start: borrowed(start), end: edgeOf(ready) });
}
