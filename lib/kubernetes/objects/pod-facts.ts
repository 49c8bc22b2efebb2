// The span attributes that a pod object tells; what it does not tell is absent, never "unknown".

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { imageName } from '../../model/image-name.ts';
import type { FactValue } from '../../model/mark.ts';
import { clusterOfPod } from './cluster-name.ts';
import { acceleratorOf, gpusOf, normalGpu } from './gpu.ts';
import { loadedModel, servedName } from './model-name.ts';
import { nodeNameRegion, regionOf, registryRegion } from './region.ts';

export interface PodParts {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly defaultContainer: string | undefined;
}

/**
 * Labels that name the endpoint, best first: llm-engine's own, Datadog unified
 * tagging (llm-engine sets both), KServe, LeaderWorkerSet, KubeRay (its own
 * `app.kubernetes.io/name` is always `kuberay`), the recommended labels, and the
 * plain `app` that most manifests have.
 */
const ENDPOINT_LABELS: readonly string[] = [
  'endpoint_name',
  'tags.datadoghq.com/service',
  'serving.kserve.io/inferenceservice',
  'leaderworkerset.sigs.k8s.io/name',
  'ray.io/originated-from-cr-name',
  'ray.io/cluster',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/name',
  'app',
];

const MODEL_LABELS: readonly string[] = ['model_name', 'llm-d.ai/model'];

/** Facts of one pod object; `region` may be bettered by its node. */
export function podFacts(parts: PodParts): Readonly<Record<string, FactValue>> {
  const { metadata, spec } = parts;
  const labels = objectAt(metadata, 'labels');
  const containers = mainFirst(parts);
  const image = containers.map((c) => textAt(c, 'image')).find((i) => i !== undefined);
  const named = image === undefined ? undefined : imageName(image);
  const node = textAt(spec, 'nodeName');
  return present({
    endpoint_name: firstLabel(labels, ENDPOINT_LABELS),
    model_name: modelOf(labels, containers),
    ...gpuFacts(acceleratorOf(spec)),
    num_gpus: containers.reduce((sum, container) => sum + gpusOf(container), 0) || undefined,
    node_name: node,
    namespace: textAt(metadata, 'namespace'),
    image_tag: named?.tag,
    'container.image.name': named?.name,
    region: podRegion(parts) ?? (image && registryRegion(image)),
    'k8s.cluster.name': clusterOfPod(spec),
  });
}

/** Its labels (the kubelet copies the node's since 1.35), where it must run, the name of its node. */
function podRegion({ metadata, spec }: PodParts): string | undefined {
  const node = textAt(spec, 'nodeName');
  return (
    regionOf(objectAt(metadata, 'labels')) ??
    regionOf(objectAt(spec, 'nodeSelector')) ??
    (node === undefined ? undefined : nodeNameRegion(node))
  );
}

/** The accelerator as it was written, and as a short name that all spellings share. */
export const gpuFacts = (raw: string | undefined): Readonly<Record<string, FactValue>> =>
  raw === undefined ? {} : { gpu_type: raw, 'gpu_type.short': normalGpu(raw) };

/** The region of a node's name, for pods that only events tell of. */
export const nodeFacts = (node: string | undefined): Readonly<Record<string, FactValue>> =>
  node === undefined ? {} : present({ node_name: node, region: nodeNameRegion(node) });

function modelOf(labels: JsonObject, containers: readonly JsonObject[]): string | undefined {
  const served = containers.map(servedName).find((name) => name !== undefined);
  const loaded = () => containers.map(loadedModel).find((name) => name !== undefined);
  return served ?? firstLabel(labels, MODEL_LABELS) ?? loaded();
}

const firstLabel = (labels: JsonObject, keys: readonly string[]): string | undefined =>
  keys.map((key) => textAt(labels, key)).find((value) => value !== undefined);

/** The default container, then those with accelerators, then as written: sidecars often stand first. */
function mainFirst({ spec, defaultContainer }: PodParts): readonly JsonObject[] {
  const rank = (container: JsonObject): number =>
    container['name'] === defaultContainer ? 0 : gpusOf(container) > 0 ? 1 : 2;
  return listAt(spec, 'containers')
    .filter(isObject)
    .sort((a, b) => rank(a) - rank(b));
}

function present(
  facts: Readonly<Record<string, FactValue | undefined>>,
): Readonly<Record<string, FactValue>> {
  const known: Record<string, FactValue> = {};
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined && value !== '') known[key] = typeof value === 'string' ? redact(value) : value;
  }
  return known;
}
