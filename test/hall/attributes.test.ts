// Where each attribute comes from: every source alone, then every source against all that come after it.
//
// docs/attributes.md lists the same sources in the same order; the last test holds it to that.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { replayedTree } from './replayed.ts';

const UID = '3ea3ef66-5f89-43b7-b88b-6ee26f5b18a4';
const AT = '2026-11-22T01:00:00Z';

/** What a source adds to the evidence of one pod. */
interface Given {
  readonly labels?: Readonly<Record<string, string>>;
  readonly selector?: Readonly<Record<string, string>>;
  readonly affinity?: Readonly<Record<string, string>>;
  readonly args?: string;
  readonly image?: string;
  readonly gpus?: number;
  readonly env?: string;
  readonly nodeName?: string;
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly providerID?: string;
  readonly namespace?: string;
  readonly events?: readonly (readonly [reason: string, message: string, host?: string])[];
  readonly logArgs?: string;
  readonly envelope?: 'cloudwatch' | 'otlp' | 'google' | 'path';
  readonly noPod?: true;
}

const LINE = 'INFO 11-22 01:00:30 [api_utils.py:286] non-default args: {';
const HEX = 'c'.repeat(64);

function logOf({ logArgs = "'port': 8000", envelope }: Given): Readonly<Record<string, string>> {
  const text = `${LINE}${logArgs}}`;
  const cri = `2026-11-22T01:00:30.000000000Z stdout F ${text}\n`;
  const stream = `ip-cw-application.var.log.containers.demo_ns-event_main-${HEX}.log`;
  switch (envelope) {
    case 'cloudwatch':
      return {
        'cw.json': `${JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/aws/containerinsights/cluster-cw/application', logStream: stream, logEvents: [{ id: '1', timestamp: Date.parse(AT), message: text }] })}\n`,
      };
    case 'google':
      return {
        'g.json': `${JSON.stringify({ textPayload: text, timestamp: AT, resource: { type: 'k8s_container', labels: { pod_name: 'demo', namespace_name: 'ns-google', container_name: 'main', cluster_name: 'cluster-google', node_name: 'node-google' } } })}\n`,
      };
    case 'otlp': {
      const value = (key: string, stringValue: string) => ({ key, value: { stringValue } });
      const attributes = [
        value('k8s.pod.uid', UID),
        value('k8s.pod.name', 'demo'),
        value('k8s.container.name', 'main'),
        value('k8s.cluster.name', 'cluster-otlp'),
      ];
      return {
        'o.json': `${JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [{ timeUnixNano: String(Date.parse(AT) * 1e6), body: { stringValue: text } }] }] }] })}\n`,
      };
    }
    case 'path':
      return { [`ns-path_demo_${UID}/main/0.log`]: cri };
    default:
      return { [`pods/${UID}/x/ns_demo_${UID}/main/0.log`]: cri };
  }
}

const term = (labels: Readonly<Record<string, string>>) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: Object.entries(labels).map(([key, value]) => ({
            key,
            operator: 'In',
            values: [value],
          })),
        },
      ],
    },
  },
});

function podOf({
  labels = {},
  selector,
  affinity,
  args,
  image = 'x',
  gpus,
  env,
  nodeName,
  namespace = 'ns',
}: Given) {
  const main = {
    name: 'main',
    image,
    ...(args === undefined ? {} : { args: args.split(' ') }),
    ...(gpus === undefined ? {} : { resources: { limits: { 'nvidia.com/gpu': String(gpus) } } }),
    ...(env === undefined ? {} : { env: [{ name: 'OTEL_RESOURCE_ATTRIBUTES', value: env }] }),
  };
  return {
    kind: 'Pod',
    metadata: { name: 'demo', namespace, uid: UID, resourceVersion: '1', creationTimestamp: AT, labels },
    spec: {
      containers: [main],
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(selector === undefined ? {} : { nodeSelector: selector }),
      ...(affinity === undefined ? {} : { affinity: term(affinity) }),
    },
    status: { phase: 'Running' },
  };
}

const eventsOf = ({ events = [] }: Given) =>
  events.map(([reason, message, host], index) => ({
    kind: 'Event',
    metadata: { name: `demo.${index}`, namespace: 'ns-event', uid: `e-${index}` },
    involvedObject: {
      kind: 'Pod',
      name: 'demo',
      namespace: 'ns-event',
      uid: UID,
      ...(host === undefined ? {} : { fieldPath: 'spec.containers{main}' }),
    },
    reason,
    message,
    count: 1,
    firstTimestamp: AT,
    lastTimestamp: AT,
    ...(host === undefined
      ? { reportingComponent: 'default-scheduler' }
      : { reportingComponent: 'kubelet', source: { component: 'kubelet', host } }),
  }));

const NODE = 'node-1';

/** Later sources are laid first, so that an earlier one of the same kind replaces it. */
function join(given: readonly Given[]): Given {
  const merge = (key: 'labels' | 'selector' | 'affinity' | 'nodeLabels') => {
    const all = given.flatMap((one) => (one[key] === undefined ? [] : [one[key]]));
    return all.length === 0 ? {} : { [key]: Object.assign({}, ...all) };
  };
  const args = given.flatMap((one) => one.args ?? []).join(' ');
  const logArgs = given.flatMap((one) => one.logArgs ?? []).join(', ');
  const events = given.flatMap((one) => one.events ?? []);
  return {
    ...Object.assign({}, ...given.toReversed()),
    ...merge('labels'),
    ...merge('selector'),
    ...merge('affinity'),
    ...merge('nodeLabels'),
    ...(args === '' ? {} : { args }),
    ...(logArgs === '' ? {} : { logArgs }),
    ...(events.length === 0 ? {} : { events }),
    ...(given.every(({ noPod }) => noPod === true) ? {} : { noPod: undefined }),
  };
}

async function attributesFor(given: Given) {
  const hasNode = given.nodeLabels !== undefined || given.providerID !== undefined;
  const nodeName = given.nodeName ?? (hasNode ? NODE : undefined);
  const node = {
    kind: 'Node',
    metadata: { name: nodeName, labels: given.nodeLabels },
    spec: { providerID: given.providerID },
  };
  const pod = podOf({ ...given, ...(nodeName === undefined ? {} : { nodeName }) });
  const items = [...(given.noPod ? [] : [pod]), ...(hasNode ? [node] : []), ...eventsOf(given)];
  const { startups } = await replayedTree({
    ...logOf(given),
    'dump.json': JSON.stringify({ kind: 'List', items }),
  });
  const [root] = toTraces(startups, { traceIdScheme: 'md5', serviceName: 's' })[0]?.spans ?? [];
  return root?.attributes ?? {};
}

const label = (key: string, value: string) =>
  [`label \`${key}\``, { labels: { [key]: value } }, value] as const;
const selector = (key: string, value: string) =>
  [`nodeSelector \`${key}\``, { selector: { [key]: value }, gpus: 1 }, value] as const;
const nodeLabel = (key: string, value: string) =>
  [`node label \`${key}\``, { nodeLabels: { [key]: value }, gpus: 1 }, value] as const;

type Source = readonly [name: string, given: Given, value: string | number];

const LWS = 'leaderworkerset.sigs.k8s.io/name';

const SOURCES: Readonly<Record<string, readonly Source[]>> = {
  endpoint_name: [
    label('endpoint_name', 'from-endpoint-name'),
    label('tags.datadoghq.com/service', 'from-datadog'),
    label('serving.kserve.io/inferenceservice', 'from-kserve'),
    label(LWS, 'from-lws'),
    label('ray.io/originated-from-cr-name', 'from-ray-service'),
    label('ray.io/cluster', 'from-ray-cluster'),
    label('app.kubernetes.io/instance', 'from-instance'),
    label('app.kubernetes.io/name', 'from-name'),
    label('app', 'from-app'),
  ],
  model_name: [
    ['log: `served_model_name`', { logArgs: "'served_model_name': ['served-by-log']" }, 'served-by-log'],
    [
      'command: `--served-model-name`',
      { args: '--served-model-name served-by-command' },
      'served-by-command',
    ],
    label('model_name', 'from-model-name'),
    label('llm-d.ai/model', 'from-llm-d'),
    ['command: `vllm serve`', { args: 'vllm serve org/served' }, 'org/served'],
    ['command: `--model`', { args: '--model org/loaded' }, 'org/loaded'],
    ['log: `model`', { logArgs: "'model': 'org/from-log'" }, 'org/from-log'],
  ],
  gpu_type: [
    selector('k8s.amazonaws.com/accelerator', 'nvidia-hopper-h100'),
    selector('cloud.google.com/gke-accelerator', 'nvidia-l4'),
    selector('nvidia.com/gpu.product', 'NVIDIA-A100-SXM4-80GB'),
    selector('karpenter.k8s.aws/instance-gpu-name', 'l40s'),
    [
      'node affinity, one choice, the same keys',
      { affinity: { 'nvidia.com/gpu.product': 'Tesla-T4' }, gpus: 1 },
      'Tesla-T4',
    ],
    nodeLabel('k8s.amazonaws.com/accelerator', 'nvidia-ampere-a10'),
    nodeLabel('eks.amazonaws.com/instance-gpu-name', 'h200'),
  ],
  num_gpus: [['limits of all containers', { gpus: 8 }, 8]],
  node_name: [
    ['`spec.nodeName`', { nodeName: 'node-of-spec', namespace: 'ns-event' }, 'node-of-spec'],
    [
      'event: host of the kubelet',
      { events: [['Started', 'Started container main', 'node-of-kubelet']], noPod: true },
      'node-of-kubelet',
    ],
    [
      'event: `Scheduled`',
      { events: [['Scheduled', 'Successfully assigned ns/demo to node-of-scheduler']], noPod: true },
      'node-of-scheduler',
    ],
    ['log envelope', { envelope: 'cloudwatch', noPod: true }, 'ip-cw'],
  ],
  namespace: [
    ['`metadata.namespace`', { namespace: 'ns-of-pod' }, 'ns-of-pod'],
    [
      'event: `involvedObject.namespace`',
      { events: [['Scheduled', 'Successfully assigned ns/demo to n']], noPod: true },
      'ns-event',
    ],
    ['log path or envelope', { envelope: 'path', noPod: true }, 'ns-path'],
  ],
  image_tag: [
    ['image of the analysed container', { image: 'repo/vllm:v0.11.0' }, 'v0.11.0'],
    [
      'event: `Pulling`, `Pulled`',
      { events: [['Pulled', 'Successfully pulled image "repo/vllm:v0.12.0" in 1.5s', 'n']], noPod: true },
      'v0.12.0',
    ],
  ],
  region: [
    nodeLabel('topology.kubernetes.io/region', 'eu-north-1'),
    nodeLabel('failure-domain.beta.kubernetes.io/region', 'eu-west-3'),
    [
      'node label `topology.kubernetes.io/zone`',
      { nodeLabels: { 'topology.kubernetes.io/zone': 'us-east-2b' } },
      'us-east-2',
    ],
    ['node `spec.providerID`', { providerID: 'gce://project/europe-west4-b/name' }, 'europe-west4'],
    label('topology.kubernetes.io/region', 'sa-east-1'),
    [
      'nodeSelector `topology.kubernetes.io/region`',
      { selector: { 'topology.kubernetes.io/region': 'ca-central-1' } },
      'ca-central-1',
    ],
    ['name of the node', { nodeName: 'ip-10-0-175-230.us-west-1.compute.internal' }, 'us-west-1'],
    ['host of the registry', { image: '123456789012.dkr.ecr.ap-south-1.amazonaws.com/vllm:1' }, 'ap-south-1'],
  ],
  'k8s.cluster.name': [
    nodeLabel('alpha.eksctl.io/cluster-name', 'cluster-eksctl'),
    nodeLabel('eks.amazonaws.com/cluster-name', 'cluster-eks'),
    nodeLabel('kubernetes.azure.com/cluster', 'MC_rg_prod_eastus'),
    nodeLabel('cluster.x-k8s.io/cluster-name', 'cluster-capi'),
    nodeLabel('kops.k8s.io/cluster', 'cluster-kops'),
    nodeLabel('gardener.cloud/shoot-name', 'cluster-shoot'),
    ['env `OTEL_RESOURCE_ATTRIBUTES`', { env: 'team=x,k8s.cluster.name=cluster-env,a=b' }, 'cluster-env'],
    ['log envelope', { envelope: 'otlp' }, 'cluster-otlp'],
  ],
};

describe.each(Object.entries(SOURCES))('%s', (attribute, sources) => {
  it.each(sources)('%s alone', async (_name, given, value) => {
    expect((await attributesFor(given))[attribute]).toBe(value);
  });

  it.each(sources.map(([name, , value], index) => [name, value, index] as const))(
    '%s before all that follow',
    async (_name, value, index) => {
      const given = join(sources.slice(index).map(([, one]) => one));
      expect((await attributesFor(given))[attribute]).toBe(value);
    },
  );

  it('is absent when nobody tells', async () => {
    const pod: Given = attribute === 'namespace' ? { envelope: 'otlp', noPod: true } : {};
    const known = attribute === 'image_tag' ? { ...pod, image: 'repo/x@sha256:abc' } : pod;
    expect(await attributesFor(known)).not.toHaveProperty([attribute]);
  });

  it('is told in docs/attributes.md in this order', () => {
    const page = readFileSync('docs/attributes.md', 'utf8');
    const section = page.split(/^## /m).find((one) => one.startsWith(`\`${attribute}\``)) ?? '';
    const places = sources.map(([name]) => section.indexOf(`| ${name} |`));
    expect(
      places.every((place) => place >= 0),
      `${places} of ${sources.map(([name]) => name).join(', ')}`,
    ).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const [, , value] of sources) expect(section).toContain(`\`${value}\``);
  });
});

it.each([
  ['cloudwatch', 'cluster-cw'],
  ['google', 'cluster-google'],
] as const)('the cluster in an envelope of %s', async (envelope, name) => {
  expect((await attributesFor({ envelope, noPod: true }))['k8s.cluster.name']).toBe(name);
});

it('--cluster is believed before everything', async () => {
  const { startups } = await replayedTree({ ...logOf({ envelope: 'otlp' }) });
  const [trace] = toTraces(startups, { traceIdScheme: 'md5', serviceName: 's', clusterName: 'told' });
  expect(trace?.resource['k8s.cluster.name']).toBe('told');
});

it('a digest is no tag, and a spelling is kept as it was written', async () => {
  const told = await attributesFor({
    image: 'repo/vllm@sha256:0123abcd',
    selector: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' },
    gpus: 2,
  });
  expect(told).toMatchObject({
    gpu_type: 'NVIDIA-H100-80GB-HBM3',
    'gpu_type.short': 'h100',
    num_gpus: 2,
    'container.image.name': 'repo/vllm',
  });
  expect(told).not.toHaveProperty('container.image.tags');
  expect(JSON.stringify(told)).not.toContain('0123abcd');
});
