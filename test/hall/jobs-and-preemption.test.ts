// Pods of Jobs, and pods that had to go for others: outcome, attempts and first cause.
//
// Made by hand, in the words of the programs that print them: conditions and the event Preempted by kube-scheduler
// (pkg/scheduler/framework/preemption/preemption.go, 1.26 to 1.36; "Preempted by pod UID on node" in 1.29,
// "Preempted by NS/NAME on node" up to 1.25), Preempting by the kubelet (pkg/kubelet/preemption/preemption.go),
// statuses by the kubelet.

import { describe, expect, it } from 'vitest';
import { event, pod, second, UID } from '../kubernetes/pods.ts';
import { replayedTree } from './replayed.ts';

type Json = Readonly<Record<string, unknown>>;

const JOB = { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'batch', controller: true }] };
const terminated = (exitCode: number, reason: string, from = 10, to = 19) => ({
  terminated: { exitCode, reason, startedAt: second(from), finishedAt: second(to) },
});

const condition = (type: string, status: string, at: number, reason?: string): Json => ({
  type,
  status,
  lastTransitionTime: second(at),
  ...(reason === undefined ? {} : { reason }),
});

interface Life {
  readonly phase: string;
  readonly state: Json;
  readonly restarts?: number;
  readonly lastState?: Json;
  readonly metadata?: Json;
  readonly more?: Json;
  readonly conditions?: readonly Json[];
}

const podOf = ({
  phase,
  state,
  restarts = 0,
  lastState = {},
  metadata = {},
  more = {},
  conditions = [],
}: Life) =>
  pod({
    metadata: { creationTimestamp: second(0), ...metadata },
    spec: { nodeName: 'node-1', restartPolicy: 'OnFailure', containers: [{ name: 'main', image: 'x' }] },
    status: {
      phase,
      startTime: second(1),
      conditions: [condition('PodScheduled', 'True', 1), ...conditions],
      containerStatuses: [{ name: 'main', restartCount: restarts, state, lastState }],
      ...more,
    },
  });

async function livesOf(...objects: readonly unknown[]): Promise<readonly string[]> {
  const { startups } = await replayedTree({
    'dump.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
  return startups.map(({ attempt, outcome, failure, note }) =>
    [attempt, outcome, failure?.cause ?? '-', note ?? ''].join(' ').trim(),
  );
}

/** deletionTimestamp lies a grace period after the request. */
const deletedAt = (at: number) => ({ deletionTimestamp: second(at + 30), deletionGracePeriodSeconds: 30 });
const DONE = '0 incomplete - the container ended without an engine';

describe('pods of a Job', () => {
  it.each([
    ['done', { phase: 'Succeeded', state: terminated(0, 'Completed'), metadata: JOB }, [DONE]],
    [
      'done, and removed by ttlSecondsAfterFinished',
      { phase: 'Succeeded', state: terminated(0, 'Completed'), metadata: { ...JOB, ...deletedAt(120) } },
      [DONE],
    ],
    [
      'failed, and removed afterwards: the crash is the first cause',
      { phase: 'Failed', state: terminated(1, 'Error'), metadata: { ...JOB, ...deletedAt(120) } },
      ['0 failed crash'],
    ],
    [
      'OnFailure: failed once, then done',
      {
        phase: 'Succeeded',
        restarts: 1,
        lastState: terminated(1, 'Error', 10, 12),
        state: terminated(0, 'Completed', 14, 19),
        metadata: JOB,
      },
      ['0 failed crash', '1 incomplete - the container ended without an engine'],
    ],
    [
      'activeDeadlineSeconds of the pod',
      {
        phase: 'Failed',
        state: terminated(143, 'Error'),
        metadata: JOB,
        more: {
          reason: 'DeadlineExceeded',
          message: 'Pod was active on the node longer than the specified deadline',
        },
      },
      ['0 failed deadline_exceeded'],
    ],
  ] satisfies readonly (readonly [string, Life, readonly string[]])[])('%s', async (_, life, lives) => {
    expect(await livesOf(podOf(life))).toEqual(lives);
  });

  it('Ready for a moment without any probe is no outcome of one that ends by itself', async () => {
    const runs = podOf({
      phase: 'Running',
      state: { running: { startedAt: second(10) } },
      metadata: { ...JOB, resourceVersion: '5' },
      conditions: [condition('Ready', 'True', 10)],
    });
    const done = podOf({
      phase: 'Succeeded',
      state: terminated(0, 'Completed'),
      metadata: { ...JOB, resourceVersion: '9' },
      conditions: [condition('Ready', 'False', 19, 'PodCompleted')],
    });
    expect(await livesOf(runs, done)).toEqual([DONE]);
  });

  it('a server without probes that was Ready, was asked to go and ended with 0 was ready', async () => {
    const runs = podOf({
      phase: 'Running',
      state: { running: { startedAt: second(10) } },
      metadata: { resourceVersion: '5' },
      conditions: [condition('Ready', 'True', 10)],
    });
    const gone = podOf({
      phase: 'Succeeded',
      state: terminated(0, 'Completed', 10, 95),
      metadata: { resourceVersion: '9', ...deletedAt(90) },
    });
    expect(await livesOf(runs, gone)).toEqual(['0 ready -']);
  });
});

const PREEMPTED = [
  'Preempted by a pod on node node-1',
  'Preempted by pod 0a1b2c3d-0000-4000-8000-000000000000 on node node-1',
  'Preempted by prod/big on node node-1',
];

describe('a pod that had to go for another', () => {
  const victim = (reason?: string, type = 'DisruptionTarget') =>
    podOf({
      phase: 'Running',
      state: { running: { startedAt: second(10) } },
      metadata: deletedAt(15),
      conditions: reason === undefined ? [] : [condition(type, 'True', 15, reason)],
    });

  it.each([
    ['1.26 and later', 'PreemptionByScheduler', 'DisruptionTarget'],
    ['1.25, alpha', 'PreemptionByKubeScheduler', 'AlphaNoCompatGuaranteeDisruptionTarget'],
  ])('its condition says so: %s', async (_, reason, type) => {
    expect(await livesOf(victim(reason, type))).toEqual(['0 failed preempted']);
  });

  it.each(PREEMPTED)('its event says so: %s', async (message) => {
    const said = {
      ...event({ reason: 'Preempted', message, at: 15.3, fieldPath: false }),
      reportingComponent: 'default-scheduler',
    };
    const stopped = event({ reason: 'Killing', message: 'Stopping container main', at: 15.2 });
    expect(await livesOf(victim(), said, stopped)).toEqual(['0 failed preempted']);
    expect(await livesOf(said, stopped)).toEqual(['0 failed preempted']);
  });

  it('by its kubelet, for a critical pod', async () => {
    const killed = podOf({
      phase: 'Failed',
      state: terminated(137, 'Error', 10, 16),
      conditions: [condition('DisruptionTarget', 'True', 15, 'TerminationByKubelet')],
      more: { reason: 'Preempting', message: 'Preempted in order to admit critical pod' },
    });
    expect(await livesOf(killed)).toEqual(['0 failed preempted']);
  });

  it.each([
    ['EvictionByEvictionAPI', 'evicted'],
    ['DeletionByTaintManager', 'evicted'],
    ['TerminationByKubelet', 'evicted'],
  ])('%s is none', async (reason, cause) => {
    expect(await livesOf(victim(reason))).toEqual([`0 failed ${cause}`]);
  });
});

describe('the pod that preempts', () => {
  const message =
    '0/1 nodes are available: 1 Insufficient nvidia.com/gpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
  const waits = {
    ...event({ reason: 'FailedScheduling', message, at: 0.5, fieldPath: false }),
    type: 'Warning',
  };
  const nominated = (status: Json) =>
    pod({
      metadata: { creationTimestamp: second(0), uid: UID },
      status: { nominatedNodeName: 'node-1', ...status },
    });

  it('waits for its node: not failed, and why it waits is said', async () => {
    const pending = nominated({
      phase: 'Pending',
      conditions: [condition('PodScheduled', 'False', 0, 'Unschedulable')],
    });
    expect(await livesOf(pending, waits)).toEqual(['0 incomplete unschedulable']);
  });

  it('got it in the end: no cause of anything', async () => {
    const runs = podOf({
      phase: 'Running',
      state: { running: { startedAt: second(40) } },
      conditions: [condition('Ready', 'True', 41)],
    });
    expect(await livesOf(runs, waits)).toEqual(['0 ready -']);
  });
});
