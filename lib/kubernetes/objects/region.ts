// The cloud region that objects tell: by label, by zone, by provider id, by the names of nodes and registries.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';

/** The label's names since 1.17 and before. */
const REGION_LABELS: readonly string[] = [
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/region',
];

const ZONE_LABELS: readonly string[] = [
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
];

/** As the label writes it, else that of the zone. */
export function regionOf(labels: JsonObject): string | undefined {
  const first = (keys: readonly string[]): string | undefined =>
    keys.map((key) => textAt(labels, key)).find((value) => value !== undefined);
  return first(REGION_LABELS) ?? regionOfZone(first(ZONE_LABELS));
}

/** Of a node: its labels, else the zone in `spec.providerID`. */
export function nodeRegion(node: JsonObject): string | undefined {
  const id = textAt(objectAt(node, 'spec'), 'providerID') ?? '';
  return regionOf(objectAt(objectAt(node, 'metadata'), 'labels')) ?? regionOfZone(zoneOfProvider(id));
}

/** `aws:///us-west-2a/i-0abc`, `gce://project/us-central1-a/name`. Azure's has no place in it. */
const zoneOfProvider = (id: string): string | undefined =>
  /^(?:aws:\/\/\/|gce:\/\/[a-z0-9:.-]{1,100}\/)(?<zone>[a-z0-9-]{5,40})\//.exec(id)?.groups?.['zone'];

const AWS_ZONE = /^(?<region>(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?-[a-z]{4,12}-\d)[a-z]$/;
const GOOGLE_ZONE = /^(?<region>[a-z]{2,15}-[a-z]{4,15}\d{1,2})-[a-z]$/;

/** `us-west-2a` → `us-west-2`, `us-central1-a` → `us-central1`; a zone that looks like neither tells no region. */
function regionOfZone(zone: string | undefined): string | undefined {
  if (zone === undefined) return undefined;
  return (AWS_ZONE.exec(zone) ?? GOOGLE_ZONE.exec(zone))?.groups?.['region'];
}

/** The AWS region in a node's private name: `ip-10-0-175-230.us-west-1.compute.internal`; us-east-1 is `.ec2.internal`. */
export function nodeNameRegion(node: string): string | undefined {
  if (/^ip-[\d-]{7,15}\.ec2\.internal$/.test(node)) return 'us-east-1';
  return /^i(?:p)?-[0-9a-f-]{7,20}\.(?<region>[a-z0-9-]{1,30})\.compute\.internal$/.exec(node)?.groups?.[
    'region'
  ];
}

/**
 * Where the registry is: `123456789012.dkr.ecr.us-west-2.amazonaws.com/…`, `us-central1-docker.pkg.dev/…`.
 * Only the last resort: a cluster may well pull from another region.
 */
export const registryRegion = (image: string): string | undefined =>
  (ECR.exec(image) ?? ARTIFACTS.exec(image))?.groups?.['region'];

const ECR = /^\d{12}\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]{1,30})\.(?:amazonaws\.com|on\.aws)/;

/** Multi-regions (`us-docker.pkg.dev`) are no region. */
const ARTIFACTS = /^(?<region>[a-z]{2,15}-[a-z]{4,15}\d{1,2})-docker\.pkg\.dev\//;
