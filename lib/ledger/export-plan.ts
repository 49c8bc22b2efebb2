// What is to be done about one export, given what the ledger knows of it. Pure: `export-once.ts` does it.

import type { Instant } from '../base/instant.ts';
import { digestOf, type ExportEntry, type ExportKey, type Parts } from './export-entry.ts';
import type { Lease } from './lease.ts';

export interface ExportPolicy {
  /** The destination's profile: a span with the same id takes the place of the one before. */
  readonly replaces: boolean;
  /** Metrics whose fate is unknown: count them as ambiguous, or send them and perhaps count twice. */
  readonly onAmbiguous: 'count' | 'resend';
}

export interface ExportOrder {
  readonly key: ExportKey;
  /** Everything that the startup says now. */
  readonly parts: Parts;
  readonly policy: ExportPolicy;
  /** Under which this run works. After `freeAt` others may take what it leaves pending. */
  readonly lease: Pick<Lease, 'source' | 'generation' | 'freeAt'>;
}

export type Plan =
  /** Nothing has changed since the last time. */
  | { readonly do: 'nothing' }
  /** Another run is at it, or a destination asked for patience. */
  | { readonly do: 'wait'; readonly why: 'busy' | 'parked'; readonly until: Instant }
  /** Nothing may be sent, but something is to be remembered. */
  | {
      readonly do: 'note';
      readonly entry: ExportEntry;
      readonly ambiguous: number;
      readonly corrected: number;
    }
  | {
      readonly do: 'send';
      readonly entry: ExportEntry;
      readonly ambiguous: number;
      readonly corrected: number;
    };

export function planExport(order: ExportOrder, known: ExportEntry | undefined, now: Instant): Plan {
  if (known === undefined && sizeOf(order.parts) === 0) return { do: 'nothing' };
  if (known === undefined) return { do: 'send', entry: newEntry(order), ambiguous: 0, corrected: 0 };
  if (known.state === 'pending' && !isAbandoned(known, order, now))
    return { do: 'wait', why: 'busy', until: known.free_at };
  if (known.state === 'parked' && known.not_before !== undefined && now < known.not_before)
    return { do: 'wait', why: 'parked', until: known.not_before };
  const isOver = known.state !== 'pending' && known.state !== 'parked';
  if (isOver && known.digest === digestOf(order.parts)) return { do: 'nothing' };
  return planNext(order, afterDeath(order, known));
}

/** Its time is up, or this run holds the same lease after it: that run is dead, or will find itself fenced off. */
const isAbandoned = (entry: ExportEntry, { lease }: ExportOrder, now: Instant): boolean =>
  now >= entry.free_at || (entry.lease === lease.source && entry.generation < lease.generation);

/** What a dead run had under way may have arrived. */
function afterDeath({ policy }: ExportOrder, known: ExportEntry): ExportEntry {
  if (known.state !== 'pending') return known;
  return countsTwice(known, policy) ? { ...known, unsure: { ...known.unsure, ...known.sending } } : known;
}

/** Metrics add up where they are kept; spans with the same id do not, or are a repetition that OTLP allows. */
export const countsTwice = ({ signal }: Pick<ExportKey, 'signal'>, { onAmbiguous }: ExportPolicy): boolean =>
  signal === 'metrics' && onAmbiguous === 'count';

function planNext(order: ExportOrder, known: ExportEntry): Plan {
  const ambiguous = known.state === 'pending' && countsTwice(known, order.policy) ? sizeOf(known.sending) : 0;
  const told = { ...known.done, ...known.unsure };
  const changed = Object.keys(order.parts).filter((name) => isChanged(told, order.parts, name));
  const sending = pick(order.parts, toSend(order, told, changed));
  const corrected = order.key.signal === 'metrics' ? changed.length : withheldIn(order, changed);
  const entry = nextEntry(order, known, sending);
  if (sizeOf(sending) > 0) return { do: 'send', entry, ambiguous, corrected };
  return {
    do: 'note',
    entry: { ...entry, ...noted(entry), corrected: entry.corrected + corrected },
    ambiguous,
    corrected,
  };
}

const isChanged = (told: Parts, parts: Parts, name: string): boolean =>
  told[name] !== undefined && told[name] !== parts[name];

/** Metrics: what was never counted. Spans: what is new or different, but only where the same id replaces, or nothing was sent yet. */
function toSend(
  { key, parts, policy }: ExportOrder,
  told: Parts,
  changed: readonly string[],
): readonly string[] {
  const fresh = Object.keys(parts).filter((name) => told[name] === undefined);
  if (key.signal === 'metrics') return fresh;
  if (sizeOf(told) === 0) return fresh;
  return policy.replaces ? [...fresh, ...changed] : [];
}

const withheldIn = ({ policy }: ExportOrder, changed: readonly string[]): number =>
  policy.replaces ? 0 : changed.length;

function nextEntry(order: ExportOrder, known: ExportEntry, sending: Parts): ExportEntry {
  const { reason: _reason, not_before: _notBefore, ...rest } = known;
  const digest = digestOf(order.parts);
  const isRevision = digest !== known.digest && sizeOf({ ...known.done, ...known.unsure }) > 0;
  return {
    ...rest,
    state: 'pending',
    revision: known.revision + (isRevision ? 1 : 0),
    digest,
    sending,
    lease: order.lease.source,
    generation: order.lease.generation,
    free_at: order.lease.freeAt,
    tries: known.tries + 1,
  };
}

/** Nothing is under way: how does it stand? Tries count sendings only. */
const noted = (entry: ExportEntry): Pick<ExportEntry, 'state' | 'tries'> => ({
  state: sizeOf(entry.unsure) > 0 ? 'ambiguous' : 'sent',
  tries: entry.tries - 1,
});

function newEntry({ key, parts, lease }: ExportOrder): ExportEntry {
  return {
    ...key,
    state: 'pending',
    revision: 0,
    digest: digestOf(parts),
    sending: parts,
    done: {},
    unsure: {},
    lease: lease.source,
    generation: lease.generation,
    free_at: lease.freeAt,
    tries: 1,
    rejected: 0,
    corrected: 0,
  };
}

export const sizeOf = (parts: Parts): number => Object.keys(parts).length;

const pick = (parts: Parts, names: readonly string[]): Parts =>
  Object.fromEntries(names.map((name) => [name, parts[name] ?? '']));
