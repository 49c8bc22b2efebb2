// A pod after its own startups were told: what the search for groups looks at.

import { type Instant, instant } from '../../base/instant.ts';
import type { FactValue, Moment } from '../../model/mark.ts';
import type { Phase, Startup } from '../../model/startup.ts';
import type { PodEvidence } from '../evidence.ts';

export interface ToldPod {
  readonly evidence: PodEvidence;
  /** At least one, by attempt. */
  readonly startups: readonly Startup[];
}

/** The pod's name; of a bare log, the name of the file it came from. */
export function nameOf({ evidence, startups }: ToldPod): string {
  const proofs = startups.flatMap((startup) => [
    ...startup.evidence,
    ...startup.phases.flatMap((phase) => phase.evidence),
  ]);
  return evidence.name ?? proofs[0]?.source ?? evidence.uid;
}

/** The wait for a Ray cluster, with what the log says of this node. */
export const rayPhase = ({ phases }: Startup): Phase | undefined =>
  phases.find(({ name }) => name === 'ray_cluster_init');

/** A fact of the start as a whole, or of its wait for Ray. */
export const factOf = (startup: Startup, name: string): FactValue | undefined =>
  rayPhase(startup)?.attributes[name] ?? startup.attributes[name];

export const factsOf = ({ startups }: ToldPod, name: string): readonly FactValue[] =>
  startups.flatMap((startup) => factOf(startup, name) ?? []);

/** When this node had found its head; undefined for a head, and for one that never did. */
export function joinedAt(startup: Startup): Moment | undefined {
  const phase = rayPhase(startup);
  const isWorker = phase?.attributes['ray.runtime'] === 'started' && phase.attributes['ray_role'] !== 'head';
  return phase !== undefined && isWorker && phase.certainty !== 'open' ? phase.end : undefined;
}

export const bornAt = ({ startups }: ToldPod): Moment | undefined => startups[0]?.start;

/** When this startup was surely over for good; undefined: it may live still. */
export function diedAt({ evidence, startups }: ToldPod, startup: Startup): Instant | undefined {
  const next = startups.find(({ attempt }) => attempt > startup.attempt);
  if (next !== undefined) return next.start.at;
  const ended = evidence.story?.ended?.when;
  if (ended !== undefined) return instant(ended.at + ended.precision);
  return startup.outcome === 'failed' ? startup.end.at : undefined;
}

/** Both lived at some time, as far as is known. */
export function livedTogether(a: ToldPod, b: ToldPod): boolean {
  return !endedBefore(a, b) && !endedBefore(b, a);
}

function endedBefore(first: ToldPod, second: ToldPod): boolean {
  const last = first.startups.at(-1);
  const died = last === undefined ? undefined : diedAt(first, last);
  const born = bornAt(second);
  return died !== undefined && born !== undefined && died < born.at;
}
