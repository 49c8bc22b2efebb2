// Who is believed about other pods: the identity of a log decides, never what its lines look like.
//
// What a container prints is about itself: anybody may print an audit record, an
// event or a line of the kubelet. So a log that is known to be a container's tells
// of others only when that container is one whose work it is. A name alone is
// chosen by strangers, so the namespace counts: in kube-system only those who
// run the cluster make pods. Everyone else the operator has to name.

import { namesPod, namesWriter } from './framings/identities.ts';
import type { Identity } from './model/log-run.ts';

/** What a line may tell that is not of its own container. */
export type Topic = 'audit' | 'events' | 'journal' | 'logs';

/** Whoever wrote a line, as its file, its envelope or its record names them. */
export interface Writer {
  readonly identity: Identity;
  /** A program of the node, as its journal calls it. */
  readonly ofNode?: true;
}

/** All pods of a namespace, or those that are called `pod` or `pod-…`. */
export interface TrustedPods {
  readonly namespace: string;
  readonly pod?: string;
}

/** kubeadm, kind and kops run the API server as such a static pod; heptiolabs/eventrouter's own manifest names kube-system. */
const USUAL: readonly (TrustedPods & { readonly topic: Topic })[] = [
  { topic: 'audit', namespace: 'kube-system', pod: 'kube-apiserver' },
  { topic: 'events', namespace: 'kube-system', pod: 'eventrouter' },
  { topic: 'events', namespace: 'kube-system', pod: 'event-exporter' },
  { topic: 'events', namespace: 'kube-system', pod: 'kubernetes-event-exporter' },
];

/** Units and identifiers under which a kubelet or a runtime runs. */
const KUBELETS =
  /^(?:kubelet|containerd|kubelite|k3s(?:-agent)?|rke2-(?:server|agent)|k0s(?:controller|worker)?|(?:snap\.)?microk8s\.daemon-(?:kubelite|kubelet|containerd))$/;

const API_SERVERS =
  /^(?:kube-apiserver|kubelite|k3s|rke2-server|k0s(?:controller)?|(?:snap\.)?microk8s\.daemon-(?:kubelite|apiserver))$/;

/** All who are named must be trusted: an envelope inside a container's log is the container's word. */
export const isBelieved = (
  topic: Topic,
  writers: readonly Writer[],
  trusted: readonly TrustedPods[],
): boolean => writers.every((writer) => mayTell(topic, writer, trusted));

function mayTell(topic: Topic, { identity, ofNode }: Writer, trusted: readonly TrustedPods[]): boolean {
  if (!namesWriter(identity)) return true;
  if (ofNode === true && !namesPod(identity)) return isProgramFor(topic, identity.container ?? '');
  const usual = USUAL.filter((one) => one.topic === topic);
  return [...usual, ...trusted].some((pods) => isOneOf(pods, identity));
}

function isProgramFor(topic: Topic, program: string): boolean {
  if (topic === 'journal') return KUBELETS.test(program);
  return topic === 'audit' && API_SERVERS.test(program);
}

/** A pod whose namespace is not known is not one of a namespace that is trusted. */
function isOneOf({ namespace, pod }: TrustedPods, identity: Identity): boolean {
  if (identity.namespace !== namespace || identity.pod === undefined) return false;
  return pod === undefined || identity.pod === pod || identity.pod.startsWith(`${pod}-`);
}

/** `monitoring/event-exporter,logging` as the schema of the settings lets it through. */
export const trustedPods = (text: string): readonly TrustedPods[] =>
  text.split(',').map((one) => {
    const [namespace = '', pod] = one.trim().split('/');
    return { namespace, ...(pod === undefined ? {} : { pod }) };
  });

export const trustedText = (trusted: readonly TrustedPods[]): string =>
  trusted.map(({ namespace, pod }) => (pod === undefined ? namespace : `${namespace}/${pod}`)).join(',');
