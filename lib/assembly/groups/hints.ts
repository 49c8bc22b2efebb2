// What the pods of a group prove about each other, for a second telling of the one that could not know.

import { isUnknown } from '../../model/mark.ts';
import type { Startup } from '../../model/startup.ts';
import type { Edge } from '../edge.ts';
import { latestOf } from '../edge.ts';
import { type GroupHint, processKey } from '../evidence.ts';
import { type Crew, isComplete } from './crews.ts';
import { joinedAt, rayPhase, type ToldPod } from './told-pod.ts';

export interface Hint {
  readonly pod: ToldPod;
  /** Of which startup, as `processKey`. */
  readonly key: string;
  readonly hint: GroupHint;
}

/** None for a startup that tells everything by itself: its own lines are never overruled. */
export function hintsOf(crew: Crew): readonly Hint[] {
  return [...leaderHint(crew), ...workerHints(crew)];
}

/** A head that only runs `ray start --head --block` never says that the others have come; they do. */
function leaderHint(crew: Crew): readonly Hint[] {
  const { leader, workers } = crew;
  if (rayPhase(leader.startup)?.certainty !== 'open' || !isComplete(crew)) return [];
  const joins = workers.map(({ startup }) => joinEdge(startup));
  const all = joins.filter((edge) => edge !== undefined);
  const allJoined = latestOf(all);
  if (allJoined === undefined || all.length < joins.length) return [];
  return [{ pod: leader.pod, key: processKey(leader.startup), hint: { allJoined } }];
}

function joinEdge(startup: Startup): Edge | undefined {
  const when = joinedAt(startup);
  if (when === undefined) return undefined;
  const proofs = (rayPhase(startup)?.evidence ?? []).filter(({ at }) => at === 'end').map(withoutPlace);
  return { when, proofs, derived: true };
}

const withoutPlace = ({ source, line, text, rule }: Edge['proofs'][number]): Edge['proofs'][number] => ({
  source,
  text,
  rule,
  ...(line === undefined ? {} : { line }),
});

function workerHints({ leader, workers }: Crew): readonly Hint[] {
  const { outcome, end, evidence } = leader.startup;
  if (outcome !== 'ready' || isUnknown(end)) return [];
  const proofs = evidence.filter(({ at }) => at === 'end').map(withoutPlace);
  const served: Edge = { when: end, proofs, derived: true };
  return workers
    .filter(({ startup }) => startup.outcome !== 'ready')
    .map(({ pod, startup }) => ({ pod, key: processKey(startup), hint: { served } }));
}
