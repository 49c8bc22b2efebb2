// The cluster's name, where an object tells it: Kubernetes itself has none.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';

/**
 * Labels and annotations that provisioners put on nodes: eksctl, EKS node
 * groups that were labelled so, AKS (the node resource group, `MC_group_cluster_region`),
 * Cluster API, kOps, Gardener. GKE has none: its node names cut the cluster's.
 */
const KEYS: readonly string[] = [
  'alpha.eksctl.io/cluster-name',
  'eks.amazonaws.com/cluster-name',
  'kubernetes.azure.com/cluster',
  'cluster.x-k8s.io/cluster-name',
  'kops.k8s.io/cluster',
  'gardener.cloud/shoot-name',
];

export function clusterOfNode(node: JsonObject): string | undefined {
  const metadata = objectAt(node, 'metadata');
  const holders = [objectAt(metadata, 'labels'), objectAt(metadata, 'annotations')];
  return KEYS.flatMap((key) => holders.map((holder) => textAt(holder, key))).find((one) => one !== undefined);
}

/** `OTEL_RESOURCE_ATTRIBUTES=…,k8s.cluster.name=prod,…` as literal env of any container. */
export function clusterOfPod(spec: JsonObject): string | undefined {
  const env = listAt(spec, 'containers')
    .filter(isObject)
    .flatMap((container) => listAt(container, 'env').filter(isObject));
  return env
    .filter((entry) => entry['name'] === 'OTEL_RESOURCE_ATTRIBUTES')
    .map((entry) => inAttributes(textAt(entry, 'value') ?? ''))
    .find((one) => one !== undefined);
}

/** Values are percent-encoded; one in a variable is not known. */
const inAttributes = (list: string): string | undefined =>
  /(?:^|,) {0,4}k8s\.cluster\.name=(?<name>[\w.:@-]{1,253}) {0,4}(?:,|$)/.exec(list)?.groups?.['name'];
