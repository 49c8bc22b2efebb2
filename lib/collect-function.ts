// `collect` as a function: one cluster after the other into the store; one that fails stops no other.

import { failed, ok, type Result } from './base/result.ts';
import { accessTo } from './cluster-access.ts';
import { type ClusterSetting, readClusters } from './clusters-setting.ts';
import { collectFrom } from './collect.ts';
import { TROUBLE } from './exit-code.ts';
import { collectEvent, readEvent } from './function-events.ts';
import { functionConfig, variable } from './function-settings.ts';
import type { FunctionTold, FunctionWorld } from './function-types.ts';
import type { Ledger } from './ledger/ledger.ts';
import { newLedger, openedStore } from './open-ledger.ts';
import { sumOf, worstOf } from './told-of-run.ts';

/** The error names what is wrong with the event or the configuration. */
export async function collectFunction(
  given: unknown,
  world: FunctionWorld,
): Promise<Result<FunctionTold, string>> {
  const event = readEvent(collectEvent, given);
  if (!event.ok) return event;
  const clusters = clustersOf(event.value.clusters, world);
  if (!clusters.ok) return clusters;
  const config = functionConfig('collect', world);
  if (!config.ok) return config;
  const { store: place } = config.value;
  if (place === undefined) return failed('COLDTRACE_STORE: expected a place, got none');
  const store = await openedStore(place, world.patience);
  if (!store.ok) return store;
  const ledger = newLedger(store.value, 'collect', world);
  const all: Collected[] = [];
  for (const cluster of clusters.value) all.push(await collectOne(cluster, ledger, world));
  return ok(toldOf(all));
}

/** All, or those that the event names. */
function clustersOf(
  names: readonly string[] | undefined,
  { env }: FunctionWorld,
): Result<readonly ClusterSetting[], string> {
  const given = variable(env, 'COLDTRACE_CLUSTERS');
  if (given === undefined) return failed('COLDTRACE_CLUSTERS: expected names of clusters, got none');
  const read = readClusters(given);
  if (!read.ok || names === undefined) return read;
  const known = read.value.map(({ name }) => name);
  const strange = names.find((name) => !known.includes(name));
  return strange === undefined
    ? ok(read.value.filter(({ name }) => names.includes(name)))
    : failed(`event.clusters: expected of ${known.join(', ')}, got ${JSON.stringify(strange)}`);
}

interface Collected {
  readonly name: string;
  readonly status: 'ok' | 'partial' | 'failed';
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

async function collectOne(cluster: ClusterSetting, ledger: Ledger, world: FunctionWorld): Promise<Collected> {
  const { name } = cluster;
  try {
    const access = await accessTo(cluster, world);
    if (!access.ok) return lost(name, access.error);
    const kept = [];
    for (const namespace of cluster.namespaces ?? [undefined]) {
      const choice = { name: undefined, selector: undefined, namespace };
      kept.push(await collectFrom({ access: access.value, choice, cluster: name, ledger }, world));
    }
    return collectedOf(name, kept);
  } catch (error) {
    // No credentials, a CA that is no certificate: whatever a library throws is one cluster's trouble.
    return lost(name, error instanceof Error ? error.message : String(error));
  }
}

const lost = (name: string, why: string): Collected => ({
  name,
  status: 'failed',
  counts: {},
  notes: [`${name}: ${why}`],
});

function collectedOf(name: string, kept: readonly Awaited<ReturnType<typeof collectFrom>>[]): Collected {
  const counts = sumOf(kept.map((each) => each.counts));
  const isTrouble = kept.some(({ exitCode }) => exitCode === TROUBLE);
  const isEmpty = (counts['pods'] ?? 0) + (counts['events'] ?? 0) === 0;
  return {
    name,
    status: isTrouble ? (isEmpty ? 'failed' : 'partial') : 'ok',
    counts,
    notes: kept.flatMap(({ lines }) => lines.map((line) => `${name}: ${line}`)),
  };
}

/** A run with one cluster that was read is partial; it has failed when none was. */
function toldOf(all: readonly Collected[]): FunctionTold {
  const broken = all.filter(({ status }) => status === 'failed').length;
  const status = broken > 0 && broken < all.length ? 'partial' : worstOf(all);
  return {
    status,
    answer: {
      status,
      clusters: all.map(({ name, status: each, counts }) => ({ name, status: each, ...counts })),
    },
    counts: sumOf(all.map(({ counts }) => counts)),
    notes: all.flatMap(({ notes }) => notes),
    measures: { clusters_failed: all.filter((each) => each.status !== 'ok').length },
  };
}
