// Whether a node was sent to some head: addresses in its log and its command, against those that the head has.

import { factsOf, livedTogether, type ToldPod } from './told-pod.ts';

/** What proves it, in words; undefined when nothing does. Addresses are used again, so both must have lived at one time. */
export function sentTo(worker: ToldPod, head: ToldPod): string | undefined {
  if (!livedTogether(worker, head)) return undefined;
  const said = hostsSaid(worker).find((host) => isOf(head, host, worker));
  if (said !== undefined) return `its log names the head ${said}`;
  const told = (worker.evidence.story?.heads ?? []).find((host) => isOf(head, host, worker));
  return told === undefined ? undefined : `its command names the head ${told}`;
}

const LOOPBACK = /^(?:127\.|localhost$|0\.0\.0\.0$)/;

export function hostsSaid(pod: ToldPod): readonly string[] {
  const hosts = [...factsOf(pod, 'ray.head'), ...factsOf(pod, 'vllm.head')].map(String);
  return [...new Set(hosts)].filter((host) => !LOOPBACK.test(host));
}

/** By IP, or by a name whose first label is the pod's (`engine-0.engine.ns.svc`) in the same namespace. */
function isOf(head: ToldPod, host: string, by: ToldPod): boolean {
  const addresses = [...factsOf(head, 'ray.node_ip').map(String), ...(head.evidence.story?.addresses ?? [])];
  if (addresses.includes(host)) return true;
  const [label = '', second] = host.split('.');
  const isNamed = head.evidence.name !== undefined && label === head.evidence.name;
  const isNear = head.evidence.namespace === by.evidence.namespace;
  return isNamed && isNear && !/^\d{1,3}$/.test(second ?? '');
}
