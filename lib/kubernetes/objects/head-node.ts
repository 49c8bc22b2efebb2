// Which head node a pod is told to join, and under which addresses others know the pod.

import { isObject, type JsonObject, listAt, textAt } from '../../base/json.ts';
import { commandLine } from './model-name.ts';

/** `status.podIP` and `status.podIPs`. */
export function addressesOf(status: JsonObject): readonly string[] {
  const all = [textAt(status, 'podIP'), ...listAt(status, 'podIPs').map(ipOf)];
  return [...new Set(all.filter((ip) => ip !== undefined))];
}

const ipOf = (entry: unknown): string | undefined => (isObject(entry) ? textAt(entry, 'ip') : undefined);

/**
 * The options by which a node is told its head: Ray's `--address`, `--ray_address`
 * of LWS's and vLLM's scripts, vLLM's `--master-addr`, `--data-parallel-address`
 * and `--dist-init-addr` of the servers that took it from there.
 */
const OPTION =
  /(?:^|\s)--(?:address|ray[_-]address|master[_-]addr|data[_-]parallel[_-]address|dist[_-]init[_-]addr)(?:=|\s)["']?(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?=[:\s"';|&]|$)/g;

/** Hosts without their ports, as commands write them; one in a variable (`$LWS_LEADER_ADDRESS`) is not known. */
export function headsOf(spec: JsonObject): readonly string[] {
  const lines = listAt(spec, 'containers').filter(isObject).map(commandLine);
  const hosts = lines.flatMap((line) =>
    [...line.matchAll(OPTION)].flatMap((match) => match.groups?.['host'] ?? []),
  );
  return [...new Set(hosts)].filter((host) => !/^(?:auto|local|localhost|127\..*|0\.0\.0\.0)$/.test(host));
}
