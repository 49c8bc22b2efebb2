// First causes of pods that did not start.

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../lib/base/json.ts';
import { condition, event, pod, second, story } from '../pods.ts';

const causes = (...objects: readonly JsonObject[]) =>
  story(...objects).failures.map(({ cause, phase, restart }) => `${cause} ${phase ?? '-'} ${restart}`);

const of = (reason: string, message: string, more = {}) => event({ reason, message, at: 20.5, ...more });

const status = (state: JsonObject, more: JsonObject = {}) =>
  pod({
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'main', restartCount: 0, state, lastState: {}, ...more }],
    },
  });

const ended = (exitCode: number, reason: string) => ({
  terminated: { exitCode, reason, startedAt: second(10), finishedAt: second(19) },
});

describe('events', () => {
  test.each([
    ['Failed', 'Failed to pull image "x": rpc error', ['image_pull image_pull 0']],
    ['Failed', 'Error: ImagePullBackOff', ['image_pull image_pull 0']],
    ['Failed', 'Error: configmap "c" not found', ['container_config container_creating 0']],
    ['Failed', 'Error: failed to create containerd task: runc', ['container_create container_creating 0']],
    ['Killing', 'Container main failed startup probe, will be restarted', ['probe_kill startup 0']],
    ['Killing', 'Stopping container main', ['deleted - 0']],
    ['Unhealthy', 'Startup probe failed: connection refused', []],
    [
      'FailedScheduling',
      '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.',
      ['unschedulable pod_pending 0'],
    ],
    ['FailedMount', 'MountVolume.SetUp failed for volume "cfg"', ['container_config pod_sandbox 0']],
    ['Evicted', 'The node was low on resource: ephemeral-storage.', ['evicted - 0']],
    ['Preempted', 'Preempted by pod 1-2-3 on node n', ['preempted - 0']],
    ['TaintManagerEviction', 'Marking for deletion Pod ns/demo', ['evicted - 0']],
    ['TaintManagerEviction', 'Cancelling deletion of Pod ns/demo', []],
    [
      'DeadlineExceeded',
      'Pod was active on the node longer than the specified deadline',
      ['deadline_exceeded - 0'],
    ],
  ])('%s: %s', (reason, message, expected) => {
    expect(causes(of(reason, message))).toEqual(expected);
  });

  test.each([
    ['Unschedulable', 'False', ['unschedulable pod_pending 0']],
    ['SchedulingGated', 'False', []],
    ['Unschedulable', 'True', []],
  ])('PodScheduled %s, %s, in the object alone', (reason, value, expected) => {
    const conditions = [condition('PodScheduled', value, 20, reason)];
    expect(causes(pod({ status: { phase: 'Pending', conditions } }))).toEqual(expected);
  });

  test('FailedScheduling is waiting once the pod was scheduled', () => {
    const scheduled = event({
      reason: 'Scheduled',
      message: 'Successfully assigned ns/demo to node-1',
      at: 30.5,
    });
    expect(causes(of('FailedScheduling', '0/3 nodes'), scheduled)).toEqual([]);
  });

  test('FailedMount is waiting once a container has started', () => {
    expect(
      causes(of('FailedMount', 'x'), event({ reason: 'Started', message: 'Container started', at: 40.5 })),
    ).toEqual([]);
  });
});

describe('status', () => {
  test.each([
    ['OOMKilled, with no event at all', status(ended(137, 'OOMKilled')), ['out_of_memory startup 0']],
    ['a crash', status(ended(1, 'Error')), ['crash startup 0']],
    ['a good end', status(ended(0, 'Completed')), []],
    [
      'a command that is not there',
      status(ended(128, 'StartError')),
      ['container_create container_creating 0'],
    ],
    [
      'waiting for an image',
      status({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } }),
      ['image_pull image_pull 0'],
    ],
    [
      'evicted',
      pod({ status: { phase: 'Failed', reason: 'Evicted', startTime: second(1) } }),
      ['evicted - 0'],
    ],
    [
      'refused by the kubelet',
      pod({ status: { phase: 'Failed', reason: 'UnexpectedAdmissionError', startTime: second(1) } }),
      ['device_unavailable pod_sandbox 0'],
    ],
    [
      'preempted',
      pod({
        status: {
          phase: 'Failed',
          conditions: [condition('DisruptionTarget', 'True', 9, 'PreemptionByScheduler')],
        },
      }),
      ['preempted - 0'],
    ],
  ])('%s', (_, object, expected) => {
    expect(causes(object)).toEqual(expected);
  });

  test('SIGTERM after a deletion is the deletion', () => {
    const object = pod({
      metadata: { deletionTimestamp: second(48), deletionGracePeriodSeconds: 30 },
      status: {
        phase: 'Failed',
        containerStatuses: [{ name: 'main', restartCount: 0, state: ended(143, 'Error') }],
      },
    });
    expect(causes(object)).toEqual(['deleted - 0']);
    // Asked for 30 s before the deadline.
    expect(story(object).failures[0]?.proof.text).toBe(`deletion asked for: ${second(18)}`);
  });

  test('a probe kill comes before the exit that it caused', () => {
    const kill = event({
      reason: 'Killing',
      message: 'Container main failed liveness probe, will be restarted',
      at: 18.5,
    });
    expect(causes(status(ended(143, 'Error')), kill)[0]).toBe('probe_kill startup 0');
  });
});
