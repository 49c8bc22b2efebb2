// What every span says about its pod, its container and its own proof.
//
// The names are a public contract (docs/telemetry.md): the seed's low-cardinality
// names first, the OpenTelemetry semantic conventions beside them.

import { between, type Duration, type Instant, toSeconds } from '../base/instant.ts';
import { cut } from '../base/text.ts';
import type { FactValue, Proof } from '../model/mark.ts';
import type { Phase, PlacedProof, Startup } from '../model/startup.ts';
import type { Attributes } from '../model/trace.ts';
import { imageName } from './image-name.ts';
import { known } from './known.ts';

/** Long enough to recognise a log line, short enough for every back-end's attribute limit. */
const TEXT_LIMIT = 200;

/** The proofs that were taken stand first; more than this only repeats them. */
const PROOF_LIMIT = 6;

/** A container of the startup: the span's own, or the main one for spans of the whole pod. */
export interface Scope {
  readonly container: string | null;
  readonly restart: number;
  /** What the span itself knows of its image. */
  readonly image?: FactValue | undefined;
}

/** The seed's eight names and the semantic conventions: on every span. */
export function contextAttributes(
  startup: Startup,
  scope: Scope,
  clusterName: string | undefined,
): Attributes {
  return {
    ...seedAttributes(startup),
    ...podAttributes(startup, clusterName),
    ...containerAttributes(startup, scope),
  };
}

function seedAttributes({ attributes, pod }: Startup): Attributes {
  return known({
    endpoint_name: attributes['endpoint_name'],
    model_name: attributes['model_name'],
    gpu_type: attributes['gpu_type'],
    num_gpus: attributes['num_gpus'],
    node_name: attributes['node_name'] ?? pod.node,
    namespace: attributes['namespace'] ?? pod.namespace,
    image_tag: attributes['image_tag'],
    region: attributes['region'],
  });
}

/** Who the pod is; also the resource. */
export function podAttributes({ attributes, pod }: Startup, clusterName: string | undefined): Attributes {
  return known({
    'k8s.cluster.name': clusterName ?? attributes['k8s.cluster.name'],
    'k8s.namespace.name': pod.namespace,
    'k8s.pod.name': pod.name,
    'k8s.pod.uid': pod.uid,
    'pod.uid_synthetic': pod.uidSynthetic ? true : undefined,
    'k8s.node.name': pod.node,
    'cloud.region': attributes['region'],
  });
}

function containerAttributes(startup: Startup, { container, restart, image }: Scope): Attributes {
  const own = container === null || container === startup.container;
  const name = container ?? startup.container;
  const reference = image ?? (own ? startup.attributes['image'] : undefined);
  return known({
    'k8s.container.name': name,
    'k8s.container.restart_count': name === null ? undefined : container === null ? startup.restart : restart,
    ...(own ? known({ 'container.image.name': startup.attributes['container.image.name'] }) : {}),
    ...imageAttributes(reference, own ? startup.attributes['image_tag'] : undefined),
  });
}

function imageAttributes(reference: FactValue | undefined, tag: FactValue | undefined) {
  const image = typeof reference === 'string' ? imageName(reference) : undefined;
  const tags = [image?.tag ?? tag].filter((text) => typeof text === 'string' && text !== '');
  return known({ 'container.image.name': image?.name, 'container.image.tags': tags.map(String) });
}

/** How long, how sure, how precise and why; the same for roots, phases and gaps. */
export interface Measured {
  readonly start: Instant;
  readonly end: Instant;
  readonly lengthUnknown?: true;
  readonly certainty: Phase['certainty'];
  readonly precision: { readonly start: Duration; readonly end: Duration } | undefined;
  readonly evidence: readonly string[];
}

export function measureAttributes(attempt: number, measured: Measured): Attributes {
  return known({
    ...lengthAttributes(measured),
    'startup.attempt': attempt,
    'startup.certainty': measured.certainty,
    ...precisionAttributes(measured.precision),
    'startup.evidence': measured.evidence.slice(0, PROOF_LIMIT),
  });
}

/** A span has two ends whatever is known of them: only these say that its length is none. */
const lengthAttributes = ({ start, end, lengthUnknown }: Measured) =>
  lengthUnknown === true
    ? { 'startup.length_unknown': true }
    : { duration_seconds: toSeconds(between(start, end)) };

/** The worse end under the plain name; both ends only when they differ (arrays cannot be queried everywhere). */
function precisionAttributes(precision: Measured['precision']) {
  if (precision === undefined) return {};
  const [start, end] = [toSeconds(precision.start), toSeconds(precision.end)];
  const worse = { 'startup.precision_seconds': Math.max(start, end) };
  if (start === end) return worse;
  return { ...worse, 'startup.precision_start_seconds': start, 'startup.precision_end_seconds': end };
}

/** `end main.log:42 INFO 11-22 01:44:03 Application startup complete.` The first proof of each end comes first. */
export function proofTexts(proofs: readonly PlacedProof[]): readonly string[] {
  const taken = (['start', 'end'] as const).flatMap((at) => proofs.find((proof) => proof.at === at) ?? []);
  const others = proofs.filter((proof) => !taken.includes(proof));
  return [...taken, ...others].map((proof) => proofText(proof.at, proof));
}

export function proofText(where: string, { source, line, text }: Proof): string {
  const place = line === undefined ? source : `${source}:${line}`;
  return cut(`${where} ${place} ${text}`, TEXT_LIMIT);
}
