// Regions in labels, zones, provider ids and names.

import { expect, test } from 'vitest';
import { nodeNameRegion, nodeRegion, registryRegion } from '../../../lib/kubernetes/objects/region.ts';

const node = (labels: object, providerID?: string) => ({ metadata: { labels }, spec: { providerID } });

test.each([
  [
    { 'topology.kubernetes.io/region': 'eastus2', 'topology.kubernetes.io/zone': 'us-west-2a' },
    undefined,
    'eastus2',
  ],
  [{ 'failure-domain.beta.kubernetes.io/region': 'eu-west-1' }, undefined, 'eu-west-1'],
  [{ 'topology.kubernetes.io/zone': 'us-west-2a' }, undefined, 'us-west-2'],
  [{ 'topology.kubernetes.io/zone': 'us-gov-west-1b' }, undefined, 'us-gov-west-1'],
  [{ 'topology.kubernetes.io/zone': 'us-central1-a' }, undefined, 'us-central1'],
  [{ 'topology.kubernetes.io/zone': 'lab-1a' }, undefined, undefined],
  [{}, 'aws:///ap-northeast-1c/i-0123456789abcdef0', 'ap-northeast-1'],
  [{}, 'gce://my-project/europe-west4-b/gke-prod-gpu-1a2b3c4d-x9z8', 'europe-west4'],
  [{}, 'azure:///subscriptions/x/resourceGroups/mc_rg_c_eastus/providers/Microsoft.Compute/y', undefined],
  [{}, 'kind://docker/kind/kind-control-plane', undefined],
])('%j %s is in %s', (labels, providerID, region) => {
  expect(nodeRegion(node(labels, providerID))).toBe(region);
});

test.each([
  ['123456789012.dkr.ecr.us-west-2.amazonaws.com/vllm:1', 'us-west-2'],
  ['evil.com/123456789012.dkr.ecr.us-west-2.amazonaws.com/x', undefined],
  ['us-central1-docker.pkg.dev/project/repo/vllm:1', 'us-central1'],
  ['us-docker.pkg.dev/project/repo/vllm:1', undefined],
  ['vllm/vllm-openai:v0.11.0', undefined],
])('the registry of %s is in %s', (image, region) => {
  expect(registryRegion(image)).toBe(region);
});

test.each([
  ['ip-10-0-175-230.us-west-1.compute.internal', 'us-west-1'],
  ['ip-10-0-1-2.ec2.internal', 'us-east-1'],
  ['gke-pool-1', undefined],
])('the node %s is in %s', (name, region) => {
  expect(nodeNameRegion(name)).toBe(region);
});
