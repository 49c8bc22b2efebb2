// Which runs of a container have a log, where the kubelet has them, and that a restart between lends none to another.

import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/base/json.ts';
import { openLog } from '../../../lib/sources/kube/open-log.ts';
import { logTargets, placeOf } from '../../../lib/sources/kube/pod-logs.ts';
import { asking } from './asking.ts';
import { type Fault, fakeCluster } from './fake-cluster.ts';

const RUNNING = { running: { startedAt: '2026-11-22T01:00:00Z' } };
const ENDED = { terminated: { exitCode: 1 } };
const WAITING = { waiting: { reason: 'CrashLoopBackOff' } };

const podWith = (
  restartCount: number,
  state: JsonObject,
  lastState: JsonObject = {},
  uid = 'u',
): JsonObject => ({
  metadata: { name: 'p', namespace: 'demo', uid },
  status: { containerStatuses: [{ name: 'c', restartCount, state, lastState }] },
});

const STATES: readonly (readonly [title: string, pod: JsonObject, runs: readonly number[]])[] = [
  ['runs for the first time', podWith(0, RUNNING), [0]],
  ['waits for its first start', podWith(0, WAITING), []],
  ['runs again', podWith(2, RUNNING, ENDED), [2, 1]],
  ['has ended for good', podWith(1, ENDED, ENDED), [1, 0]],
  [
    'waits in back-off: what has just ended is the run that the count counts',
    podWith(3, WAITING, ENDED),
    [3],
  ],
  ['has no status yet', { metadata: { name: 'p', namespace: 'demo', uid: 'u' }, status: {} }, []],
  ['has a count that is none', podWith(-1, RUNNING), [0]],
];

describe('logTargets', () => {
  it.each(STATES)('a container that %s', (_title, pod, runs) => {
    expect(logTargets(pod).map(({ run }) => run)).toEqual(runs);
  });

  it('init containers come too, first', () => {
    const pod = { ...podWith(0, RUNNING) };
    const status = {
      ...(pod['status'] as JsonObject),
      initContainerStatuses: [{ name: 'i', restartCount: 0, state: ENDED }],
    };
    expect(logTargets({ ...pod, status }).map(({ container }) => container)).toEqual(['i', 'c']);
  });
});

describe('placeOf', () => {
  const target = { namespace: 'demo', pod: 'p', uid: 'u', container: 'c', started: undefined };

  it.each([
    ['of a first run', podWith(0, RUNNING), 0, 'current'],
    ['of the run before', podWith(1, RUNNING, ENDED), 0, 'previous'],
    ['while it waits', podWith(1, WAITING, ENDED), 1, 'current'],
    ['of the run before, while it waits: the kubelet has forgotten', podWith(1, WAITING, ENDED), 0, 'gone'],
    ['two restarts later', podWith(2, RUNNING, ENDED), 0, 'gone'],
    ['of a pod that was replaced by one of its name', podWith(0, RUNNING, {}, 'other'), 0, 'gone'],
  ] as const)('%s', (_title, pod, run, place) => {
    expect(placeOf(pod, { ...target, run })).toBe(place);
  });
});

describe('openLog', () => {
  const logs = { 'c/0': 'run zero\n', 'c/1': 'run one\n', 'c/2': 'run two\n' };

  /** The pod was listed as `before`; when its log is asked for the first time it has become `then`. */
  const opened = async (before: JsonObject, then: JsonObject, run: number) => {
    const fault: Fault = ({ path }) => {
      if (path.endsWith('/log')) cluster.world.pods = [then];
      return false;
    };
    await using cluster = await fakeCluster({ world: { pods: [before], logs }, fault });
    const { cluster: asked } = asking(cluster.url);
    const target = { namespace: 'demo', pod: 'p', uid: 'u', container: 'c', started: undefined, run };
    const answer = await openLog(asked.askLog, { target, pod: before, since: undefined });
    const said = answer.kind === 'log' ? await text(Readable.from(answer.reply.body)) : answer.kind;
    return {
      said,
      asked: cluster.calls.filter(({ path }) => path.endsWith('/log')).map(({ query }) => query['previous']),
    };
  };

  it.each([
    ['nothing changes', podWith(1, RUNNING, ENDED), podWith(1, RUNNING, ENDED), 1, 'run one\n', [undefined]],
    ['the run before', podWith(1, RUNNING, ENDED), podWith(1, RUNNING, ENDED), 0, 'run zero\n', ['true']],
    [
      'it restarts meanwhile: the run is the one before now',
      podWith(1, RUNNING, ENDED),
      podWith(2, RUNNING, ENDED),
      1,
      'run one\n',
      [undefined, 'true'],
    ],
    [
      'it ends and waits: still the same run',
      podWith(1, RUNNING, ENDED),
      podWith(1, WAITING, ENDED),
      1,
      'run one\n',
      [undefined],
    ],
    [
      'the run before is forgotten meanwhile',
      podWith(1, RUNNING, ENDED),
      podWith(2, RUNNING, ENDED),
      0,
      'gone',
      ['true'],
    ],
    [
      'another pod of that name',
      podWith(0, RUNNING),
      podWith(0, RUNNING, {}, 'other'),
      0,
      'gone',
      [undefined],
    ],
  ] as const)('%s', async (_title, before, then, run, said, asked) => {
    expect(await opened(before, then, run)).toEqual({ said, asked });
  });

  it('of a deleted pod there is none', async () => {
    await using cluster = await fakeCluster();
    const target = { namespace: 'demo', pod: 'p', uid: 'u', container: 'c', started: undefined, run: 0 };
    const pod = podWith(0, RUNNING);
    expect(await openLog(asking(cluster.url).cluster.askLog, { target, pod, since: undefined })).toEqual({
      kind: 'none',
    });
  });
});
