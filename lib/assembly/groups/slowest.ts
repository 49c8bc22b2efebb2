// Which member the others waited for, by how much, and what it did meanwhile.
//
// Only like is compared with like: the joining of a Ray cluster if every node's
// log tells of it, else the engines, else the containers. Who never joined is
// slower than everyone who did; whose log is not there is not known at all.

import { duration, type Instant } from '../../base/instant.ts';
import type { JoinedBy, Slowest } from '../../model/group.ts';
import { isUnknown, type Moment, type Proof } from '../../model/mark.ts';
import { phaseRank } from '../../model/phase.ts';
import type { Startup } from '../../model/startup.ts';
import { type Crew, type CrewMember, isComplete } from './crews.ts';
import { meanwhileOf } from './meanwhile.ts';
import { joinedAt, nameOf, rayPhase } from './told-pod.ts';

export function slowestOf(crew: Crew): Slowest | undefined {
  if (crew.workers.length === 0 || isUnknown(crew.leader.startup.end)) return undefined;
  const never = neverJoined(crew);
  if (never !== undefined) return tell(crew, { member: never, by: 'joined', at: undefined });
  if (crew.circle.size !== undefined && !isComplete(crew)) return undefined;
  const ways: readonly JoinedBy[] = isOfRay(crew)
    ? ['joined', 'container_started']
    : ['engine_ready', 'container_started'];
  for (const by of ways) {
    const arrivals = arrivalsBy(crew, by);
    if (arrivals !== undefined) return tell(crew, latest(arrivals));
  }
  return undefined;
}

const isOfRay = ({ leader, workers }: Crew): boolean =>
  [leader, ...workers].some(({ startup }) => rayPhase(startup) !== undefined);

/** Its own log tells of the joining and not of its end, or its container never ran. Of several the one that came least far. */
function neverJoined(crew: Crew): CrewMember | undefined {
  if (!isOfRay(crew)) return undefined;
  const waiting = crew.workers.filter(isStillAway);
  return waiting.reduce<CrewMember | undefined>(
    (least, one) => (least === undefined || progress(one) < progress(least) ? one : least),
    undefined,
  );
}

function isStillAway({ pod, startup }: CrewMember): boolean {
  if (joinedAt(startup) !== undefined) return false;
  const ray = rayPhase(startup);
  if (ray !== undefined) return ray.certainty === 'open' && ray.attributes['ray_role'] !== 'head';
  const ran = startup.phases.some(({ name }) => name === 'startup');
  return pod.evidence.story?.has.pod === true && !ran;
}

const progress = ({ startup }: CrewMember): number =>
  Math.max(0, ...startup.phases.map(({ name }) => phaseRank(name)));

interface Arrival {
  readonly member: CrewMember;
  readonly by: JoinedBy;
  readonly at: Moment | undefined;
}

/** Undefined unless every worker's is known; a leader does not join its own cluster. */
function arrivalsBy({ leader, workers }: Crew, by: JoinedBy): readonly Arrival[] | undefined {
  const members = by === 'joined' ? workers : [leader, ...workers];
  const arrivals = members.map((member) => ({ member, by, at: arrivedAt(member.startup, by) }));
  return arrivals.every(({ at }) => at !== undefined) ? arrivals : undefined;
}

function arrivedAt(startup: Startup, by: JoinedBy): Moment | undefined {
  if (by === 'joined') return joinedAt(startup);
  if (by === 'container_started') return startup.phases.find(({ name }) => name === 'startup')?.start;
  const engine = startup.phases.find(({ name }) => name === 'vllm_init');
  return engine === undefined || engine.certainty === 'open' ? undefined : engine.end;
}

const timeOf = ({ at }: Arrival): bigint => at?.at ?? 0n;

const latest = (arrivals: readonly Arrival[]): Arrival =>
  arrivals.reduce((slowest, one) => (timeOf(one) > timeOf(slowest) ? one : slowest));

function tell(crew: Crew, { member, by, at }: Arrival): Slowest | undefined {
  const since = waitBegan(crew, { member, by });
  const to = at?.at ?? crew.leader.startup.end.at;
  if (since === undefined || to < since.from) return undefined;
  const { pod, startup } = member;
  const meanwhile = meanwhileOf(startup, { from: since.from, to }, pod.evidence.story?.created !== undefined);
  const proof = at === undefined ? undefined : arrivalProof(startup, by);
  return {
    pod: nameOf(pod),
    uid: pod.evidence.uid,
    by,
    ...(at === undefined ? {} : { at }),
    after: since.after,
    lasting: duration(to - since.from),
    ...(meanwhile === undefined ? {} : { meanwhile }),
    ...(proof === undefined ? {} : { proof }),
  };
}

interface Since {
  readonly after: Slowest['after'];
  readonly from: Instant;
}

/** When the first other one was there; with nobody to compare, when the leader began to wait. */
function waitBegan(crew: Crew, { member, by }: Pick<Arrival, 'member' | 'by'>): Since | undefined {
  const members = by === 'joined' ? crew.workers : [crew.leader, ...crew.workers];
  const others = members
    .filter((other) => other !== member)
    .flatMap(({ startup }) => arrivedAt(startup, by)?.at ?? []);
  const [first] = [...others].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (first !== undefined) return { after: 'first', from: first };
  const from = rayPhase(crew.leader.startup)?.start.at;
  return from === undefined ? undefined : { after: 'leader', from };
}

function arrivalProof(startup: Startup, by: JoinedBy): Proof | undefined {
  const name = by === 'joined' ? 'ray_cluster_init' : by === 'engine_ready' ? 'vllm_init' : 'startup';
  const side = by === 'container_started' ? 'start' : 'end';
  const phase = startup.phases.find((one) => one.name === name);
  const placed = phase?.evidence.find(({ at }) => at === side);
  if (placed === undefined) return undefined;
  const { at: _side, ...proof } = placed;
  return proof;
}
