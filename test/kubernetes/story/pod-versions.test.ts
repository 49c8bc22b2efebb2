// Versions of a pod and patches of its status, put in order and applied.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, MICROSECOND } from '../../../lib/base/instant.ts';
import type { JsonObject } from '../../../lib/base/json.ts';
import {
  type PodRecord,
  podRecord,
  type Seen,
  untimedConditions,
} from '../../../lib/kubernetes/objects/pod-record.ts';
import { podVersions } from '../../../lib/kubernetes/story/pod-versions.ts';
import { condition, nanos, pod, second, UID } from '../pods.ts';

function record(object: JsonObject): PodRecord {
  const made = podRecord(object);
  if (made.kind !== 'pod') throw new Error('expected a pod');
  return made;
}

const seenAt = (n: number): Seen => ({
  when: { at: instant(nanos(n)), precision: MICROSECOND },
  rule: 'audit.status_patch',
  source: `audit/${n}`,
});

/** A patch that the API server got `at` seconds after the hour. */
const patch = (at: number, status: JsonObject): PodRecord => {
  const untimed = untimedConditions(status);
  return {
    ...record({ metadata: { uid: UID, name: 'demo', namespace: 'ns' }, status }),
    seen: seenAt(at),
    isPatch: true,
    ...(untimed.length > 0 ? { untimed } : {}),
  };
};

const status = (restartCount: number, state: JsonObject, lastState: JsonObject = {}): JsonObject => ({
  name: 'main',
  restartCount,
  state,
  lastState,
});

const running = (at: number) => ({ running: { startedAt: second(at) } });
const terminated = (from: number, to: number) => ({
  terminated: { startedAt: second(from), finishedAt: second(to), exitCode: 1 },
});

const newest = (...records: readonly PodRecord[]): PodRecord => {
  const last = podVersions(records).at(-1);
  if (last === undefined) throw new Error('expected a version');
  return last;
};

const made = record(pod({ metadata: { labels: { app: 'x' } }, status: { phase: 'Pending' } }));

describe('a patch', () => {
  test('changes what it names and keeps the rest', () => {
    const scheduled = patch(1.1, {
      conditions: [condition('PodScheduled', 'True', 1)],
      startTime: second(1),
    });
    const ready = patch(9.2, { conditions: [condition('Ready', 'True', 9)], phase: 'Running' });
    const pods = newest(made, scheduled, ready);
    expect(pods.conditions.map(({ type }) => type)).toEqual(['PodScheduled', 'Ready']);
    expect(pods).toMatchObject({ phase: 'Running', labels: { app: 'x' }, node: 'node-1', version: 1 });
    expect(pods.start?.at).toBe(nanos(1));
    expect(pods.containers).toBe(made.containers);
    expect(pods.isPatch).toBeUndefined();
  });

  test('replaces a container status whole, and no other', () => {
    const first = patch(3.5, {
      containerStatuses: [status(0, running(3)), { ...status(0, running(4)), name: 'proxy' }],
    });
    const second_ = patch(8.5, { containerStatuses: [status(0, terminated(3, 8))] });
    const pods = newest(made, first, second_);
    expect(
      pods.statuses.map(({ container, runs }) => [container, runs.map(({ exitCode }) => exitCode)]),
    ).toEqual([
      ['main', [1]],
      ['proxy', [undefined]],
    ]);
  });

  test('that names no time keeps the second of the change before', () => {
    const off = patch(5.1, { conditions: [condition('Ready', 'False', 5)] });
    const on = patch(5.8, { conditions: [{ type: 'Ready', status: 'True' }] });
    expect(newest(made, off, on).conditions).toMatchObject([
      { type: 'Ready', isTrue: true, at: { at: nanos(5) } },
    ]);
    // Without the change before, its second is not known.
    expect(newest(made, on).conditions).toEqual([]);
  });

  test('alone stands for itself, and names its containers', () => {
    const only = newest(patch(3.5, { containerStatuses: [status(0, running(3))], phase: 'Running' }));
    expect(only).toMatchObject({ phase: 'Running', isPatch: true, labels: {}, containers: [] });
  });

  test('does not reach into the version that the audit log saw after it', () => {
    const before = patch(3, { phase: 'Running' });
    const after = {
      ...record(pod({ status: { phase: 'Failed' }, metadata: { resourceVersion: '9' } })),
      seen: seenAt(4),
    };
    expect(newest(made, before, after).phase).toBe('Failed');
  });
});

describe('a dump does not say when it was taken', () => {
  const crashed = patch(8.4, { containerStatuses: [status(0, terminated(3, 8))], phase: 'Running' });

  test('it is later when it tells of something later', () => {
    const dump = record(pod({ status: { containerStatuses: [status(3, running(60), terminated(40, 44))] } }));
    expect(newest(crashed, dump).statuses[0]?.restarts).toBe(3);
  });

  test('it is later when it tells all that the patch tells', () => {
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const dump = record(
      pod({ status: { phase: 'Running', containerStatuses: [status(0, waiting, terminated(3, 8))] } }),
    );
    expect(newest(crashed, dump).statuses[0]?.waiting?.reason).toBe('CrashLoopBackOff');
  });

  test('it is earlier when it does not know yet that the container waits', () => {
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const backedOff = patch(8.9, { containerStatuses: [status(0, waiting, terminated(3, 8))] });
    const dump = record(pod({ status: { containerStatuses: [status(0, terminated(3, 8))] } }));
    expect(newest(backedOff, dump).statuses[0]?.waiting?.reason).toBe('CrashLoopBackOff');
  });

  test('it is earlier when the patch knows more', () => {
    const dump = record(pod({ status: { containerStatuses: [status(0, running(3))] } }));
    expect(newest(crashed, dump).statuses[0]?.runs[0]?.exitCode).toBe(1);
  });
});

test('order and repetition change nothing', () => {
  const moment = fc.integer({ min: 1, max: 30 });
  const one = fc.oneof(
    fc.record({ at: moment, turned: fc.constantFrom('True', 'False', undefined) }).map(({ at, turned }) =>
      patch(at + 0.3, {
        conditions: [
          turned === undefined ? { type: 'Ready', status: 'True' } : condition('Ready', turned, at),
        ],
      }),
    ),
    fc
      .tuple(moment, moment)
      .map(([from, to]) => patch(to + 0.1, { containerStatuses: [status(0, terminated(from, to))] })),
    moment.map((at) => record(pod({ status: { conditions: [condition('Ready', 'True', at)] } }))),
    moment.map((at) =>
      record(pod({ metadata: { resourceVersion: String(at) }, status: { startTime: second(at) } })),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (records, order) => {
        const keyed = [...records, ...records.slice(0, 3)].map((value) => ({
          value,
          key: order.next().value,
        }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
        expect(podVersions(shuffled)).toEqual(podVersions(records));
      },
    ),
  );
});
