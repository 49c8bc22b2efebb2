// Pending, provisioning, sandbox, Ready: conditions keep their last change only.

import { describe, expect, test } from 'vitest';
import type { PodStory, Witnessed } from '../../../lib/model/pod-story.ts';
import { condition, event, nanos, pod, second, story } from '../pods.ts';

const s = (seen: Witnessed | undefined) => seen && Number(seen.when.at - nanos(0)) / 1e9;

const ends = (told: PodStory, name: string) =>
  told.phases.filter((phase) => phase.name === name).map(({ start, end }) => [s(start), s(end)]);

const running = (at: number, restartCount = 0) => [
  { name: 'main', restartCount, state: { running: { startedAt: second(at) } } },
];

describe('pod_pending', () => {
  test('eventTime when the name is a UUID', () => {
    const scheduled = {
      ...event({ reason: 'Scheduled', message: 'Successfully assigned ns/demo to node-1', at: 7.5 }),
      metadata: { name: '3ea3ef66-5f89-43b7-b88b-6ee26f5b18a4' },
      firstTimestamp: null,
      eventTime: '2026-11-22T01:00:07.123456Z',
    };
    expect(ends(story(pod(), scheduled), 'pod_pending')).toEqual([[0, 7.123456]]);
  });

  test('nodeName preset: the condition, else startTime', () => {
    const preset = pod({
      status: { startTime: second(4), conditions: [condition('PodScheduled', 'True', 3)] },
    });
    expect(ends(story(preset), 'pod_pending')).toEqual([[0, 3]]);
    expect(ends(story(pod({ status: { startTime: second(4) } })), 'pod_pending')).toEqual([[0, 4]]);
  });

  test('never scheduled: open', () => {
    const gated = pod({
      status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 0, 'SchedulingGated')] },
    });
    expect(ends(story(gated), 'pod_pending')).toEqual([[0, undefined]]);
  });
});

describe('node_provisioning', () => {
  const scheduled = event({
    reason: 'Scheduled',
    message: 'Successfully assigned ns/demo to node-1',
    at: 90.5,
    fieldPath: false,
  });
  test.each(['TriggeredScaleUp', 'Nominated'])('%s → Scheduled', (reason) => {
    expect(ends(story(event({ reason, message: 'x', at: 10.5 }), scheduled), 'node_provisioning')).toEqual([
      [10.5, 90.5],
    ]);
  });
  test('not when the pod was scheduled before', () => {
    expect(
      ends(story(event({ reason: 'Nominated', message: 'x', at: 95.5 }), scheduled), 'node_provisioning'),
    ).toEqual([]);
  });
});

describe('pod_sandbox', () => {
  const status = (at: number, value = 'True') => ({
    startTime: second(1),
    conditions: [condition('PodReadyToStartContainers', value, at)],
    containerStatuses: running(9),
  });
  test('scheduled → PodReadyToStartContainers', () => {
    expect(ends(story(pod({ status: status(5) })), 'pod_sandbox')).toEqual([[1, 5]]);
  });
  test('a sandbox made anew after containers ran is another one', () => {
    expect(ends(story(pod({ status: status(50) })), 'pod_sandbox')).toEqual([]);
  });
  test('torn down after the end: not told', () => {
    expect(ends(story(pod({ status: status(50, 'False') })), 'pod_sandbox')).toEqual([]);
  });
  test('open while it is waited for', () => {
    const waiting = {
      phase: 'Pending',
      startTime: second(1),
      conditions: [condition('PodReadyToStartContainers', 'False', 1)],
    };
    expect(ends(story(pod({ status: waiting })), 'pod_sandbox')).toEqual([[1, undefined]]);
  });
});

describe('ready', () => {
  const at = (ready: string, since: number, started: number, more = {}) =>
    pod({
      status: { conditions: [condition('Ready', ready, since)], containerStatuses: running(started) },
      ...more,
    });

  test('True since', () => expect(s(story(at('True', 30, 9)).ready)).toBe(30));
  test('False tells nothing', () => expect(story(at('False', 30, 9)).ready).toBeUndefined());
  test('True from before the last start is of an earlier attempt', () => {
    expect(story(at('True', 30, 40)).ready).toBeUndefined();
  });
  test('a watch keeps the first Ready of a run that flapped', () => {
    const first = at('True', 30, 9, { metadata: { resourceVersion: '5' } });
    const again = at('True', 70, 9, { metadata: { resourceVersion: '9' } });
    expect(s(story(again, first).ready)).toBe(30);
  });
});

describe('runs', () => {
  test('a watch tells what a dump forgets', () => {
    const version = (resourceVersion: string, restartCount: number, state: object, lastState: object) =>
      pod({
        metadata: { resourceVersion },
        status: { containerStatuses: [{ name: 'main', restartCount, state, lastState }] },
      });
    const over = (from: number) => ({
      terminated: { exitCode: 1, reason: 'Error', startedAt: second(from), finishedAt: second(from + 2) },
    });
    const told = story(
      version('1', 0, over(10), {}),
      version('2', 1, { waiting: { reason: 'CrashLoopBackOff' } }, over(20)),
      version('3', 2, { running: { startedAt: second(40) } }, over(20)),
      event({ reason: 'Started', message: 'Container started', at: 10.5, count: 3, last: 40 }),
    );
    expect(told.runs.map((run) => [run.restart, s(run.started), s(run.finished)])).toEqual([
      [0, 10.5, 12],
      [1, 20, 22],
      [2, 40, undefined],
    ]);
  });

  test('a native sidecar is no init container', () => {
    const spec = {
      initContainers: [{ name: 'log', image: 'x', restartPolicy: 'Always' }],
      containers: [{ name: 'main', image: 'y' }],
    };
    const told = story(
      pod({ spec }),
      event({ reason: 'Started', message: 'Container started', at: 3.5, container: 'log', init: true }),
    );
    expect(told.runs.map((run) => [run.container, run.kind])).toEqual([['log', 'sidecar']]);
    expect(ends(told, 'init_container')).toEqual([]);
  });

  test('a forged restart count does not fill the memory', () => {
    const status = {
      containerStatuses: [{ name: 'main', restartCount: 1e9, state: { running: { startedAt: second(9) } } }],
    };
    expect(story(pod({ status })).runs.length).toBeLessThan(200);
  });

  test('StartError never started (startedAt is 1970)', () => {
    const terminated = {
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: second(9),
    };
    const told = story(
      pod({
        status: {
          containerStatuses: [
            {
              name: 'main',
              restartCount: 0,
              state: { waiting: { reason: 'RunContainerError' } },
              lastState: { terminated },
            },
          ],
        },
      }),
    );
    expect(ends(told, 'container_creating')).toEqual([[undefined, 9]]);
  });
});

test('a static pod: its kubelet speaks of the hash', () => {
  const mirror = pod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'abc123' } } });
  const said = event({ reason: 'Started', message: 'Container started', at: 3.5 });
  const told = story(mirror, {
    ...said,
    involvedObject: { ...(said['involvedObject'] as object), uid: 'abc123' },
  });
  expect(s(told.runs[0]?.started)).toBe(3.5);
});

test('ended: deletion asked for, or over', () => {
  expect(
    s(story(pod({ metadata: { deletionTimestamp: second(48), deletionGracePeriodSeconds: 30 } })).ended),
  ).toBe(18);
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: second(9), finishedAt: second(50) };
  const done = {
    phase: 'Succeeded',
    containerStatuses: [{ name: 'main', restartCount: 0, state: { terminated } }],
  };
  expect(s(story(pod({ status: done })).ended)).toBe(50);
});

describe('readies', () => {
  const ended = (restartCount: number, from: number, to: number) => ({
    restartCount,
    state: {
      terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: second(from), finishedAt: second(to) },
    },
  });
  const over = (spec: object = {}) =>
    pod({
      spec: { containers: [{ name: 'main', image: 'x', ...spec }] },
      status: { phase: 'Failed', containerStatuses: [{ name: 'main', ...ended(0, 9, 40) }] },
    });

  test('nothing probes: Ready once it runs', () => {
    expect(story(over()).readies?.map((ready) => [s(ready), ready.derived])).toEqual([[9, true]]);
    expect(story(over()).ready).toBeUndefined();
  });
  test.each(['readinessProbe', 'startupProbe'])('a %s: not known', (probe) => {
    expect(story(over({ [probe]: { httpGet: {} } })).readies).toEqual([]);
  });
  test('the condition is better where it tells', () => {
    const told = pod({
      status: { conditions: [condition('Ready', 'True', 10)], containerStatuses: running(9) },
    });
    expect(story(told).readies?.map((ready) => [s(ready), ready.derived])).toEqual([[10, undefined]]);
  });
});
