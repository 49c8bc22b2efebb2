// Marks → phases → startups: a pure function of the set of evidence.

import { byText } from '../base/text.ts';
import type { Startup } from '../model/startup.ts';
import { attemptsOf } from './attempts.ts';
import { mainContainer } from './container-runs.ts';
import type { Edge } from './edge.ts';
import type { PodEvidence } from './evidence.ts';
import { tellWithGroups } from './groups/groups.ts';
import { type AssemblySettings, startupOf } from './tell-startup.ts';

/** Startups of all pods, ordered by pod (namespace, name, uid), then by attempt. */
export function assemble(pods: readonly PodEvidence[], settings: AssemblySettings): readonly Startup[] {
  const ordered = [...pods].sort(byPod);
  return tellWithGroups(ordered, (pod) => startupsOf(pod, settings));
}

const byPod = (a: PodEvidence, b: PodEvidence): number =>
  byText(a.namespace ?? '', b.namespace ?? '') || byText(a.name ?? '', b.name ?? '') || byText(a.uid, b.uid);

function startupsOf(pod: PodEvidence, settings: AssemblySettings): readonly Startup[] {
  const main = mainContainer(pod);
  const attempts = attemptsOf(pod, main);
  if (attempts.length === 0) return [];
  const context = { pod, main, restarts: [...new Set(attempts.map(({ restart }) => restart))], settings };
  const startups: Startup[] = [];
  let previousEnd: Edge | undefined;
  for (const attempt of attempts) {
    const { startup, over } = startupOf(context, attempt, previousEnd);
    startups.push(startup);
    previousEnd = over;
  }
  return startups;
}
