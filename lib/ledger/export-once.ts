// The export protocol: pending → send → sent, so that nothing is lost and no metric is counted twice.
//
// Whatever happens between two writes, the file says what is known: a pending entry of a dead run is
// spans to be sent again with the same ids, and metrics of which nobody knows whether they arrived.

import { after, type Duration, type Instant } from '../base/instant.ts';
import { redact } from '../base/redact.ts';
import { cut } from '../base/text.ts';
import type { Tag, Trouble, Written } from './contract.ts';
import { type ExportEntry, type ExportKey, entryFile, type Parts } from './export-entry.ts';
import { countsTwice, type ExportPolicy, type Plan, planExport, sizeOf } from './export-plan.ts';
import { isHeld, type Lease } from './lease.ts';
import type { Ledger } from './ledger.ts';
import { isBlocked, readState, replaceState, type Unreadable, writeOver } from './state-file.ts';

/** What came of one sending. An exporter's answer is turned into this by whoever knows both. */
export type SendOutcome =
  | { readonly status: 'delivered' }
  /** Taken but for some, which will never be taken. */
  | { readonly status: 'partial'; readonly rejected: number; readonly reason: string }
  /** It will never be taken as it is. */
  | { readonly status: 'refused'; readonly reason: string }
  /** Surely nothing arrived (connection refused, 429, 503): later, not before `after` when that is known. */
  | {
      readonly status: 'unsent';
      readonly reason: string;
      readonly after?: Duration;
      /** Refused for what this side is (a key that is over, a wrong path), not for what was sent. */
      readonly isShut?: true;
    }
  /** It may have arrived (connection reset, no answer in time, 502). */
  | { readonly status: 'unknown'; readonly reason: string };

export interface Shipment {
  /** The parts to send: all, or what is new or different since the last revision. */
  readonly parts: readonly string[];
  readonly revision: number;
}

export interface ExportJob {
  readonly key: ExportKey;
  readonly parts: Parts;
  readonly policy: ExportPolicy;
  readonly lease: Omit<Lease, 'tag'>;
  readonly send: (shipment: Shipment) => Promise<SendOutcome>;
}

/** How many parts of earlier sendings have an unknown fate, and how many would now say something else but stay. */
interface Counts {
  readonly ambiguous: number;
  readonly corrected: number;
}

export type Exported =
  /** What the destination said is in the ledger. */
  | (Counts & {
      readonly status: 'sent';
      readonly revision: number;
      readonly parts: number;
      readonly rejected: number;
    })
  | (Counts & { readonly status: 'refused'; readonly reason: string })
  /** To be tried by a later run. */
  | (Counts & { readonly status: 'parked'; readonly reason: string; readonly notBefore?: Instant })
  | (Counts & { readonly status: 'ambiguous'; readonly reason: string })
  /** Nothing was sent: nothing may be (`corrected`), or nothing is new. */
  | (Counts & { readonly status: 'noted' })
  | { readonly status: 'already' }
  | { readonly status: 'waiting'; readonly why: 'busy' | 'parked'; readonly until?: Instant }
  /** This run's time is over: nothing was sent. */
  | { readonly status: 'lease_lost' }
  /** Sent, but another run took the entry over meanwhile, or it could not be written: the next run decides. */
  | (Counts & { readonly status: 'unrecorded'; readonly outcome: SendOutcome; readonly reason: string })
  | Unreadable
  | Trouble;

/** One key is not to be exported twice at the same time by one run: the second is told to wait. */
export async function exportOnce(ledger: Ledger, job: ExportJob): Promise<Exported> {
  const file = entryFile(job.key);
  const read = await readState(ledger, file);
  // A corrupt entry forgets what was counted: it stays, and nothing is sent, until a person has looked.
  if (isBlocked(read) || read.status === 'unreadable') return read;
  if (!isHeld(job.lease, ledger.now())) return { status: 'lease_lost' };
  const plan = planExport(job, read.status === 'found' ? read.value : undefined, ledger.now());
  if (plan.do === 'nothing') return { status: 'already' };
  if (plan.do === 'wait') return { status: 'waiting', why: plan.why, until: plan.until };
  const written = await writeOver(ledger, file, { read, value: plan.entry });
  if (written.status !== 'written') return notBegun(written);
  if (plan.do === 'note') return { status: 'noted', ...countsOf(plan) };
  return sendAndRecord(ledger, job, { plan, tag: written.tag });
}

type Sending = Extract<Plan, { do: 'send' }>;

const countsOf = ({ ambiguous, corrected }: Counts): Counts => ({ ambiguous, corrected });

/** Without a pending entry of one's own nothing is sent. */
const notBegun = (written: Exclude<Written, { status: 'written' }>): Exported =>
  written.status === 'conflict'
    ? { status: 'waiting', why: 'busy' }
    : { status: 'failed', reason: written.reason, passing: true };

async function sendAndRecord(
  ledger: Ledger,
  job: ExportJob,
  { plan, tag }: { plan: Sending; tag: Tag },
): Promise<Exported> {
  const own = { ...entryFile(job.key), tag };
  const { sending, revision } = plan.entry;
  // The write before this may have taken longer than the lease. Whoever comes next should know that nothing was sent.
  if (!isHeld(job.lease, ledger.now())) {
    await replaceState(ledger, own, { ...plan.entry, state: 'parked', reason: 'the lease ran out before' });
    return { status: 'lease_lost' };
  }
  const outcome = await job.send({ parts: Object.keys(sending), revision });
  const entry = recorded(plan, { outcome, job, now: ledger.now() });
  const written = await replaceState(ledger, own, entry);
  if (written.status === 'written') return told(plan, entry, outcome);
  const reason = written.status === 'conflict' ? 'another run took it over' : written.reason;
  return { status: 'unrecorded', ...countsOf(plan), outcome, reason };
}

/** The entry after the destination has spoken, or not. */
function recorded(
  { entry, corrected }: Sending,
  { outcome, job, now }: { outcome: SendOutcome; job: ExportJob; now: Instant },
): ExportEntry {
  const settled = { ...entry, corrected: entry.corrected + corrected };
  switch (outcome.status) {
    case 'delivered':
      return { ...settled, ...accepted(entry) };
    case 'partial':
      return {
        ...settled,
        ...accepted(entry),
        ...because(outcome),
        rejected: entry.rejected + outcome.rejected,
      };
    case 'refused':
      return { ...settled, ...because(outcome), state: 'refused', sending: {} };
    case 'unsent':
      return { ...entry, ...because(outcome), state: 'parked', ...patience(outcome, now) };
    case 'unknown':
      return countsTwice(job.key, job.policy)
        ? {
            ...settled,
            ...because(outcome),
            state: 'ambiguous',
            sending: {},
            unsure: { ...entry.unsure, ...entry.sending },
          }
        : { ...entry, ...because(outcome), state: 'parked' };
  }
}

const accepted = ({
  sending,
  done,
  unsure,
}: ExportEntry): Pick<ExportEntry, 'state' | 'sending' | 'done'> => ({
  state: sizeOf(unsure) > 0 ? 'ambiguous' : 'sent',
  sending: {},
  done: { ...done, ...sending },
});

const because = ({ reason }: { readonly reason: string }): { readonly reason: string } => ({
  reason: cut(redact(reason), 2000),
});

const patience = ({ after: wait }: Extract<SendOutcome, { status: 'unsent' }>, now: Instant) =>
  wait === undefined ? {} : { not_before: after(now, wait) };

function told(plan: Sending, entry: ExportEntry, outcome: SendOutcome): Exported {
  const counts = countsOf(plan);
  switch (outcome.status) {
    case 'delivered':
    case 'partial': {
      const rejected = outcome.status === 'partial' ? outcome.rejected : 0;
      return {
        status: 'sent',
        ...counts,
        revision: entry.revision,
        parts: sizeOf(plan.entry.sending),
        rejected,
      };
    }
    case 'refused':
      return { status: 'refused', ...counts, reason: outcome.reason };
    case 'unsent':
    case 'unknown':
      return unsettled(plan, entry, outcome.reason);
  }
}

/** Parked: corrections are told once it is settled. */
function unsettled(
  { ambiguous, corrected, entry: begun }: Sending,
  entry: ExportEntry,
  reason: string,
): Exported {
  if (entry.state === 'ambiguous')
    return { status: 'ambiguous', corrected, ambiguous: ambiguous + sizeOf(begun.sending), reason };
  const { not_before: notBefore } = entry;
  return {
    status: 'parked',
    ambiguous,
    corrected: 0,
    reason,
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}
