// Asks a server as the command does, with a patience that writes down how long it would have waited.

import { type Duration, seconds } from '../../../lib/base/instant.ts';
import type { Cluster, KubeAccess } from '../../../lib/sources/kube/access.ts';
import { clusterOf } from '../../../lib/sources/kube/cluster.ts';

export interface Asking {
  readonly cluster: Cluster;
  readonly access: KubeAccess;
  /** In seconds. */
  readonly waits: readonly number[];
}

export function asking(url: string, signal?: AbortSignal): Asking {
  const waits: number[] = [];
  const access: KubeAccess = { server: url, context: 'test', namespace: 'demo', options: async () => ({}) };
  const sleep = async (time: Duration): Promise<void> => {
    waits.push(Number(time) / Number(seconds(1)));
  };
  return { cluster: clusterOf(access, { sleep, random: () => 1 }, signal), access, waits };
}
