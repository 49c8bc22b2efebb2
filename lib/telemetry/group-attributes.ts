// Pods that start one endpoint together: each its own trace, linked, and what the roots say of the group.

import { toSeconds } from '../base/instant.ts';
import { cut } from '../base/text.ts';
import type { Group, GroupMember } from '../model/group.ts';
import { spanIdOf, type TraceIdScheme, traceIdOf } from '../model/ids.ts';
import { memberKey } from '../model/span-key.ts';
import type { Startup } from '../model/startup.ts';
import type { Attributes, SpanLink } from '../model/trace.ts';
import { known } from './known.ts';

/** A worker links to its leader's root, a leader to the roots of its workers. */
export function groupLinks({ group }: Startup, scheme: TraceIdScheme): readonly SpanLink[] {
  if (group === undefined) return [];
  if (group.role === 'worker')
    return group.leader === undefined ? [] : [linkTo(group.leader, 'group_leader', scheme)];
  return group.members
    .filter(({ role }) => role === 'worker')
    .map((member) => linkTo(member, 'group_member', scheme));
}

function linkTo(member: GroupMember, kind: string, scheme: TraceIdScheme): SpanLink {
  return {
    traceId: traceIdOf(member.uid, scheme),
    spanId: spanIdOf(memberKey(member)),
    attributes: known({ 'link.kind': kind, 'k8s.pod.name': member.pod, 'group.rank': member.rank }),
  };
}

export function groupAttributes({ group }: Startup): Attributes {
  if (group === undefined) return {};
  return known({
    'group.kind': group.kind,
    'group.name': group.name,
    'group.index': group.index,
    'group.role': group.role,
    'group.rank': group.rank,
    'group.size': group.size,
    'group.members_seen': group.role === 'leader' ? group.members.length : undefined,
    ...slowestAttributes(group),
  });
}

function slowestAttributes({ slowest }: Group): Attributes {
  if (slowest === undefined) return {};
  const { pod, by, after, lasting, meanwhile, at } = slowest;
  return known({
    'group.slowest': cut(pod, 200),
    'group.slowest_by': by,
    'group.slowest_arrived': at !== undefined,
    'group.slowest_after': after,
    'group.slowest_seconds': toSeconds(lasting),
    'group.slowest_meanwhile': meanwhile?.what,
    'group.slowest_meanwhile_seconds': meanwhile === undefined ? undefined : toSeconds(meanwhile.lasting),
  });
}
