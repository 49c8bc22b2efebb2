// Snapshots a live cluster into the evidence store, once: pods, their events, their nodes.

import type { Instant } from './base/instant.ts';
import type { JsonObject } from './base/json.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { DONE, NOTHING_FOUND, TROUBLE } from './exit-code.ts';
import { type Stored, storeNew } from './ledger/collected.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Patience } from './ledger/retrying-store.ts';
import { choiceOf, connected, lookedFor } from './live-access.ts';
import { newLedger, openedStore } from './open-ledger.ts';
import { problemLines } from './reports/tally.ts';
import { countText, plural } from './reports/words.ts';
import type { KubeAccess } from './sources/kube/access.ts';
import { clusterOf } from './sources/kube/cluster.ts';
import { type Gathered, gather } from './sources/kube/gather.ts';
import type { PodChoice } from './sources/kube/lists.ts';
import type { Env } from './terminal.ts';

export interface CollectDeps {
  readonly env: Env;
  readonly now: () => Instant;
  readonly patience: Patience;
}

export interface Kept {
  /** One line; '' when there is nothing to sum up. */
  readonly summary: string;
  readonly counts: Readonly<Record<string, number>>;
  /** What is missing, and what grants it. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** The error says what is missing to begin: a kubeconfig, a folder that can be written. */
export async function collect(config: ReplayConfig, deps: CollectDeps): Promise<Result<Kept, string>> {
  const { live, store: place } = config;
  if (live === undefined || place === undefined) return failed('--store: expected a place, got none');
  const access = await connected(live, deps.env);
  if (!access.ok) return access;
  const store = await openedStore(place, deps.patience);
  if (!store.ok) return store;
  const cluster = config.trace.clusterName ?? access.value.context;
  const ledger = newLedger(store.value, 'collect', deps);
  return ok(
    await collectFrom({ access: access.value, choice: choiceOf(live, access.value), cluster, ledger }, deps),
  );
}

export interface Collecting {
  readonly access: KubeAccess;
  readonly choice: PodChoice;
  /** The cluster's name in the store. */
  readonly cluster: string;
  readonly ledger: Ledger;
}

/** One cluster. Never throws for what it or the store does. */
export async function collectFrom(
  { access, choice, cluster, ledger }: Collecting,
  deps: Pick<CollectDeps, 'now' | 'patience'>,
): Promise<Kept> {
  const gathered = await gather(clusterOf(access, deps.patience).ask, access, choice);
  const objects = objectsOf(gathered);
  // Taken after the last answer: by then all of it had come in, and nothing came in later.
  const stored = await storeNew(ledger, cluster, { objects, arrival: deps.now() });
  const about = { place: ledger.store.name, cluster, lookedFor: lookedFor(choice, access) };
  return {
    summary: objects.length === 0 ? '' : summaryOf(gathered, stored, about),
    counts: countsOf(gathered, stored),
    lines: [...problemsOf(gathered), ...troubles(stored, about), ...nothing(objects, about)],
    exitCode: exitCodeOf(gathered, stored),
  };
}

const countsOf = ({ pods, events, nodes }: Gathered, { appended, fresh }: Stored): Kept['counts'] => ({
  pods: pods.length,
  events: events.length,
  nodes: nodes.length,
  ...(appended.status === 'appended' && { versions_stored: fresh, bytes_stored: appended.bytes }),
});

/** Of an event that came in both shapes, the first is kept: core/v1, which has all that the other has. */
const objectsOf = ({ pods, events, nodes }: Gathered): readonly JsonObject[] => [
  ...pods,
  ...events,
  ...nodes,
];

interface About {
  readonly place: string;
  readonly cluster: string;
  readonly lookedFor: string;
}

/** `12 pods, 40 events and 2 nodes of prod: 5 new versions stored, 3,210 bytes, in folder evidence`. */
function summaryOf(
  { pods, events, nodes }: Gathered,
  { appended, fresh }: Stored,
  { cluster, place }: About,
): string {
  const seen = `${plural(pods.length, 'pod')}, ${plural(events.length, 'event')} and ${plural(nodes.length, 'node')} of ${cluster}`;
  const kept =
    appended.status === 'appended'
      ? `${plural(fresh, 'new version')} stored`
      : `not all of ${plural(fresh, 'new version')} stored`;
  return `${seen}: ${kept}, ${countText(appended.bytes)} bytes, in ${place}`;
}

const problemsOf = ({ problems }: Gathered): readonly string[] =>
  problemLines(problems.map((problem) => ({ ...problem, what: problem.what ?? 'lists.refused' })));

function troubles({ appended, trouble }: Stored, { place }: About): readonly string[] {
  return [
    ...(appended.status === 'appended'
      ? []
      : [
          `coldtrace: ${place}: expected to store the evidence, got ${appended.trouble.reason}. Run it again.`,
        ]),
    ...(trouble === undefined
      ? []
      : [
          `coldtrace: ${place}: expected the list of what is stored, got ${trouble}. The evidence is not touched by it; the next run stores some of it again.`,
        ]),
  ];
}

const nothing = (objects: readonly JsonObject[], { lookedFor: expected }: About): readonly string[] =>
  objects.length > 0
    ? []
    : [
        `coldtrace: nothing found: expected ${expected}, or their events, got none. Check namespace and context.`,
      ];

function exitCodeOf({ pods, events, problems }: Gathered, { appended, trouble }: Stored): number {
  const isTrouble = appended.status !== 'appended' || trouble !== undefined;
  if (isTrouble || problems.some(({ asked }) => asked)) return TROUBLE;
  return pods.length + events.length === 0 ? NOTHING_FOUND : DONE;
}
