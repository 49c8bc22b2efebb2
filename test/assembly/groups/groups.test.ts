// Which pods start one endpoint together, and whom the others waited for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../../lib/assembly/assemble.ts';
import type { PodEvidence } from '../../../lib/assembly/evidence.ts';
import { toSeconds } from '../../../lib/base/instant.ts';
import type { GroupMember } from '../../../lib/model/group.ts';
import type { Mark } from '../../../lib/model/mark.ts';
import type { Startup } from '../../../lib/model/startup.ts';
import { BANNER, ended, failed, lasted, mark, offsetOf, READY } from '../marks.ts';
import { bare, joins, lws, pod, serves, waits } from './pods.ts';

const told = (pods: readonly PodEvidence[]): readonly Startup[] => assemble(pods, { expected: () => [] });

const of = (startups: readonly Startup[], uid: string): Startup => {
  const found = startups.find(({ pod: { uid: own } }) => own === uid);
  if (found === undefined) throw new Error(`no startup of ${uid}`);
  return found;
};

const slowestText = ({ group }: Startup): string | undefined => {
  const slowest = group?.slowest;
  if (slowest === undefined) return undefined;
  const { pod: name, by, at, after, lasting, meanwhile } = slowest;
  const what = meanwhile === undefined ? '' : `, ${toSeconds(meanwhile.lasting)} s ${meanwhile.what}`;
  return `${name} ${at === undefined ? 'never ' : ''}${by} ${toSeconds(lasting)} s after the ${after}${what}`;
};

const membersOf = ({ group }: Startup): readonly string[] | undefined =>
  group?.members.map(({ uid, role, rank }: GroupMember) => `${uid} ${role} ${rank ?? '?'}`);

/** The worker of rank 2 has to pull its image: 40 of the 41 seconds after the first has joined at 10. */
const GROUP: readonly PodEvidence[] = [
  pod('engine-0', { claim: lws(0), started: 2, marks: [...waits(3, 53), ...serves(60)] }),
  pod('engine-0-1', { claim: lws(1), created: 1, started: 5, marks: joins(6, 10) }),
  pod('engine-0-2', { claim: lws(2), created: 1, pull: [4, 45], started: 46, marks: joins(47, 51) }),
];

describe('a LeaderWorkerSet', () => {
  const startups = told(GROUP);

  it('the leader names its members and the slowest', () => {
    const leader = of(startups, 'engine-0');
    expect(leader.group).toMatchObject({
      kind: 'leaderworkerset',
      name: 'engine',
      index: 0,
      size: 3,
      role: 'leader',
    });
    expect(membersOf(leader)).toEqual(['engine-0 leader 0', 'engine-0-1 worker 1', 'engine-0-2 worker 2']);
    expect(slowestText(leader)).toBe('engine-0-2 joined 41 s after the first, 35 s image_pull');
  });

  it('its wait says why it lasted, and keeps the border that its own line proves', () => {
    const wait = of(startups, 'engine-0').phases.find(({ name }) => name === 'ray_cluster_init');
    expect([offsetOf(wait?.start.at ?? (0n as never)), offsetOf(wait?.end.at ?? (0n as never))]).toEqual([
      3, 53,
    ]);
    expect(wait?.certainty).toBe('observed');
    expect(wait?.attributes).toMatchObject({
      'ray.slowest_node': 'engine-0-2',
      'ray.slowest_seconds': 41,
      'ray.slowest_meanwhile': 'image_pull',
    });
    const ends = wait?.evidence.filter(({ at }) => at === 'end').map(({ source }) => source);
    expect(ends?.[0]).toBe('engine-0/main/0');
    expect(ends?.at(-1)).toBe('engine-0-2/main/0');
  });

  it('the workers have done their part when they have joined, and know their leader', () => {
    const worker = of(startups, 'engine-0-2');
    expect([worker.outcome, offsetOf(worker.end.at), worker.silent]).toEqual(['ready', 51, undefined]);
    expect(worker.note).toContain('joined');
    expect(worker.group).toMatchObject({
      role: 'worker',
      rank: 2,
      leader: { uid: 'engine-0', attempt: 0 },
      members: [],
    });
  });

  it('depends on the set of pods alone', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...GROUP], { minLength: GROUP.length }), (pods) => {
        expect(told(pods)).toEqual(startups);
      }),
    );
  });

  it('alone in the evidence it still says what it is, and invents nobody', () => {
    const [leader, worker] = GROUP;
    expect(membersOf(of(told([leader as PodEvidence]), 'engine-0'))).toEqual(['engine-0 leader 0']);
    const lost = of(told([worker as PodEvidence]), 'engine-0-1');
    expect([lost.group?.leader, lost.group?.members]).toEqual([undefined, []]);
  });

  it('names nobody slowest while somebody of the group is not in the evidence', () => {
    expect(slowestText(of(told(GROUP.slice(0, 2)), 'engine-0'))).toBeUndefined();
  });
});

describe('the slowest', () => {
  const leader = pod('engine-0', { claim: lws(0, 2), started: 2, marks: [...waits(3, 30), ...serves(40)] });

  it.each<readonly [string, PodEvidence, string | undefined]>([
    [
      'one worker: counted from when the leader began to wait',
      pod('engine-0-1', { claim: lws(1, 2), started: 20, pull: [2, 19], marks: joins(21, 25) }),
      'engine-0-1 joined 22 s after the leader, 16 s image_pull',
    ],
    [
      'one that was created late',
      pod('engine-0-1', { claim: lws(1, 2), created: 19, started: 20, marks: joins(21, 25) }),
      'engine-0-1 joined 22 s after the leader, 16 s not_created',
    ],
    [
      'one that never joined, stuck in its pull',
      pod('engine-0-1', { claim: lws(1, 2), pull: [2, 44] }),
      'engine-0-1 never joined 42 s after the leader, 41 s image_pull',
    ],
    [
      'one whose log is not there: its container is all that is known',
      pod('engine-0-1', { claim: lws(1, 2), started: 20, pull: [2, 19] }),
      'engine-0-1 container_started 18 s after the first, 17 s image_pull',
    ],
  ])('%s', (_what, worker, expected) => {
    expect(slowestText(of(told([leader, worker]), 'engine-0'))).toBe(expected);
  });
});

describe('generations', () => {
  const generation = (at: number, n: number, ended?: number): readonly PodEvidence[] => [
    pod('engine-0', {
      uid: `lead-${n}`,
      claim: lws(0, 2),
      created: at,
      started: at + 2,
      marks: waits(at + 3, at + 12),
      ...(ended === undefined ? {} : { ended }),
    }),
    pod('engine-0-1', {
      uid: `work-${n}`,
      claim: lws(1, 2),
      created: at,
      started: at + 5,
      marks: joins(at + 6, at + 10),
      ...(ended === undefined ? {} : { ended }),
    }),
  ];

  it.each<readonly [string, number | undefined]>([
    ['whose end is known', 100],
    ['whose end nobody told', undefined],
  ])('of a group that was made anew are not mixed: one %s', (_what, ended) => {
    const startups = told([...generation(0, 1, ended), ...generation(100, 2)]);
    for (const n of [1, 2]) {
      expect(membersOf(of(startups, `lead-${n}`))).toEqual([`lead-${n} leader 0`, `work-${n} worker 1`]);
      expect(of(startups, `work-${n}`).group?.leader?.uid).toBe(`lead-${n}`);
    }
  });

  it('a worker of a leader that is gone has no leader', () => {
    const [, old] = generation(0, 1, 90);
    const startups = told([old as PodEvidence, ...generation(100, 2)]);
    expect(of(startups, 'work-1').group?.leader).toBeUndefined();
    expect(membersOf(of(startups, 'lead-2'))).toEqual(['lead-2 leader 0', 'work-2 worker 1']);
  });
});

describe('without labels', () => {
  const HEAD = ['ray.node_ip', '10.0.0.1'] as const;
  const SENT = ['ray.head', '10.0.0.1'] as const;
  const session = (name: string) => ['ray.session', name] as const;
  const A = 'session_2026-08-21_10-00-01_000500_7';
  const B = 'session_2026-08-21_11-00-01_000500_7';

  it.each<readonly [string, readonly PodEvidence[], readonly string[] | undefined]>([
    [
      'the same Ray session',
      [bare('h', waits(1, 9, HEAD, session(A))), bare('w', joins(3, 5, session(A)))],
      ['h leader 0', 'w worker ?'],
    ],
    [
      'the head that the worker names',
      [bare('h', waits(1, 9, HEAD)), bare('w', joins(3, 5, SENT))],
      ['h leader 0', 'w worker ?'],
    ],
    [
      'the same address, another session',
      [bare('h', waits(1, 9, HEAD, session(B))), bare('w', joins(3, 5, SENT, session(A)))],
      undefined,
    ],
    [
      'two heads that could be meant',
      [bare('h', waits(1, 9, HEAD)), bare('i', waits(2, 9, HEAD)), bare('w', joins(3, 5, SENT))],
      undefined,
    ],
    [
      'names that only look alike',
      [bare('engine-0', waits(1, 9, HEAD)), bare('engine-1', joins(3, 5))],
      undefined,
    ],
    [
      'the command names the head pod',
      [
        pod('engine-0', { started: 1, marks: waits(1, 9) }),
        pod('engine-1', { started: 2, marks: joins(3, 5), story: { heads: ['engine-0.engine.ns.svc'] } }),
      ],
      ['engine-0 leader 0', 'engine-1 worker ?'],
    ],
    [
      'the log names the IP of the head pod',
      [
        pod('a', { started: 1, marks: waits(1, 9), story: { addresses: ['10.0.0.1'] } }),
        pod('b', { started: 2, marks: joins(3, 5, SENT) }),
      ],
      ['a leader 0', 'b worker ?'],
    ],
    [
      'an address that a pod had which was gone by then',
      [
        pod('a', { started: 1, ended: 50, marks: waits(1, 9), story: { addresses: ['10.0.0.1'] } }),
        pod('b', { created: 100, started: 102, marks: joins(103, 105, SENT) }),
      ],
      undefined,
    ],
  ])('%s', (_what, pods, members) => {
    const [head] = pods;
    expect(membersOf(of(told(pods), head?.uid ?? ''))).toEqual(members);
  });
});

describe('nodes of vLLM', () => {
  const say = (name: string, value: string | number | boolean): Mark =>
    mark(1, { kind: 'fact', name, value });
  const node = (rank: string, value: number): readonly Mark[] => [
    say(rank, value),
    say('vllm.head', '10.0.0.1'),
    say('data_parallel_size', 2),
    ...serves(1),
  ];
  /** Its engine is up, and there is no server to say so. */
  const engineOnly = (from: number, to: number): readonly Mark[] => [
    mark(from, BANNER),
    mark(from + 1, ended('model_config')),
    mark(to, lasted('engine_init', 1)),
  ];

  it.each<readonly [string, readonly PodEvidence[], readonly string[] | undefined]>([
    [
      'data parallel, every rank with a server of its own',
      [bare('a', node('data_parallel_rank', 0)), bare('b', node('data_parallel_rank', 1))],
      ['a leader 0', 'b worker 1'],
    ],
    [
      'a headless node that names the IP of the head',
      [
        pod('a', {
          started: 0,
          marks: [say('data_parallel_size', 2), ...serves(1)],
          story: { addresses: ['10.0.0.1'] },
        }),
        bare('b', [...engineOnly(1, 20), say('headless', true), say('vllm.head', '10.0.0.1')]),
      ],
      ['a leader 0', 'b worker ?'],
    ],
    [
      'two nodes that both begin at rank 0 are no group',
      [bare('a', node('data_parallel_rank', 0)), bare('b', node('data_parallel_rank', 0))],
      undefined,
    ],
    [
      'one pod that meets itself on loopback',
      [
        bare('a', [say('data_parallel_size', 2), say('vllm.head', '127.0.0.1'), ...serves(1)]),
        bare('b', serves(1)),
      ],
      undefined,
    ],
  ])('%s', (_what, pods, members) => expect(membersOf(of(told(pods), 'a'))).toEqual(members));

  it('are compared by their engines', () => {
    const late = bare('b', [...engineOnly(1, 30), say('headless', true), say('vllm.head', '10.0.0.1')]);
    const head = bare('a', [
      ...serves(1).slice(0, -1),
      say('data_parallel_size', 2),
      say('vllm.head', '10.0.0.1'),
      mark(40, READY),
    ]);
    expect(slowestText(of(told([head, late]), 'a'))).toMatch(/^b engine_ready \d+ s after the first/);
  });

  it('a headless one that only computes is ready when its head is', () => {
    const claim = lws(0, 2);
    const head = pod('engine-0', { claim, started: 0, marks: serves(20) });
    const silent = [
      mark(5, BANNER),
      mark(6, { kind: 'fact', name: 'headless', value: true } as const),
      mark(12, lasted('weight_loading', 3)),
    ];
    const worker = pod('engine-0-1', { claim: lws(1, 2), started: 4, marks: silent });
    const alone = of(told([worker]), 'engine-0-1');
    const together = of(told([head, worker]), 'engine-0-1');
    expect([alone.outcome, together.outcome, offsetOf(together.end.at)]).toEqual(['incomplete', 'ready', 25]);
  });
});

describe('what members prove about each other', () => {
  it('a head that never says so has its cluster when the last has joined', () => {
    const head = pod('engine-0', {
      claim: lws(0, 2),
      started: 1,
      marks: [...waits(3), mark(90, { kind: 'seen' })],
    });
    const worker = pod('engine-0-1', { claim: lws(1, 2), started: 5, marks: joins(6, 10) });
    const wait = of(told([head, worker]), 'engine-0').phases.find(({ name }) => name === 'ray_cluster_init');
    expect([wait?.certainty, offsetOf(wait?.end.at ?? (0n as never))]).toEqual(['derived', 10]);
  });

  it('but not while somebody is missing', () => {
    const head = pod('engine-0', {
      claim: lws(0, 3),
      started: 1,
      marks: [...waits(3), mark(90, { kind: 'seen' })],
    });
    const worker = pod('engine-0-1', { claim: lws(1, 3), started: 5, marks: joins(6, 10) });
    const wait = of(told([head, worker]), 'engine-0').phases.find(({ name }) => name === 'ray_cluster_init');
    expect(wait?.certainty).toBe('open');
  });

  const dies = pod('engine-0-1', {
    claim: lws(1, 2),
    started: 5,
    marks: [...joins(6, 10), mark(70, failed('ray_cluster'))],
  });

  it('a worker that fails after its group has served was ready', () => {
    const head = pod('engine-0', { claim: lws(0, 2), started: 1, marks: [...waits(3, 12), ...serves(20)] });
    expect(of(told([head, dies]), 'engine-0-1').outcome).toBe('ready');
  });

  it('one that fails before was not', () => {
    const head = pod('engine-0', { claim: lws(0, 2), started: 1, marks: [...waits(3, 12), ...serves(80)] });
    expect(of(told([head, dies]), 'engine-0-1').outcome).toBe('incomplete');
    expect(of(told([dies]), 'engine-0-1').outcome).toBe('incomplete');
  });
});
