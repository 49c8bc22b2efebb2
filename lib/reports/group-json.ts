// A group of pods as `coldtrace/v1` JSON.

import { formatInstant, toSeconds } from '../base/instant.ts';
import { type Group, type GroupMember, groupHead, type Slowest } from '../model/group.ts';
import { spanIdOf, type TraceIdScheme, traceIdOf } from '../model/ids.ts';
import type { Moment } from '../model/mark.ts';
import { memberKey } from '../model/span-key.ts';
import type { GroupV1 } from './schema.ts';

export function groupOf(group: Group, scheme: TraceIdScheme): GroupV1 {
  const { role, leader, members, slowest } = group;
  return {
    ...groupHead(group),
    ...(leader === undefined ? {} : { leader: memberOf(leader, scheme) }),
    ...(role === 'worker' ? {} : { members: members.map((member) => memberOf(member, scheme)) }),
    ...(slowest === undefined ? {} : { slowest: slowestOf(slowest) }),
  };
}

function memberOf(member: GroupMember, scheme: TraceIdScheme): NonNullable<GroupV1['leader']> {
  const { pod, uid, attempt, role, rank, because, joined, ready } = member;
  return {
    pod,
    uid,
    trace_id: traceIdOf(uid, scheme),
    span_id: spanIdOf(memberKey(member)),
    attempt,
    role,
    ...(rank === undefined ? {} : { rank }),
    because,
    ...(joined === undefined ? {} : { joined: timeOf(joined) }),
    ...(ready === undefined ? {} : { ready: timeOf(ready) }),
  };
}

const timeOf = ({ at }: Moment): string => formatInstant(at);

function slowestOf({
  pod,
  uid,
  by,
  at,
  after,
  lasting,
  meanwhile,
  proof,
}: Slowest): NonNullable<GroupV1['slowest']> {
  return {
    pod,
    uid,
    by,
    ...(at === undefined ? {} : { at: timeOf(at) }),
    after,
    seconds: toSeconds(lasting),
    ...(meanwhile === undefined
      ? {}
      : { meanwhile: { what: meanwhile.what, seconds: toSeconds(meanwhile.lasting) } }),
    ...(proof === undefined ? {} : { evidence: proofOf(proof) }),
  };
}

const proofOf = ({ source, line, text, rule }: NonNullable<Slowest['proof']>) => ({
  source,
  ...(line === undefined ? {} : { line }),
  text,
  rule,
});
