// A crew: one startup of a leader, and the startup of every other pod that it was waiting for.
//
// LeaderWorkerSet makes a whole group anew when one pod fails, under the same
// names and the same group key; a leader's container may also restart alone. So
// members are matched by time: what began before the leader was done, was not
// over before the leader began, and does not belong to the leader after it.

import { type Instant, instant } from '../../base/instant.ts';
import { byText } from '../../base/text.ts';
import { isUnknown } from '../../model/mark.ts';
import type { Startup } from '../../model/startup.ts';
import type { Bound, Circle } from './circle.ts';
import { bornAt, diedAt, nameOf } from './told-pod.ts';

export interface CrewMember extends Bound {
  readonly startup: Startup;
}

export interface Crew {
  readonly circle: Circle;
  readonly leader: CrewMember;
  /** By rank, then name. */
  readonly workers: readonly CrewMember[];
}

export function crewsOf(circle: Circle): readonly Crew[] {
  return circle.leaders.flatMap((leader) =>
    leader.pod.startups.map((startup) => crewOf(circle, { ...leader, startup })),
  );
}

function crewOf(circle: Circle, leader: CrewMember): Crew {
  const until = nextLeaderAfter(circle, leader);
  const candidates = circle.workers.flatMap((worker) =>
    worker.pod.startups
      .filter((startup) => belongs({ ...worker, startup }, { circle, leader, until }))
      .map((startup) => ({ ...worker, startup })),
  );
  const bySlot = Map.groupBy(candidates, ({ pod }) => pod.evidence.name ?? pod.evidence.uid);
  return { circle, leader, workers: [...bySlot.values()].flatMap(latestOf).sort(byRank) };
}

interface Watch {
  readonly circle: Circle;
  readonly leader: CrewMember;
  /** Where the next leader, or the same one's next attempt, begins. */
  readonly until: Instant | undefined;
}

function nextLeaderAfter({ leaders }: Circle, { startup }: CrewMember): Instant | undefined {
  const later = leaders
    .flatMap(({ pod }) => pod.startups)
    .map(({ start }) => start.at)
    .filter((at) => at > startup.start.at);
  return later.reduce<Instant | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
}

function belongs(member: CrewMember, { circle, leader, until }: Watch): boolean {
  const { startup, pod } = member;
  if (isUnknown(startup.end) || isUnknown(leader.startup.end)) return true;
  const { start } = startup;
  const over = leader.startup.end;
  const died = diedAt(pod, startup);
  if (start.at > over.at + over.precision) return false;
  // Known to the second, it may be either's: a group's leader is made first, so it is the next one's.
  if (until !== undefined && start.at + start.precision > until) return false;
  if (died !== undefined && died < leader.startup.start.at) return false;
  return !isOlder(member, circle, leader);
}

/** LeaderWorkerSet makes the workers of a leader after it: older ones are those of the leader before. */
function isOlder({ pod }: CrewMember, { kind, leaders }: Circle, leader: CrewMember): boolean {
  if (kind !== 'leaderworkerset' && leaders.length < 2) return false;
  if (pod.evidence.story?.created === undefined || leader.pod.evidence.story?.created === undefined)
    return false;
  const [born, lead] = [bornAt(pod), bornAt(leader.pod)];
  if (born === undefined || lead === undefined) return false;
  return born.at + born.precision <= lead.at;
}

/** Of one name only the last can have been there when the leader was done. */
function latestOf(members: readonly CrewMember[]): readonly CrewMember[] {
  return [...members].sort(byStart).slice(-1);
}

const startOf = ({ startup }: CrewMember): Instant => instant(startup.start.at);

function byStart(a: CrewMember, b: CrewMember): number {
  const [first, second] = [startOf(a), startOf(b)];
  if (first !== second) return first < second ? -1 : 1;
  return byText(a.pod.evidence.uid, b.pod.evidence.uid) || a.startup.attempt - b.startup.attempt;
}

const NO_RANK = 1_000_000;

const byRank = (a: CrewMember, b: CrewMember): number =>
  (a.rank ?? NO_RANK) - (b.rank ?? NO_RANK) ||
  byText(nameOf(a.pod), nameOf(b.pod)) ||
  byText(a.pod.evidence.uid, b.pod.evidence.uid);

/** Everyone who should be there is among the evidence; with an unknown size nobody can say. */
export const isComplete = ({ circle: { size }, workers }: Crew): boolean =>
  size !== undefined && workers.length + 1 >= size;
