// Exports pods that are told for good: each attempt and signal once, by the ledger's books, many of them in one round.

import { type AttemptExport, attemptExports, rootOf } from './attempt-exports.ts';
import type { Instant } from './base/instant.ts';
import type { Counter } from './base/tally.ts';
import type { ExportSettings } from './export-settings.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import type { DeadLetters } from './ledger/dead-letters.ts';
import type { Parts, Signal } from './ledger/export-entry.ts';
import { type Exported, exportOnce, type SendOutcome, type Shipment } from './ledger/export-once.ts';
import { type ExportPolicy, sizeOf as partCount } from './ledger/export-plan.ts';
import type { Lease } from './ledger/lease.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { PodUid } from './model/ids.ts';
import type { Startup } from './model/startup.ts';
import { type Handing, inRound } from './rounds.ts';
import { type Cargo, type Shipping, sizeOf } from './shipping.ts';

export interface PodStarts {
  readonly uid: PodUid;
  readonly startups: readonly Startup[];
}

export interface ExportingDeps {
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly shipping: Shipping;
  readonly settings: ExportSettings;
  readonly counter: Counter;
  /** No round is begun after it: the pods that are left are for the next run. */
  readonly deadline: Instant;
  /** For people: what was refused, parked, not known. */
  readonly note: (line: string) => void;
  /** Where it is told what the destination will never take. */
  readonly letters: DeadLetters;
}

export interface PodExported {
  readonly uid: PodUid;
  /** Nothing of it is left for a later run. */
  readonly settled: boolean;
  /** This run's time is over. */
  readonly leaseLost: boolean;
  /** The destination did not take it now. */
  readonly parked: boolean;
  /** Why it is not settled. */
  readonly why: string;
}

/** So many pods go out together: some thousand spans, within the exporter's own batches. */
const ROUND = 64;

/**
 * In the order that is given; each round's spans and points are one delivery. Where nothing of a whole round got
 * through nobody is listening: the pods that are left are for the next run.
 */
export async function exportPods(
  pods: readonly PodStarts[],
  deps: ExportingDeps,
): Promise<readonly PodExported[]> {
  const told: PodExported[] = [];
  for (let from = 0; from < pods.length && deps.ledger.now() < deps.deadline; from += ROUND) {
    const round = pods.slice(from, from + ROUND);
    const done: PodExported[] = [];
    const jobs = round.map((pod) => async (hand: Hand) => {
      done.push(await exportPod(pod, hand, deps));
    });
    await inRound(jobs, deps.shipping.deliver);
    told.push(...done);
    if (done.some(({ leaseLost }) => leaseLost) || isUnheard(done)) break;
  }
  return told;
}

const isUnheard = (round: readonly PodExported[]): boolean =>
  round.some(({ parked }) => parked) && round.every(({ settled }) => !settled);

type Hand = Handing<Cargo, SendOutcome>;

async function exportPod(
  { uid, startups }: PodStarts,
  hand: Hand,
  deps: ExportingDeps,
): Promise<PodExported> {
  const open: Exported[] = [];
  // What was parked once would be parked for the next attempt, too: one question is enough.
  const shut = new Set<Signal>();
  for (const job of attemptExports(startups, deps.settings, deps.ledger.now()).flatMap(signalsOf)) {
    if (shut.has(job.signal)) continue;
    const exported = await exportSignal({ uid, ...job }, hand, deps);
    if (!isSettled(exported)) open.push(exported);
    if (isShut(exported)) shut.add(job.signal);
  }
  const [first] = open;
  return {
    uid,
    settled: first === undefined,
    leaseLost: open.some(({ status }) => status === 'lease_lost'),
    parked: open.some(({ status }) => status === 'parked'),
    why: first === undefined ? '' : reasonOf(first),
  };
}

const isShut = (exported: Exported): boolean =>
  exported.status === 'parked' || (exported.status === 'waiting' && exported.why === 'parked');

interface SignalJob {
  readonly attempt: number;
  readonly signal: Signal;
  readonly parts: Parts;
  /** False of a part that the destination would not take any more. */
  readonly isSent: (part: string) => boolean;
  /** Undefined: of those parts nothing may go out. */
  readonly cargoOf: (parts: readonly string[]) => Cargo | undefined;
}

function signalsOf({ startup, spans, points }: AttemptExport): readonly SignalJob[] {
  const { attempt } = startup;
  const jobs: SignalJob[] = [];
  if (spans !== undefined)
    jobs.push({
      attempt,
      signal: 'spans',
      parts: spans.parts,
      isSent: (part) => spans.items.has(part),
      cargoOf: (parts) => {
        const chosen = chosenOf(spans.items, parts);
        return chosen.length === 0 ? undefined : { signal: 'spans', trace: { ...spans.pod, spans: chosen } };
      },
    });
  if (points !== undefined)
    jobs.push({
      attempt,
      signal: 'metrics',
      parts: points.parts,
      isSent: (part) => points.items.has(part),
      cargoOf: (parts) => {
        const chosen = chosenOf(points.items, parts);
        return chosen.length === 0 ? undefined : { signal: 'metrics', points: chosen, root: rootOf(startup) };
      },
    });
  return jobs;
}

const chosenOf = <Item>(items: ReadonlyMap<string, Item>, parts: readonly string[]): readonly Item[] =>
  parts.flatMap((name) => items.get(name) ?? []);

async function exportSignal(job: PodSignal, hand: Hand, deps: ExportingDeps): Promise<Exported> {
  const { uid, attempt, signal, parts } = job;
  let went = 0;
  const exported = await exportOnce(deps.ledger, {
    key: { uid, attempt, signal, destination: deps.shipping.name },
    parts,
    policy: policyOf(deps.settings),
    lease: deps.lease,
    send: (shipment) => {
      went = shipment.parts.filter((part) => job.isSent(part)).length;
      return sendParts(job, shipment, { hand, deps });
    },
  });
  tally({ ...job, went }, exported, deps);
  return exported;
}

const policyOf = ({ sending }: ExportSettings): ExportPolicy => ({
  replaces: DESTINATIONS[sending.destination].resentSpan === 'replaces',
  onAmbiguous: 'count',
});

const TOO_OLD = 'older than the destination takes';

interface Sending {
  readonly hand: Hand;
  readonly deps: ExportingDeps;
}

type PodSignal = SignalJob & { readonly uid: PodUid };

async function sendParts(job: PodSignal, { parts }: Shipment, { hand, deps }: Sending): Promise<SendOutcome> {
  const cargo = job.cargoOf(parts);
  if (cargo === undefined) return { status: 'refused', reason: TOO_OLD };
  const outcome = await hand(cargo);
  await layLetter(job, outcome, deps);
  if (outcome.status === 'delivered' && sizeOf(cargo) < parts.length)
    return { status: 'partial', rejected: 0, reason: TOO_OLD };
  return outcome;
}

/** What will never be taken: a person should see which attempt it is of. */
async function layLetter(
  { uid, attempt, signal }: PodSignal,
  outcome: SendOutcome,
  { letters, shipping, counter, note }: ExportingDeps,
): Promise<void> {
  const isLost = outcome.status === 'refused' || (outcome.status === 'partial' && outcome.rejected > 0);
  if (!isLost) return;
  const rejected = outcome.status === 'partial' ? `${outcome.rejected} refused: ` : '';
  const reason = `${rejected}${outcome.reason}`;
  const locator = { pod: uid, attempt: String(attempt), signal };
  const { status } = await letters.lay({ source: shipping.name, locator, reason, excerpt: '' });
  counter.count(`dead_letters.${status}`);
  if (outcome.status === 'partial') note(`pod ${uid}, attempt ${attempt}, ${signal}: ${reason}`);
}

/** An entry that cannot be read is a person's to look at: waiting for it would keep the pod open for ever. */
const SETTLED: ReadonlySet<Exported['status']> = new Set([
  'sent',
  'refused',
  'ambiguous',
  'noted',
  'already',
  'unreadable',
]);

const isSettled = ({ status }: Exported): boolean => SETTLED.has(status);

const reasonOf = (exported: Exported): string =>
  'reason' in exported ? `${exported.status}: ${exported.reason}` : exported.status;

/** `went`: how many parts of it this run handed over. */
type Tried = PodSignal & { readonly went: number };

function tally(job: Tried, exported: Exported, { counter, note }: ExportingDeps): void {
  for (const [what, count] of Object.entries(countsOf(job, exported)))
    if (count > 0) counter.count(`${job.signal}.${what}`, count);
  if (!QUIET.has(exported.status))
    note(`pod ${job.uid}, attempt ${job.attempt}, ${job.signal}: ${reasonOf(exported)}`);
}

/** Nothing that a person would have to know. */
const QUIET: ReadonlySet<Exported['status']> = new Set(['sent', 'already', 'noted', 'waiting']);

function countsOf({ went, parts: all }: Tried, exported: Exported): Readonly<Record<string, number>> {
  const { ambiguous = 0, corrected = 0 } = 'ambiguous' in exported ? exported : {};
  switch (exported.status) {
    case 'sent': {
      const { parts, rejected, revision } = exported;
      const revisions = revision > 0 ? 1 : 0;
      return { ambiguous, corrected, sent: went - rejected, rejected, too_old: parts - went, revisions };
    }
    case 'refused':
      return { ambiguous, corrected, ...(went === 0 ? { too_old: partCount(all) } : { refused: went }) };
    case 'already':
      return {};
    case 'noted':
    case 'ambiguous':
      return { ambiguous, corrected };
    default:
      return { ambiguous, corrected, [exported.status]: 1 };
  }
}
