// What every span of a startup says, and where it hangs.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodTrace } from '../../lib/model/trace.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { at, BARE, FAILED, phase, READY, SETTINGS, startup } from './sample-startups.ts';

function only(traces: readonly PodTrace[]): PodTrace {
  const [trace] = traces;
  if (trace === undefined || traces.length !== 1) throw new Error(`${traces.length} traces`);
  return trace;
}

const ofPod = () => only(toTraces([FAILED, READY], SETTINGS));

const spanNamed = (trace: PodTrace, name: string, attempt: number) => {
  const span = trace.spans.find(
    (each) => each.name === name && each.attributes['startup.attempt'] === attempt,
  );
  if (span === undefined) throw new Error(`no ${name} in attempt ${attempt}`);
  return span;
};

describe('a pod with two attempts', () => {
  it('is one trace, every attempt with its root, phases and gaps', () => {
    const { spans } = ofPod();
    expect(spans.map(({ name }) => name)).toEqual([
      ...['endpoint_startup', 'pod_pending', 'image_pull', 'startup', 'vllm_init', 'weight_loading', 'gap'],
      ...['endpoint_startup', 'startup', 'vllm_init', 'weight_loading', 'server_ready', 'gap'],
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(
      new Set(['f0c223c56d2c3bf3bf7549fcbaffe507']),
    );
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('has the published ids: root baef1a7e210a40c8, vllm_init 9cc67ce52dbeb09f, the restarted weight_loading 8709f529350f6d8b', () => {
    const trace = ofPod();
    expect(spanNamed(trace, 'endpoint_startup', 0).spanId).toBe('baef1a7e210a40c8');
    expect(spanNamed(trace, 'vllm_init', 0).spanId).toBe('9cc67ce52dbeb09f');
    expect(spanNamed(trace, 'weight_loading', 1).spanId).toBe('8709f529350f6d8b');
  });

  it('joins llm-engine’s own traces under sha256', () => {
    const { spans } = only(toTraces([READY], { ...SETTINGS, traceIdScheme: 'sha256-llm-engine' }));
    expect(spans[0]?.traceId).toBe('0c039b4dbc4672b73d1c14413d3a06d4');
  });

  it('has parentless roots, the later one linked to the earlier', () => {
    const trace = ofPod();
    const [first, second] = [0, 1].map((attempt) => spanNamed(trace, 'endpoint_startup', attempt));
    expect([first?.parentSpanId, second?.parentSpanId]).toEqual([undefined, undefined]);
    expect(first?.links).toEqual([]);
    expect(second?.links).toMatchObject([{ traceId: first?.traceId, spanId: first?.spanId }]);
  });

  it('hangs every phase and gap under the nearest ancestor of its own attempt', () => {
    const trace = ofPod();
    const parents = trace.spans.map((span) => {
      const parent = trace.spans.find(({ spanId }) => spanId === span.parentSpanId);
      return `${span.name} < ${parent?.name ?? '-'} ${parent?.attributes['startup.attempt'] ?? ''}`.trim();
    });
    expect(parents).toEqual([
      'endpoint_startup < -',
      'pod_pending < endpoint_startup 0',
      'image_pull < endpoint_startup 0',
      'startup < endpoint_startup 0',
      'vllm_init < startup 0',
      'weight_loading < vllm_init 0',
      'gap < endpoint_startup 0',
      'endpoint_startup < -',
      'startup < endpoint_startup 1',
      'vllm_init < startup 1',
      'weight_loading < vllm_init 1',
      'server_ready < startup 1',
      'gap < vllm_init 1',
    ]);
  });

  it('marks what failed: the root and the open phases, with the cause; not what ended well before', () => {
    const failed = ofPod().spans.filter(({ status }) => status === 'error');
    expect(failed.map(({ name, statusMessage }) => [name, statusMessage])).toEqual([
      ['endpoint_startup', 'out_of_gpu_memory'],
      ['startup', 'out_of_gpu_memory'],
      ['vllm_init', 'out_of_gpu_memory'],
      ['weight_loading', 'out_of_gpu_memory'],
    ]);
  });
});

describe('attributes', () => {
  it('of a phase: the seed’s names, the conventions, what it measured and its own facts', () => {
    expect(spanNamed(ofPod(), 'weight_loading', 1).attributes).toEqual({
      endpoint_name: 'llama',
      model_name: 'meta-llama/Llama-3-8B',
      gpu_type: 'nvidia-hopper-h100',
      num_gpus: 8,
      node_name: 'node-a',
      namespace: 'prod',
      image_tag: 'v0.11.0',
      region: 'us-west-2',
      'k8s.cluster.name': 'prod-eu',
      'k8s.namespace.name': 'prod',
      'k8s.pod.name': 'llama-0',
      'k8s.pod.uid': 'test-pod-uid',
      'k8s.node.name': 'node-a',
      'k8s.container.name': 'main',
      'k8s.container.restart_count': 1,
      'container.image.name': 'registry.example:5000/vllm/vllm-openai',
      'container.image.tags': ['v0.11.0'],
      'cloud.region': 'us-west-2',
      duration_seconds: 12.340000001,
      'startup.attempt': 1,
      'startup.certainty': 'derived',
      'startup.precision_seconds': 1,
      'startup.precision_start_seconds': 1,
      'startup.precision_end_seconds': 1e-9,
      'startup.reported_seconds': 12.34,
      'startup.evidence': ['end prod/llama-0/main/0:42 Model loading took 14.96 GiB and 12.34 seconds'],
      'rank.count': 8,
      'rank.slowest': 'TP3',
      'rank.spread_seconds': 0.8,
      'vllm.weights_gib': 14.96,
    });
  });

  it('of a ready root', () => {
    expect(spanNamed(ofPod(), 'endpoint_startup', 1).attributes).toMatchObject({
      total_startup_seconds: 31.000000007,
      'startup.pod_total_seconds': 61.000000007,
      'startup.coverage': 0.97,
      'startup.class': 'cold',
      'startup.outcome': 'ready',
      'startup.certainty': 'observed',
      'startup.engine': 'vllm',
      'startup.engine_version': '0.11.0',
      'startup.missing': ['torch_compile: eager mode'],
      'startup.evidence': [
        'start prod/llama-0/main/0 creationTimestamp',
        'end prod/llama-0/main/0:90 Application startup complete.',
      ],
    });
  });

  it('of a failed root: the cause and its proof, and no total, for it never got ready', () => {
    const { attributes } = spanNamed(ofPod(), 'endpoint_startup', 0);
    expect(attributes).toMatchObject({
      'startup.outcome': 'failed',
      'startup.failure.cause': 'out_of_gpu_memory',
      'startup.failure.phase': 'weight_loading',
      'startup.failure.evidence': 'at prod/llama-0/main/0:57 torch.OutOfMemoryError: CUDA out of memory.',
    });
    expect(attributes).not.toHaveProperty('total_startup_seconds');
  });

  it('of a gap: between what, proved by what', () => {
    expect(spanNamed(ofPod(), 'gap', 0).attributes).toMatchObject({
      'gap.parent': 'endpoint_startup',
      'gap.after': 'image_pull',
      duration_seconds: 3,
      'startup.evidence': [
        'before prod/llama-0/main/0 Container image already present',
        'after prod/llama-0/main/0 Started container main',
      ],
    });
  });

  it('never invents: a bare log has no pod name, no endpoint, no "unknown"', () => {
    const { resource, spans } = only(toTraces([BARE], { traceIdScheme: 'md5', serviceName: 's' }));
    expect(resource).toEqual({ 'service.name': 's', 'k8s.pod.uid': '0123', 'pod.uid_synthetic': true });
    const { attributes, status } = spans[0] ?? {};
    expect(
      Object.keys(attributes ?? {}).filter((key) =>
        /^(endpoint_name|model_name|k8s\.container|container)/.test(key),
      ),
    ).toEqual([]);
    expect(status).toBe('unset');
    expect(attributes?.['startup.certainty']).toBe('open');
  });

  it('of another container’s phase do not carry the main container’s image', () => {
    const init = phase('init_container', at(1), at(2), { container: 'model-downloader' });
    const { attributes } = spanNamed(
      only(toTraces([startup({ phases: [init] })], SETTINGS)),
      'init_container',
      0,
    );
    expect(attributes['k8s.container.name']).toBe('model-downloader');
    expect(attributes).not.toHaveProperty('container.image.name');
    expect(attributes['image_tag']).toBe('v0.11.0');
  });
});

describe('the resource', () => {
  it('is one per pod', () => {
    expect(ofPod().resource).toEqual({
      'service.name': 'vllm-startup',
      'k8s.cluster.name': 'prod-eu',
      'k8s.namespace.name': 'prod',
      'k8s.pod.name': 'llama-0',
      'k8s.pod.uid': 'test-pod-uid',
      'k8s.node.name': 'node-a',
      'cloud.region': 'us-west-2',
    });
  });
});

it('does not depend on the order of the startups', () => {
  const expected = toTraces([FAILED, READY, BARE], SETTINGS);
  fc.assert(
    fc.property(fc.shuffledSubarray([FAILED, READY, BARE], { minLength: 3 }), (shuffled) => {
      expect(toTraces(shuffled, SETTINGS)).toEqual(expected);
    }),
  );
});
