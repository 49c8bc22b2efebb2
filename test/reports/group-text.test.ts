// A group in words.

import { describe, expect, it } from 'vitest';
import { seconds } from '../../lib/base/instant.ts';
import type { Group, GroupMember, Slowest } from '../../lib/model/group.ts';
import { podUid } from '../../lib/model/ids.ts';
import { groupLine } from '../../lib/reports/group-text.ts';
import { overview } from '../../lib/reports/overview.ts';
import { startup } from '../telemetry/sample-startups.ts';

const member = (pod: string, role: Group['role']): GroupMember => ({
  pod,
  uid: podUid(pod),
  attempt: 0,
  restart: 0,
  process: 0,
  role,
  because: 'label',
});

const LEAD = member('engine-0', 'leader');
const leads = (more: Partial<Group>): Group => ({
  kind: 'leaderworkerset',
  name: 'engine',
  index: 0,
  role: 'leader',
  members: [LEAD, member('engine-0-1', 'worker')],
  ...more,
});

const slow = (more: Partial<Slowest>): Slowest => ({
  pod: 'engine-0-1',
  uid: podUid('engine-0-1'),
  by: 'joined',
  at: { at: 0n as never, precision: 1n as never },
  after: 'first',
  lasting: seconds(41),
  ...more,
});

describe('the line below the heading', () => {
  const never: Slowest = (({ at: _never, ...rest }) => rest)(
    slow({
      after: 'leader',
      lasting: seconds(1200),
      meanwhile: { what: 'image_pull', lasting: seconds(1100) },
    }),
  );

  it.each<readonly [Group, string]>([
    [leads({ size: 2 }), 'group LeaderWorkerSet engine/0 · leader of 2 pods'],
    [leads({ size: 4 }), 'group LeaderWorkerSet engine/0 · leader of 4 pods, 2 of them in the evidence'],
    [leads({ kind: 'ray', name: 'head.log' }), 'group Ray cluster of head.log/0 · leader of 2 pods seen'],
    [
      leads({ size: 2, slowest: slow({}) }),
      'group LeaderWorkerSet engine/0 · leader of 2 pods · slowest engine-0-1: joined 41s after the first',
    ],
    [
      leads({ size: 2, slowest: slow({ meanwhile: { what: 'not_created', lasting: seconds(30.5) } }) }),
      'group LeaderWorkerSet engine/0 · leader of 2 pods · slowest engine-0-1: joined 41s after the first, 30.5s of it before it was created',
    ],
    [
      leads({ size: 2, slowest: never }),
      'group LeaderWorkerSet engine/0 · leader of 2 pods · slowest engine-0-1: never joined in the 20m00s after the leader began to wait, 18m20s of it in image_pull',
    ],
    [
      leads({ role: 'worker', rank: 1, leader: LEAD, members: [] }),
      'group LeaderWorkerSet engine/0 · worker 1 of engine-0',
    ],
    [
      leads({ role: 'worker', members: [] }),
      'group LeaderWorkerSet engine/0 · worker, its leader is not in the evidence',
    ],
    [leads({ name: 'a\u001b[31mb', members: [] }), 'group LeaderWorkerSet ab/0 · leader of 0 pods seen'],
  ])('%#', (group, text) => expect(groupLine(group).join(' · ')).toBe(text));
});

it('the overview has the pods of a group together, the leader first', () => {
  const of = (name: string, group?: Group) =>
    startup({
      pod: { uid: podUid(name), uidSynthetic: false, name, namespace: 'ns', node: null },
      ...(group === undefined ? {} : { group }),
    });
  const worker = leads({ role: 'worker', rank: 1, leader: LEAD, members: [] });
  const rows = overview(
    [of('a-worker', worker), of('alone'), of('engine-0', leads({ size: 2 })), of('zebra')],
    {
      width: 80,
      color: false,
      ascii: false,
      traceIdScheme: 'md5',
    },
  ).slice(3);
  expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual([
    'LeaderWorkerSet engine/0',
    'engine-0',
    'a-worker',
    'alone',
    'zebra',
  ]);
});
