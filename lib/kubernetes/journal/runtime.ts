// Sandboxes and containers of the runtime, by id: whose they are, what they are called.

import type { Moment } from '../../model/mark.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { JournalEvidence } from './evidence.ts';

export interface Sandbox {
  readonly id: string;
  readonly pod: PodReference;
  readonly attempt: number;
  readonly ready: Moment;
  readonly node: string;
}

export interface RuntimeContainer {
  readonly id: string;
  readonly pod: PodReference;
  readonly container: string;
  /** Undefined when only the kubelet names the container: it does not print the attempt. */
  readonly attempt: number | undefined;
}

export interface Runtime {
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  /** Only containers whose pod and name are known. */
  readonly containers: ReadonlyMap<string, RuntimeContainer>;
}

export function runtimeOf(evidence: JournalEvidence): Runtime {
  const sandboxes = sandboxesOf(evidence);
  const podOf = podsById(evidence, sandboxes);
  const containers = new Map<string, RuntimeContainer>();
  for (const own of [...created(evidence, podOf), ...namedByKubelet(evidence, podOf)])
    if (!containers.has(own.id)) containers.set(own.id, own);
  return { sandboxes, containers };
}

type PodOf = (id: string) => PodReference | undefined;

function created(evidence: JournalEvidence, podOf: PodOf): readonly RuntimeContainer[] {
  return evidence.of('create').flatMap(({ says: { id, sandbox, container, attempt } }) => {
    const pod = id === undefined ? undefined : (podOf(id) ?? podOf(sandbox));
    return id === undefined || pod === undefined ? [] : [{ id, pod, container, attempt }];
  });
}

function namedByKubelet(evidence: JournalEvidence, podOf: PodOf): readonly RuntimeContainer[] {
  const told = [...evidence.of('named'), ...evidence.of('probe_killed')];
  return told.flatMap(({ says: { id, pod, container } }) =>
    id === undefined ? [] : [{ id, pod: podOf(id) ?? pod, container, attempt: undefined }],
  );
}

function sandboxesOf(evidence: JournalEvidence): ReadonlyMap<string, Sandbox> {
  const found = new Map<string, Sandbox>();
  for (const { says, when, node } of evidence.of('sandbox')) {
    const { id, pod, attempt } = says;
    if (id !== undefined && !found.has(id)) found.set(id, { id, pod, attempt, ready: when, node });
  }
  return found;
}

/** The pod of a sandbox or container: from the runtime, else from the kubelet's relist. */
function podsById(evidence: JournalEvidence, sandboxes: ReadonlyMap<string, Sandbox>): PodOf {
  const noticed = new Map<string, PodReference>();
  for (const { says } of evidence.of('noticed'))
    if (says.pod.name !== undefined && !noticed.has(says.id)) noticed.set(says.id, says.pod);
  return (id) => sandboxes.get(id)?.pod ?? noticed.get(id);
}
