// Groups of pods: which pods start one endpoint together, after each was told by itself.
//
// A pure step over the set of pods: labels first, logs and commands second. What
// a pod told of itself changes in two cases only, and only where it could not
// know: a head that never says that the others came, and a worker whose log
// never says that its part is done (hints.ts).

import type { Startup } from '../../model/startup.ts';
import type { GroupHint, PodEvidence } from '../evidence.ts';
import type { Circle } from './circle.ts';
import { type Crew, crewsOf } from './crews.ts';
import { type Hint, hintsOf } from './hints.ts';
import { labelCircles } from './label-circles.ts';
import { logCircles } from './log-circles.ts';
import { tellAlone, tellCrew } from './tell-group.ts';
import type { ToldPod } from './told-pod.ts';

/** Tells the startups of one pod. */
export type TellPod = (pod: PodEvidence) => readonly Startup[];

/** All startups, in the order of the pods; those of a group with their group. */
export function tellWithGroups(pods: readonly PodEvidence[], tellPod: TellPod): readonly Startup[] {
  const first = pods.map((evidence) => ({ evidence, startups: tellPod(evidence) }));
  const hints = crewsIn(circlesOf(first)).flatMap(hintsOf);
  const told = hints.length === 0 ? first : first.map((pod) => toldAgain(pod, hints, tellPod));
  const circles = hints.length === 0 ? circlesOf(first) : circlesOf(told);
  const grouped = new Map(circles.flatMap(groupedOf).map((startup) => [keyOf(startup), startup]));
  return told.flatMap(({ startups }) => startups.map((startup) => grouped.get(keyOf(startup)) ?? startup));
}

function circlesOf(pods: readonly ToldPod[]): readonly Circle[] {
  const told = pods.filter(({ startups }) => startups.length > 0);
  return [...labelCircles(told), ...logCircles(told)];
}

const crewsIn = (circles: readonly Circle[]): readonly Crew[] => circles.flatMap(crewsOf);

function toldAgain(pod: ToldPod, hints: readonly Hint[], tellPod: TellPod): ToldPod {
  const own = hints.filter((hint) => hint.pod === pod);
  if (own.length === 0) return pod;
  const merged = new Map<string, GroupHint>();
  for (const { key, hint } of own) merged.set(key, { ...hint, ...merged.get(key) });
  return { ...pod, startups: tellPod({ ...pod.evidence, hints: merged }) };
}

/**
 * Later ones win in the map: who belongs to a crew over who stands alone, and of
 * several crews (a leader that started again while the worker stayed) the first.
 */
function groupedOf(circle: Circle): readonly Startup[] {
  const alone = circle.workers.flatMap((worker) =>
    worker.pod.startups.map((startup) => tellAlone(circle, { ...worker, startup })),
  );
  const crews = crewsOf(circle).toSorted((a, b) => byBeginning(b.leader.startup, a.leader.startup));
  return [...alone, ...crews.flatMap(tellCrew)];
}

function byBeginning(a: Startup, b: Startup): number {
  if (a.start.at !== b.start.at) return a.start.at < b.start.at ? -1 : 1;
  return a.attempt - b.attempt || (a.pod.uid < b.pod.uid ? -1 : 1);
}

const keyOf = ({ pod, attempt }: Startup): string => `${pod.uid}\0${attempt}`;
