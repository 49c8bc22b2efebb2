// The attributes of a startup: every source tried in the order that docs/attributes.md tells.
//
// Kubernetes knows the endpoint, the log knows the engine; where both speak,
// Kubernetes names and the log measures. What nobody tells is absent.

import { imageName } from '../model/image-name.ts';
import type { FactValue } from '../model/mark.ts';
import type { Attempt } from './attempts.ts';
import type { PodEvidence } from './evidence.ts';
import type { PodFrame } from './startup-drafts.ts';

type Facts = Readonly<Record<string, FactValue>>;

export function attributesOf(frame: PodFrame, attempt: Attempt): Facts {
  const { pod } = frame;
  const facts = attempt.tale?.facts ?? {};
  return {
    ...facts,
    ...fact('namespace', pod.namespace),
    ...fact('node_name', nodeOf(pod)),
    ...fact('k8s.cluster.name', ofLogs(pod, 'cluster')),
    ...pod.story?.attributes,
    ...modelFacts(pod, facts),
    ...imageFacts(frame, attempt),
    ...(attempt.logs.some(({ timed }) => !timed) ? { clock: 'none' } : {}),
  };
}

const fact = (name: string, value: FactValue | undefined): Facts =>
  value === undefined ? {} : { [name]: value };

/** What an envelope of one of its logs says of the pod. */
const ofLogs = ({ logs }: PodEvidence, key: 'cluster' | 'node'): string | undefined =>
  logs.map(({ identity }) => identity[key]).find((one) => one !== undefined);

/** As Kubernetes tells it, else as the envelope of a log does. */
export const nodeOf = (pod: PodEvidence): string | undefined =>
  pod.story?.identity.node ?? ofLogs(pod, 'node');

/** The name that the process itself says it serves; a command or label that says another is not what ran. */
function modelFacts({ story }: PodEvidence, facts: Facts): Facts {
  const served = facts['served_model_name'];
  return fact('model_name', served ?? story?.attributes['model_name'] ?? facts['model_name']);
}

/** Of the container that is analysed: as its spec writes it, else as its pull was asked for. */
function imageFacts({ pod: { story }, main }: PodFrame, { restart }: Attempt): Facts {
  const spec = story?.containers.find(({ name }) => name === main)?.image;
  const pulls = (story?.phases ?? []).filter(
    ({ name, container }) => name === 'image_pull' && container === main,
  );
  const pulled = pulls.findLast((pull) => pull.restart <= restart)?.attributes['image.reference'];
  const reference = spec ?? (typeof pulled === 'string' ? pulled : undefined);
  if (reference === undefined) return {};
  const { name, tag } = imageName(reference);
  return { ...fact('container.image.name', name), ...fact('image_tag', tag) };
}
