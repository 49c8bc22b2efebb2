// Which accelerator a pod asks for, and how many.

import { isObject, type JsonObject, objectAt, textAt } from '../../base/json.ts';

/**
 * Label keys that name an accelerator, on nodes and in a pod's nodeSelector:
 * llm-engine and EKS, GKE, NVIDIA's feature discovery, Karpenter, AMD, GKE TPU.
 */
const LABELS: readonly string[] = [
  'k8s.amazonaws.com/accelerator',
  'cloud.google.com/gke-accelerator',
  'nvidia.com/gpu.product',
  'karpenter.k8s.aws/instance-gpu-name',
  'eks.amazonaws.com/instance-gpu-name',
  'amd.com/gpu.product-name',
  'gpu.nvidia.com/model',
  'cloud.google.com/gke-tpu-accelerator',
  'karpenter.k8s.aws/instance-accelerator-name',
];

/** The accelerator that labels or a nodeSelector name, as written there. */
export function acceleratorIn(labels: JsonObject): string | undefined {
  return LABELS.map((key) => textAt(labels, key)).find((value) => value !== undefined);
}

/** The accelerator of a pod spec: nodeSelector, else a required node affinity that leaves one choice. */
export function acceleratorOf(spec: JsonObject): string | undefined {
  return acceleratorIn(objectAt(spec, 'nodeSelector')) ?? acceleratorIn(affinityLabels(spec));
}

function affinityLabels(spec: JsonObject): JsonObject {
  const affinity = objectAt(objectAt(spec, 'affinity'), 'nodeAffinity');
  const required = objectAt(affinity, 'requiredDuringSchedulingIgnoredDuringExecution')['nodeSelectorTerms'];
  const [term, ...others] = Array.isArray(required) ? required : [];
  if (!isObject(term) || others.length > 0 || !Array.isArray(term['matchExpressions'])) return {};
  return Object.fromEntries(term['matchExpressions'].flatMap(onlyChoice));
}

function onlyChoice(expression: unknown): readonly (readonly [string, unknown])[] {
  if (!isObject(expression) || expression['operator'] !== 'In') return [];
  const key = textAt(expression, 'key');
  const values = expression['values'];
  return key !== undefined && Array.isArray(values) && values.length === 1 ? [[key, values[0]]] : [];
}

/** RTX cards, AMD Instinct, and NVIDIA's letter-and-number names with their suffixes (a100e, l40s, gh200). */
const MODEL =
  /(?:^|-)(?<model>rtx-(?:pro-)?a?\d{4}|mi\d{2,3}[a-z]{0,2}|g[bh]\d{3}|[abhlkpt]\d{1,4}[a-z]{0,2}|v100s?)(?=-|$)/;

/** A slice of a card: `1g20gb` (llm-engine), `MIG-1g.5gb` (feature discovery). */
const SLICE = /-(?<slice>\d{1,2}g\.?\d{1,3}gb)(?=-|$|\.)/;

/** `nvidia-hopper-h100` → `h100`, `NVIDIA-A100-SXM4-80GB` → `a100`, `nvidia-hopper-h100-1g20gb` → `h100-1g20gb`; lower case when no model is seen in it. */
export function normalGpu(raw: string): string {
  const name = raw.toLowerCase().replace(/[_\s]/g, '-');
  const model = name.startsWith('tpu') ? undefined : MODEL.exec(name)?.groups?.['model'];
  if (model === undefined) return name;
  const slice = SLICE.exec(name)?.groups?.['slice'];
  return slice === undefined ? model : `${model}-${slice.replace('.', '')}`;
}

const RESOURCES =
  /^(?:nvidia\.com\/(?:gpu(?:\.shared)?|mig-.{1,40})|amd\.com\/gpu|google\.com\/tpu|habana\.ai\/gaudi|gpu\.intel\.com\/(?:i915|xe)|aws\.amazon\.com\/neuron|cloud-tpus\.google\.com\/.{1,20})$/;

/** Accelerators that one container is limited to; 0 when none. */
export function gpusOf(container: JsonObject): number {
  const limits = objectAt(objectAt(container, 'resources'), 'limits');
  return Object.entries(limits)
    .filter(([key]) => RESOURCES.test(key))
    .reduce((sum, [, value]) => sum + quantity(value), 0);
}

/** Accelerators come whole: `8` or `"8"`. */
function quantity(value: unknown): number {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}
