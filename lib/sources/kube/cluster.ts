// The ways to ask one cluster: gently, patiently, and, for watches, beside the count.

import type { Ask, Cluster, KubeAccess, Patience } from './access.ts';
import { fewAtOnce } from './few-at-once.ts';
import { retrying, THROTTLED } from './retrying.ts';
import { sender } from './send.ts';

/** What a busy API server does not notice. */
const IN_FLIGHT = 2;

/** `signal` ends every request. */
export function clusterOf(access: KubeAccess, patience: Patience, signal?: AbortSignal): Cluster {
  const plain = sender(access);
  const send: Ask = signal === undefined ? plain : (request) => plain({ signal, ...request });
  const gently = fewAtOnce(send, IN_FLIGHT);
  return {
    access,
    ask: retrying(gently, patience),
    askLog: retrying(gently, patience, THROTTLED),
    askWatch: send,
  };
}
