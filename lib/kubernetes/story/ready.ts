// When a pod was Ready: the condition, and what it has forgotten.

import { after, seconds } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { ContainerRun, Witnessed } from '../../model/pod-story.ts';
import { earlier, trueSightings } from './conditions.ts';
import type { PodEvidence } from './evidence.ts';
import { byNumber, type Sighting, witness } from './proofs.ts';

/**
 * When the pod became Ready in the current runs of its main containers.
 *
 * The condition keeps its last change only: gone after a flap or an end, unless
 * an older version of the pod is at hand. A Ready before the last start of a
 * main container was of an earlier attempt.
 */
export function readyAt(evidence: PodEvidence, runs: readonly ContainerRun[]): Witnessed | undefined {
  const since = lastStart(runs);
  const inTime = trueSightings(evidence.versions, ['Ready']).filter(
    ({ when }) => since === undefined || when.at + when.precision > since.at,
  );
  return witness(inTime.reduce<Sighting | undefined>(earlier, undefined));
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
export function readiesOf(evidence: PodEvidence, runs: readonly ContainerRun[]): readonly Witnessed[] {
  const seen = new Map(
    trueSightings(evidence.versions, ['Ready']).map((sighting) => [sighting.when.at, sighting]),
  );
  const observed = [...seen.values()].flatMap((sighting) => witness(sighting) ?? []);
  const unseen = unprobed(evidence, runs).filter(
    (start) => !observed.some((ready) => isSoonAfter(ready, start)),
  );
  return [...observed, ...unseen].sort((a, b) => byNumber(a.when.at, b.when.at));
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
