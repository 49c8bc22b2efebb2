// The attributes that pods and nodes tell, and the secrets that they must not.

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../lib/base/json.ts';
import { recordOf, storiesOf } from '../../../lib/kubernetes/index.ts';
import { normalGpu } from '../../../lib/kubernetes/objects/gpu.ts';
import { imageName } from '../../../lib/model/image-name.ts';
import { event, pod, recordsOf, story } from '../pods.ts';

test.each([
  ['nvidia-hopper-h100', 'h100'],
  ['nvidia-ampere-a100e', 'a100e'],
  ['nvidia-hopper-h100-1g20gb', 'h100-1g20gb'],
  ['nvidia-tesla-t4', 't4'],
  ['nvidia-l4', 'l4'],
  ['nvidia-h100-80gb', 'h100'],
  ['NVIDIA-A100-SXM4-80GB', 'a100'],
  ['NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', 'a100-1g5gb'],
  ['NVIDIA-L40S', 'l40s'],
  ['NVIDIA-GH200-480GB', 'gh200'],
  ['Tesla-V100-SXM2-16GB', 'v100'],
  ['NVIDIA-GeForce-RTX-4090', 'rtx-4090'],
  ['AMD_Instinct_MI300X_OAM', 'mi300x'],
  ['tpu-v5-lite-podslice', 'tpu-v5-lite-podslice'],
])('%s is %s', (raw, name) => {
  expect(normalGpu(raw)).toBe(name);
});

test.each([
  ['vllm/vllm-openai:v0.11.0', 'vllm/vllm-openai', 'v0.11.0'],
  ['127.0.0.1:5000/work:a1', '127.0.0.1:5000/work', 'a1'],
  ['registry.lab:5000/work', 'registry.lab:5000/work', 'latest'],
  ['repo/x:v1@sha256:abc', 'repo/x', 'v1'],
  ['repo/x@sha256:abc', 'repo/x', undefined],
])('%s', (image, name, tag) => {
  expect(imageName(image)).toEqual({ name, tag });
});

const withCommand = (command: readonly string[], env: readonly JsonObject[] = []) =>
  story(pod({ spec: { containers: [{ name: 'main', image: 'x', command, env }] } })).attributes['model_name'];

describe('model_name', () => {
  test.each([
    [['vllm', 'serve', 'Qwen/Qwen3-8B', '--port', '8000'], 'Qwen/Qwen3-8B'],
    [['vllm', 'serve', '/mnt/models', '--served-model-name', 'llama', 'other'], 'llama'],
    [['python', '-m', 'vllm.entrypoints.openai.api_server', '--model=meta-llama/L'], 'meta-llama/L'],
    [
      [
        '/bin/bash',
        '-c',
        'set -e; ./s5cmd cp s3://b/* m; python -m vllm_server --model m --served-model-name "llama-3"',
      ],
      'llama-3',
    ],
    [['/bin/bash', '-c', 'exec vllm serve \\\n  org/name \\\n  --tp 8'], 'org/name'],
    [['vllm', 'serve', '$(MODEL)'], 'org/from-env'],
    [['vllm', 'serve', '$UNKNOWN'], undefined],
    [['sleep', 'infinity'], undefined],
  ])('%j', (command, name) => {
    expect(withCommand(command, [{ name: 'MODEL', value: 'org/from-env' }])).toBe(name);
  });
});

test('all that a pod of llm-engine tells', () => {
  const told = story(
    pod({
      metadata: {
        labels: { endpoint_name: 'llama', 'tags.datadoghq.com/service': 'x', app: 'y' },
        annotations: { 'kubectl.kubernetes.io/default-container': 'main' },
        ownerReferences: [{ kind: 'ReplicaSet', controller: true }],
      },
      spec: {
        nodeName: 'ip-10-0-175-230.us-west-1.compute.internal',
        nodeSelector: { 'k8s.amazonaws.com/accelerator': 'nvidia-hopper-h100' },
        containers: [
          { name: 'http-forwarder', image: 'fwd:1' },
          { name: 'main', image: 'repo/vllm:0.11', resources: { limits: { 'nvidia.com/gpu': '8' } } },
        ],
      },
    }),
  );
  expect(told.attributes).toEqual({
    endpoint_name: 'llama',
    gpu_type: 'nvidia-hopper-h100',
    'gpu_type.short': 'h100',
    num_gpus: 8,
    node_name: 'ip-10-0-175-230.us-west-1.compute.internal',
    namespace: 'ns',
    image_tag: '0.11',
    'container.image.name': 'repo/vllm',
    region: 'us-west-1',
  });
  expect([told.defaultContainer, told.owner]).toEqual(['main', 'ReplicaSet']);
});

test('the node tells region and accelerator', () => {
  const labels = { 'topology.kubernetes.io/region': 'eu-north-1', 'nvidia.com/gpu.product': 'NVIDIA-L4' };
  const node = { kind: 'Node', metadata: { name: 'node-1', labels } };
  const gpu = { limits: { 'nvidia.com/gpu': 1 } };
  const told = story(pod({ spec: { containers: [{ name: 'main', image: 'x', resources: gpu }] } }), node);
  expect(told.attributes).toMatchObject({ region: 'eu-north-1', gpu_type: 'NVIDIA-L4', num_gpus: 1 });
  expect(story(pod(), node).attributes['gpu_type']).toBeUndefined();
});

test('a canary never comes out', () => {
  const CANARY = 'c4n4ry-c4n4ry-c4n4ry';
  const records = recordsOf([
    pod({
      metadata: {
        labels: { hf_token: CANARY },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARY },
      },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'x',
            args: ['serve', 'm', '--api-key', CANARY],
            env: [{ name: 'HF_TOKEN', value: CANARY }],
          },
          { name: 'side', image: 'x', command: ['sh', '-c', `export HF_TOKEN=${CANARY}; run`] },
        ],
      },
      status: {
        containerStatuses: [
          { name: 'main', state: { waiting: { reason: 'ErrImagePull', message: `token=${CANARY}` } } },
        ],
      },
    }),
    event({ reason: 'Failed', message: `Failed to pull image "https://u:${CANARY}@r/x": 401`, at: 3.5 }),
  ]);
  const text = JSON.stringify([records, storiesOf(records)], (_, v) =>
    typeof v === 'bigint' ? String(v) : v,
  );
  expect(text).toContain('[redacted]');
  expect(text).not.toContain(CANARY);
});

test.each([
  ['a pod without uid', { kind: 'Pod', metadata: { name: 'x', namespace: 'ns' } }, 'pod/ns/x'],
  [
    'an event without the uid of its pod',
    { kind: 'Event', metadata: { name: 'e' }, involvedObject: { kind: 'Pod' } },
    'event/e',
  ],
])('%s is unusable', (_, object, where) => {
  expect(recordOf(object)).toMatchObject({ kind: 'unusable', problem: { where } });
});

test.each([
  { kind: 'ConfigMap', metadata: { name: 'x' } },
  { kind: 'Event', metadata: { name: 'e' }, involvedObject: { kind: 'ReplicaSet', uid: '1' } },
  {},
])('%j is of no interest', (object) => {
  expect(recordOf(object)).toBeUndefined();
});
