// init_container and container_creating, from the runs and the pulls of a pod.

import { formatInstant } from '../../base/instant.ts';
import type { ContainerRun, Witnessed, WitnessedPhase } from '../../model/pod-story.ts';
import { isConfigError, isPullError } from '../objects/messages.ts';
import type { KnownContainer, PodEvent, PodEvidence } from './evidence.ts';
import { eventSighting, witness } from './proofs.ts';

/** One per run of every init container; native sidecars never end and are none. */
export function initContainers(
  evidence: PodEvidence,
  runs: readonly ContainerRun[],
): readonly WitnessedPhase[] {
  return runs
    .filter((run) => run.kind === 'init' && (run.started ?? run.finished) !== undefined)
    .map((run) => ({
      name: 'init_container',
      container: run.container,
      restart: run.restart,
      start: run.started,
      end: run.finished ?? borrowedEnd(run, runs, evidence),
      reported: undefined,
      attributes: run.exitCode === undefined ? {} : { 'container.exit_code': run.exitCode },
    }));
}

/**
 * Status keeps two runs at most, and nothing once the pod is gone. Then what
 * came next tells that this run had ended by then: its own next run, or the
 * next container's first step.
 */
function borrowedEnd(
  run: ContainerRun,
  runs: readonly ContainerRun[],
  evidence: PodEvidence,
): Witnessed | undefined {
  const again = runs.find((other) => other.container === run.container && other.restart === run.restart + 1);
  if (again !== undefined) return again.started && { ...again.started, derived: true };
  const started = run.started?.when.at;
  const next = evidence.events.find(
    (event) =>
      isOfAnother(event, run.container) &&
      event.first !== undefined &&
      event.first.at > (started ?? event.first.at),
  );
  const seen = next && eventSighting(next);
  return seen && witness({ ...seen, derived: true });
}

const isOfAnother = (event: PodEvent, container: string): boolean =>
  event.container !== undefined && event.container !== container && STEPS.has(event.reason);

const STEPS = new Set(['Pulling', 'Pulled', 'Created', 'Started']);

interface Creating {
  readonly container: string;
  readonly restart: number;
  readonly run: ContainerRun | undefined;
  readonly there: Witnessed | undefined;
  readonly isLast: boolean;
}

/** One per container and start of it, init containers and sidecars too: image there → started. Open while it is not started. */
export function containerCreating(
  evidence: PodEvidence,
  runs: readonly ContainerRun[],
  pulls: readonly WitnessedPhase[],
): readonly WitnessedPhase[] {
  return evidence.containers
    .flatMap((container) => creatingsOf(container, runs, pulls))
    .flatMap((creating) => phaseOf(creating, evidence));
}

function creatingsOf(
  { name }: KnownContainer,
  runs: readonly ContainerRun[],
  pulls: readonly WitnessedPhase[],
): readonly Creating[] {
  const mine = runs.filter((run) => run.container === name);
  const there = pulls.filter(
    (pull) => pull.container === name && pull.attributes['error'] !== true && pull.end,
  );
  const restarts = new Set([...mine, ...there].map((of) => of.restart));
  const last = Math.max(...restarts);
  return [...restarts]
    .sort((a, b) => a - b)
    .map((restart) => ({
      container: name,
      restart,
      run: mine.find((run) => run.restart === restart),
      there: earliestEnd(there.filter((pull) => pull.restart === restart)),
      isLast: restart === last,
    }));
}

function earliestEnd(pulls: readonly WitnessedPhase[]): Witnessed | undefined {
  const ends = pulls.flatMap((pull) => pull.end ?? []);
  return ends.reduce<Witnessed | undefined>((a, b) => (a && a.when.at <= b.when.at ? a : b), undefined);
}

function phaseOf(
  { container, restart, run, there, isLast }: Creating,
  evidence: PodEvidence,
): readonly WitnessedPhase[] {
  // A container that could not be started (StartError) only has an end.
  const end = run?.started ?? run?.finished ?? gaveUp(evidence, { container, there, isLast });
  const isOrdered =
    there === undefined || end === undefined || there.when.at < end.when.at + end.when.precision;
  const start = isOrdered ? there : undefined;
  // Without an end it can only be going on in the last start.
  if (end === undefined && (!isLast || start === undefined)) return [];
  const error = end !== undefined && run?.started === undefined ? { error: true } : {};
  const created = createdIn(evidence, container, { start, end });
  const attributes = { ...error, ...(created === undefined ? {} : { 'container.created_at': created }) };
  return [{ name: 'container_creating', container, restart, start, end, reported: undefined, attributes }];
}

/** An earlier start that status has forgotten: it ended when the kubelet said that it failed (recording o_nodename-hostnet). */
function gaveUp(
  { events }: PodEvidence,
  { container, there, isLast }: Pick<Creating, 'container' | 'there' | 'isLast'>,
): Witnessed | undefined {
  if (isLast || there === undefined) return undefined;
  const failed = events.filter((event) => event.container === container && isCreateError(event));
  const seen = failed.flatMap((event) =>
    event.occurrences.flatMap(({ at }) => eventSighting(event, at) ?? []),
  );
  const later = seen.find((sighting) => sighting.when.at >= there.when.at);
  return later && witness(later);
}

const isCreateError = ({ reason, message }: PodEvent): boolean =>
  reason === 'Failed' && message.startsWith('Error: ') && !isPullError(message) && !isConfigError(message);

/** When the runtime had created it: the Created event between both ends. */
function createdIn(
  { events }: PodEvidence,
  container: string,
  { start, end }: { readonly start: Witnessed | undefined; readonly end: Witnessed | undefined },
): string | undefined {
  const times = events
    .filter((event) => event.reason === 'Created' && event.container === container)
    .flatMap((event) => event.occurrences)
    .filter(({ at }) => start !== undefined && at.at >= start.when.at)
    .filter(({ at }) => end === undefined || at.at <= end.when.at);
  const [first] = times;
  return first === undefined ? undefined : formatInstant(first.at.at);
}
