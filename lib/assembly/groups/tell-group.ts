// What a startup says of its group: who leads, who belongs, whom the leader waited for.

import { between, seconds, toSeconds } from '../../base/instant.ts';
import {
  type Group,
  type GroupHead,
  type GroupMember,
  type GroupRole,
  groupHead,
  type Slowest,
} from '../../model/group.ts';
import type { FactValue } from '../../model/mark.ts';
import type { Phase, Startup } from '../../model/startup.ts';
import type { Circle } from './circle.ts';
import type { Crew, CrewMember } from './crews.ts';
import { slowestOf } from './slowest.ts';
import { joinedAt, nameOf } from './told-pod.ts';

/** Every startup of the crew with its group. */
export function tellCrew(crew: Crew): readonly Startup[] {
  const { circle, leader, workers } = crew;
  const lead = memberOf(leader, 'leader');
  const slowest = slowestOf(crew);
  const group: Group = {
    ...headOf(circle, leader, 'leader'),
    members: [lead, ...workers.map((worker) => memberOf(worker, 'worker'))],
    ...(slowest === undefined ? {} : { slowest }),
  };
  const led = { ...leader.startup, phases: explained(leader.startup.phases, slowest), group };
  return [led, ...workers.map((worker) => workerOf(circle, worker, lead))];
}

const workerOf = (circle: Circle, worker: CrewMember, leader: GroupMember): Startup => ({
  ...worker.startup,
  group: { ...headOf(circle, worker, 'worker'), leader, members: [] },
});

/** A worker whose leader is not among the evidence. */
export const tellAlone = (circle: Circle, worker: CrewMember): Startup => ({
  ...worker.startup,
  group: { ...headOf(circle, worker, 'worker'), members: [] },
});

const headOf = ({ kind, name, index, size }: Circle, { rank }: CrewMember, role: GroupRole): GroupHead =>
  groupHead({ kind, name, index, size, role, rank });

function memberOf({ pod, startup, rank, because }: CrewMember, role: GroupRole): GroupMember {
  const joined = joinedAt(startup);
  const { attempt, restart, process, outcome, end } = startup;
  return {
    pod: nameOf(pod),
    uid: pod.evidence.uid,
    attempt,
    restart,
    process,
    role,
    ...(rank === undefined ? {} : { rank }),
    because,
    ...(joined === undefined ? {} : { joined }),
    ...(outcome === 'ready' ? { ready: end } : {}),
  };
}

/** A worker prints that it runs up to some seconds after the head has counted it. */
const LAG = seconds(5);

/** Why the leader's wait for its cluster lasted: facts and a witness more; its borders stay as its own lines prove them. */
function explained(phases: readonly Phase[], slowest: Slowest | undefined): readonly Phase[] {
  if (slowest?.by !== 'joined') return phases;
  return phases.map((phase) =>
    phase.name === 'ray_cluster_init' && isAbout(slowest, phase) ? withReason(phase, slowest) : phase,
  );
}

/** Who joined after the wait was over was not waited for. */
const isAbout = ({ at }: Slowest, { end }: Phase): boolean =>
  at === undefined || between(end.at, at.at) <= LAG;

function withReason(phase: Phase, { pod, lasting, meanwhile, at, proof }: Slowest): Phase {
  const facts: Record<string, FactValue> = {
    'ray.slowest_node': pod,
    'ray.slowest_seconds': toSeconds(lasting),
    'ray.slowest_joined': at !== undefined,
    ...(meanwhile === undefined
      ? {}
      : {
          'ray.slowest_meanwhile': meanwhile.what,
          'ray.slowest_meanwhile_seconds': toSeconds(meanwhile.lasting),
        }),
  };
  const known = phase.evidence.some(({ source, line }) => source === proof?.source && line === proof?.line);
  const witness = proof === undefined || known ? [] : [{ at: 'end' as const, ...proof }];
  return {
    ...phase,
    evidence: [...phase.evidence, ...witness],
    attributes: { ...phase.attributes, ...facts },
  };
}
