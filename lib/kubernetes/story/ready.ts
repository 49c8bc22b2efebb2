// When a pod was Ready: the condition, what it has forgotten, and who saw it finer.

import { after, before, type Duration, SECOND, seconds } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { ContainerRun, Readiness, Witnessed } from '../../model/pod-story.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import { trueSightings } from './conditions.ts';
import type { PodEvidence } from './evidence.ts';
import { byNumber, byTime, podSource, type Sighting } from './proofs.ts';
import { asSighting, type SightingOf, seenOf, sightsOf } from './sights.ts';
import { believed } from './witnesses.ts';

/**
 * When the pod became Ready in the current runs of its main containers.
 *
 * The condition keeps its last change only: gone after a flap or an end, unless
 * an older version of the pod or another witness is at hand. A Ready before the
 * last start of a main container was of an earlier attempt.
 */
export function readyAt(evidence: PodEvidence, runs: readonly ContainerRun[]): Witnessed | undefined {
  const since = lastStart(runs);
  return seenReady(evidence).find(({ when }) => since === undefined || when.at + when.precision > since.at);
}

function lastStart(runs: readonly ContainerRun[]): Moment | undefined {
  const starts = runs.filter((run) => run.kind === 'main').flatMap((run) => run.started?.when ?? []);
  return starts.reduce<Moment | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
}

/**
 * Every known Ready of all attempts, in time order.
 *
 * The condition of a pod that ended or restarted has forgotten its first one;
 * but where nothing probes, a container is Ready as soon as it runs (0.1 to
 * 0.3 s before the status says so in recordings e_oom and n_longlines).
 */
export function readiesOf(evidence: PodEvidence, runs: readonly ContainerRun[]): readonly Readiness[] {
  const observed = seenReady(evidence);
  const unseen = unprobed(evidence, runs).filter(
    (start) => !observed.some((ready) => isSoonAfter(ready, start)),
  );
  return [...observed, ...unseen].sort((a, b) => byNumber(a.when.at, b.when.at));
}

/** Each Ready that anybody saw, with all its witnesses. */
function seenReady(evidence: PodEvidence): readonly Readiness[] {
  const times = together([...toldReadies(evidence.versions), ...sightsOf(evidence, 'ready')]);
  const probes = seenOf(evidence, 'probe_ready');
  const groups = times.length === 0 ? probesAlone(evidence) : times.map((seen) => withProbe(seen, probes));
  return groups.flatMap((seen) => {
    const ready = believed('ready', ...seen);
    const runs = runsIn(seen.filter(isTold));
    return ready === undefined ? [] : [{ ...ready, ...(runs.size === 0 ? {} : { runs }) }];
  });
}

/** Ready as a status tells it, and which runs that status is about. */
interface ToldReady extends Sighting {
  readonly runs: ReadonlyMap<string, number>;
}

const isTold = (seen: Sighting): seen is ToldReady => 'runs' in seen;

/** Each change once, however many versions repeat it. */
function toldReadies(versions: readonly PodRecord[]): readonly ToldReady[] {
  const told = new Map<string, ToldReady>();
  for (const pod of versions)
    for (const seen of trueSightings([pod], ['Ready'])) {
      const key = `${podSource(pod)} ${seen.when.at} ${seen.when.precision}`;
      const before = told.get(key);
      const runs = runsIn([...(before === undefined ? [] : [before]), { ...seen, runs: runningIn(pod) }]);
      told.set(key, { ...seen, runs });
    }
  return [...told.values()];
}

/** Who is Ready runs: the same status counts the restarts before that run, by no clock at all. */
const runningIn = (pod: PodRecord): ReadonlyMap<string, number> =>
  new Map(
    pod.statuses.flatMap(({ container, restarts, runs: all }) =>
      all.some(({ restart, finished }) => restart === restarts && finished === undefined)
        ? [[container, restarts] as const]
        : [],
    ),
  );

/** The run that it was first told of: a later version repeats the time of a change that it keeps. */
function runsIn(told: readonly ToldReady[]): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  for (const [container, restart] of told.flatMap((one) => [...one.runs]))
    runs.set(container, Math.min(restart, runs.get(container) ?? restart));
  return runs;
}

/** What one change of the condition was written down as: the status arrives within this (2.9 s at worst under load). */
const ONE_CHANGE: Duration = seconds(3);

/** Witnesses of one and the same change stand close together. */
function together(sightings: readonly Sighting[]): readonly (readonly Sighting[])[] {
  const groups: Sighting[][] = [];
  for (const sighting of [...sightings].sort(byTime)) {
    const group = groups.at(-1);
    const first = group?.[0]?.when;
    if (
      group !== undefined &&
      first !== undefined &&
      sighting.when.at < first.at + first.precision + ONE_CHANGE
    )
      group.push(sighting);
    else groups.push([sighting]);
  }
  return groups;
}

/**
 * The kubelet's probe line names no container: of a pod with several the last one
 * before the status changed is the one that made it Ready (recording i_sidecar).
 */
function withProbe(
  seen: readonly Sighting[],
  probes: readonly SightingOf<'probe_ready'>[],
): readonly Sighting[] {
  const fine = seen.filter(({ when }) => when.precision < SECOND).map(({ when }) => when.at);
  const coarse = seen.map(({ when }) => after(when.at, when.precision));
  const until = (fine.length > 0 ? fine : coarse).reduce((a, b) => (a < b ? a : b));
  const probe = probes.findLast(({ when }) => when.at <= until && when.at >= before(until, ONE_CHANGE));
  return probe === undefined ? seen : [...seen, asSighting(probe)];
}

/** Without the pod's own word a probe proves the pod Ready only where no other container could be missing. */
function probesAlone(evidence: PodEvidence): readonly (readonly Sighting[])[] {
  const { pod, containers } = evidence;
  const serving = containers.filter(({ kind }) => kind !== 'init');
  const probed = (pod?.containers ?? []).filter(({ hasReadinessProbe }) => hasReadinessProbe);
  const needed = probed.length > 0 ? probed.length : serving.length;
  return needed === 1 ? seenOf(evidence, 'probe_ready').map((probe) => [asSighting(probe)]) : [];
}

const SOON = seconds(5);

const isSoonAfter = (ready: Witnessed, start: Witnessed): boolean =>
  ready.when.at + ready.when.precision > start.when.at && ready.when.at <= after(start.when.at, SOON);

/** Starts of the only container of a pod without probes; runs that ended within their second were never seen Ready. */
function unprobed({ pod }: PodEvidence, runs: readonly ContainerRun[]): readonly Witnessed[] {
  if (pod === undefined || pod.isProbed || pod.containers.filter(({ kind }) => kind !== 'init').length !== 1)
    return [];
  return runs
    .filter((run) => run.kind === 'main')
    .flatMap(({ started, finished }) => {
      const isBrief = started !== undefined && finished !== undefined && finished.when.at <= started.when.at;
      return started === undefined || isBrief ? [] : [{ ...started, derived: true as const }];
    });
}
