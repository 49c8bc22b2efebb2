// Whose line it is, by the attributes that OpenTelemetry's Collector gives to a record and its resource.

import type { Identity } from '../model/log-run.ts';
import { identityFrom, identityOfPath, mergeIdentities } from './identities.ts';

export type OtelAttributes = ReadonlyMap<string, string>;

/** Of one set of attributes: k8s.pod.name and its like, and the path that the filelog receiver adds. */
export function identityOfAttributes(attributes: OtelAttributes): Identity | undefined {
  const restart = attributes.get('k8s.container.restart_count');
  const told = identityFrom({
    uid: attributes.get('k8s.pod.uid'),
    namespace: attributes.get('k8s.namespace.name'),
    pod: attributes.get('k8s.pod.name'),
    container: attributes.get('k8s.container.name'),
    restart: restart === undefined || restart === '' ? undefined : Number(restart),
    node: attributes.get('k8s.node.name'),
    cluster: attributes.get('k8s.cluster.name'),
  });
  return mergeIdentities(told, identityOfPath(attributes.get('log.file.path') ?? ''));
}

/** What the filelog receiver and its container parser add, and nobody else. */
const OF_FILES = [
  'log.iostream',
  'log.file.name',
  'log.file.path',
  'logtag',
  'k8s.container.restart_count',
] as const;

/**
 * Who printed a record that tells of a pod; undefined: nobody, a receiver made it. Up to 0.4x the receiver
 * k8s_events called the pod that the event is about k8s.pod.name: without k8s.object.uid, and without a
 * sign of a file, that is what it means.
 */
export function otelWriter(resource: OtelAttributes, record: OtelAttributes): Identity | undefined {
  const has = (key: string): boolean => resource.has(key) || record.has(key);
  const isOldEvent = has('k8s.event.name') && !has('k8s.object.uid') && !OF_FILES.some(has);
  if (isOldEvent) return undefined;
  return mergeIdentities(identityOfAttributes(resource), identityOfAttributes(record));
}
