// Which slices of a source have been read, and what was counted in each.

import * as z from 'zod';
import type { Instant } from '../base/instant.ts';
import type { Trouble, Unknown } from './contract.ts';
import { countField, countsField, instantField } from './fields.ts';
import { instantOfStamp, keyOf, segment, stampOf } from './key.ts';
import { keysUnder } from './keys-under.ts';
import type { Lease } from './lease.ts';
import type { Ledger } from './ledger.ts';
import { isBlocked, readState, type StateFile, type Unreadable, writeOver } from './state-file.ts';
import type { ReadSlice, Slice } from './window.ts';

const schema = z.strictObject({
  from: instantField,
  to: instantField,
  read_at: instantField,
  readings: countField,
  /** `partial`: something of it lies among the dead letters. */
  status: z.enum(['done', 'partial']),
  counts: countsField,
  generation: countField,
});

export type SliceState = z.output<typeof schema>;

export interface SliceReading extends Slice {
  /** When the reading began, so that what arrived meanwhile counts as late. */
  readonly readAt: Instant;
  readonly status: SliceState['status'];
  readonly counts: Readonly<Record<string, number>>;
}

export type SliceRecorded =
  | { readonly status: 'recorded' }
  /** Another run has recorded a later reading. */
  | { readonly status: 'superseded' }
  | Unreadable
  | Unknown
  | Trouble;

export interface RecordedSlice extends ReadSlice {
  /** As at its last reading. */
  readonly counts: Readonly<Record<string, number>>;
}

export type SlicesRead =
  | {
      readonly status: 'slices';
      readonly slices: readonly RecordedSlice[];
      readonly unreadable: readonly Unreadable[];
    }
  | Trouble;

const sliceFile = (source: string, { from, to }: Slice): StateFile<SliceState> => ({
  kind: { name: 'slice', version: 1, schema },
  key: keyOf('v1/slices', [source, `${stampOf(from)}-${stampOf(to)}`], '.json'),
});

/** Call it when everything of the slice is sent, parked, open or a dead letter. A corrupt marker is written anew. */
export async function recordSlice(
  ledger: Ledger,
  { source, generation }: Pick<Lease, 'source' | 'generation'>,
  { from, to, readAt, status, counts }: SliceReading,
): Promise<SliceRecorded> {
  const file = sliceFile(source, { from, to });
  const read = await readState(ledger, file);
  if (isBlocked(read)) return read;
  const earlier = read.status === 'found' ? read.value : undefined;
  if (earlier !== undefined && earlier.read_at >= readAt) return { status: 'superseded' };
  const readings = (earlier?.readings ?? 0) + 1;
  const next = { from, to, read_at: readAt, readings, status, counts: { ...counts }, generation };
  const written = await writeOver(ledger, file, { read, value: next });
  if (written.status === 'written') return { status: 'recorded' };
  return written.status === 'conflict' ? { status: 'superseded' } : written;
}

/** Markers of the planned slices. An unreadable one counts as not read, and is told. */
export async function readSlices(
  ledger: Ledger,
  source: string,
  plan: readonly Slice[],
): Promise<SlicesRead> {
  const known = await markersIn(ledger, source, plan);
  if (known.status === 'failed') return known;
  const slices: RecordedSlice[] = [];
  const unreadable: Unreadable[] = [];
  for (const slice of plan.filter(({ from, to }) => known.starts.has(`${from}-${to}`))) {
    const read = await readState(ledger, sliceFile(source, slice));
    if (read.status === 'failed') return read;
    if (read.status === 'unreadable') unreadable.push(read);
    if (read.status === 'found')
      slices.push({ ...slice, readAt: read.value.read_at, counts: read.value.counts });
  }
  return { status: 'slices', slices, unreadable };
}

type Markers = { readonly status: 'markers'; readonly starts: ReadonlySet<string> } | Trouble;

/** One listing instead of a request per slice that was never read. */
async function markersIn(ledger: Ledger, source: string, plan: readonly Slice[]): Promise<Markers> {
  const listed = await keysUnder(ledger.store, `v1/slices/${segment(source)}/`, 1_000_000);
  if (listed.status === 'failed') return listed;
  const wanted = new Set(plan.map(({ from, to }) => `${from}-${to}`));
  const starts = listed.keys.map((key) => {
    const [from = '', to = ''] = (key.split('/').at(-1) ?? '').replace(/\.json$/, '').split('-');
    return `${instantOfStamp(from) ?? ''}-${instantOfStamp(to) ?? ''}`;
  });
  return { status: 'markers', starts: new Set(starts.filter((name) => wanted.has(name))) };
}
