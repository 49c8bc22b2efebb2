// All phases of one attempt, before their ends are settled: the pod's, the container's, the process's.

import type { FactValue } from '../model/mark.ts';
import type { Attempt } from './attempts.ts';
import { marksOf } from './container-runs.ts';
import { type Draft, draft } from './draft.ts';
import { borrowed, type Edge, earliestOf, latestOf, witnessedEdge } from './edge.ts';
import type { PodEvidence } from './evidence.ts';
import { type Ending, readinessOf } from './outcome.ts';
import { podDrafts } from './pod-drafts.ts';
import { runOfLog } from './run-of-log.ts';
import { type ProcessTale, tellProcess } from './tell-process.ts';

/** What all attempts of a pod share. */
export interface PodFrame {
  readonly pod: PodEvidence;
  /** The container that is analysed. */
  readonly main: string | undefined;
  /** Restart counts of its attempts, in order. */
  readonly restarts: readonly number[];
}

export function draftsOf(context: PodFrame, attempt: Attempt, ending: Ending): readonly Draft[] {
  const { pod, main, restarts } = context;
  const fromPod =
    attempt.process === 0 ? podDrafts({ story: pod.story, main, restarts }, attempt.restart) : [];
  const inits = attempt.index === 0 ? [...initDownloads(pod), ...earlierDownloads(context, attempt)] : [];
  const inner = attempt.tale?.drafts ?? [];
  const startup = startupDraft(context, attempt, ending);
  const lag = readinessDraft(context, attempt);
  return [...fromPod, ...inits, ...startup, ...inner, ...lag];
}

/** Downloads by init containers: the same lines in another container's log. */
function initDownloads({ story, logs }: PodEvidence): readonly Draft[] {
  const inits = (story?.runs ?? []).filter(({ kind }) => kind === 'init' || kind === 'unknown');
  return inits.flatMap((run) => {
    const same = inits.filter(({ container }) => container === run.container);
    const own = logs.filter(
      (log) =>
        log.identity.container === run.container &&
        (log.identity.restart ?? runOfLog(log, same)) === run.restart,
    );
    const started = run.started === undefined ? undefined : witnessedEdge(run.started);
    const frame = { container: run.container, restart: run.restart, process: 0, containerStarted: started };
    return tellProcess(marksOf(own), frame).drafts.filter(({ name }) => name === 's5cmd_download');
  });
}

/**
 * Of a container that only its log is known of: when all of it lies before the engine's first line, it prepared the
 * start. What downloads beside an engine may be anything.
 */
function earlierDownloads({ pod, main }: PodFrame, { tale }: Attempt): readonly Draft[] {
  const first = firstSign(tale);
  if (first === undefined || tale?.hasEngine !== true || main === undefined) return [];
  const known = new Set([main, ...(pod.story?.runs ?? []).map(({ container }) => container)]);
  const others = Map.groupBy(
    pod.logs.filter(({ identity: { container } }) => container !== undefined && !known.has(container)),
    ({ identity }) => `${identity.container} ${identity.restart ?? 0}`,
  );
  return [...others.values()].flatMap((logs) => {
    const { container = null, restart = 0 } = logs[0]?.identity ?? {};
    const told = tellProcess(marksOf(logs), { container, restart, process: 0, containerStarted: undefined });
    const downloads = told.drafts.filter(({ name }) => name === 's5cmd_download');
    return downloads.every(({ end }) => end !== undefined && end.when.at <= first.when.at) ? downloads : [];
  });
}

/** The main container of this attempt: started → server ready; open unless it got there. */
function startupDraft({ main }: PodFrame, attempt: Attempt, ending: Ending): readonly Draft[] {
  const { tale, restart, process } = attempt;
  const start = containerStart(attempt) ?? firstSign(tale);
  if (start === undefined) return [];
  const end =
    ending.outcome === 'ready'
      ? (tale?.ready ?? lastInner(tale) ?? joinedOnly(tale) ?? ending.end)
      : undefined;
  return [draft({ container: main ?? null, restart, process }, { name: 'startup', start, end })];
}

/** Without Kubernetes' word: the first line, or what a first line says of the time before it. */
function firstSign(tale: ProcessTale | undefined): Edge | undefined {
  const signs = [
    ...(tale?.first === undefined ? [] : [tale.first]),
    ...(tale?.drafts ?? []).map(({ start }) => start),
  ];
  const first = earliestOf(signs);
  return first === undefined ? undefined : borrowed(first);
}

/** Of the first process of a run: later ones in the same log began by themselves. */
const containerStart = ({ run, process }: Attempt): Edge | undefined =>
  run?.started === undefined || process > 0 ? undefined : witnessedEdge(run.started);

const lastInner = (tale: ProcessTale | undefined): Edge | undefined =>
  latestOf((tale?.drafts ?? []).filter(({ name }) => name === 'vllm_init').flatMap(({ end }) => end ?? []));

/** Of a worker without an engine of its own. */
const joinedOnly = (tale: ProcessTale | undefined): Edge | undefined =>
  tale?.hasEngine === true ? undefined : tale?.joined;

/** Told whenever Ready is known; without a proof of "server ready" it begins with the container, and says so. */
function readinessDraft({ pod }: PodFrame, attempt: Attempt): readonly Draft[] {
  const { run, tale, restart, process, endsRun } = attempt;
  const ready = endsRun ? readinessOf({ ...attempt, story: pod.story })[0] : undefined;
  const start =
    tale?.ready ?? (run?.started === undefined ? undefined : borrowed(witnessedEdge(run.started)));
  if (start === undefined || ready === undefined) return [];
  const attributes: Record<string, FactValue> =
    tale?.ready === undefined ? { 'startup.start_unknown': true } : {};
  const owner = { container: null, restart, process };
  return [draft(owner, { name: 'readiness_lag', start: borrowed(start), end: ready, attributes })];
}
