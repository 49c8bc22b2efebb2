// Snapshots of pods and events, kept before the API server forgets them (events live for an hour).
//
// Objects are only ever added: `v1/evidence/<cluster>/<day>/<first>-<last>-<hash>.ndjson.gz`, lines
// `{"arrival_ns":"…","type":"ADDED","object":{…}}`, which the reader of dumps takes as they are. The name is
// made of the lines, so a batch that is stored twice (a retry, an SQS redelivery) is stored once.

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { after, duration, type Instant, instant, SECOND } from '../base/instant.ts';
import type { JsonObject } from '../base/json.ts';
import { redactObject } from '../base/redact-object.ts';
import type { Trouble, Unknown } from './contract.ts';
import { dayOf, instantOfStamp, type Key, keyOf, segment, stampOf } from './key.ts';
import { keysUnder } from './keys-under.ts';
import type { Ledger } from './ledger.ts';
import { quarantineKey } from './state-file.ts';
import type { Slice } from './window.ts';

export interface Snapshot {
  readonly arrival: Instant;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: JsonObject;
}

export type Appended =
  /** `bytes`: written now, packed; what was there already counts for nothing. */
  | { readonly status: 'appended'; readonly keys: readonly Key[]; readonly bytes: number }
  /** `keys` are stored; the batch may be appended again as a whole. */
  | {
      readonly status: 'incomplete';
      readonly keys: readonly Key[];
      readonly bytes: number;
      readonly trouble: Trouble | Unknown;
    };

export type EvidenceBatch =
  | { readonly status: 'lines'; readonly key: Key; readonly text: string }
  /** Not gzip, or too big unpacked: copied aside, and the rest of the evidence still counts. */
  | {
      readonly status: 'unreadable';
      readonly key: Key;
      readonly reason: string;
      readonly copy: Key | undefined;
    }
  | Trouble;

/** Unpacked, per object; a single snapshot is at most 1.5 MiB, etcd's own limit. */
const BATCH_CHARACTERS = 4_000_000;
const LARGEST_UNPACKED = 64_000_000;

/** Stores the snapshots, redacted. The order in which they are handed over does not matter. */
export async function appendEvidence(
  { store }: Ledger,
  cluster: string,
  snapshots: readonly Snapshot[],
): Promise<Appended> {
  const keys: Key[] = [];
  let bytes = 0;
  for (const batch of batchesOf(snapshots)) {
    const text = batch.map(({ line }) => line).join('');
    const key = batchKey(cluster, batch, text);
    const body = gzipSync(text);
    const written = await store.create(key, body);
    // Somebody has stored the very same lines: the name is made of them.
    if (written.status !== 'written' && written.status !== 'conflict')
      return { status: 'incomplete', keys, bytes, trouble: written };
    keys.push(key);
    if (written.status === 'written') bytes += body.length;
  }
  return { status: 'appended', keys, bytes };
}

/** Everything that arrived in the window: batch by batch, in the order of their first arrivals. */
export async function* readEvidence(
  ledger: Ledger,
  cluster: string,
  window: Slice,
): AsyncGenerator<EvidenceBatch> {
  for (const day of daysOf(window)) {
    const listed = await keysUnder(ledger.store, `v1/evidence/${segment(cluster)}/${day}/`, 1_000_000);
    if (listed.status === 'failed') {
      yield listed;
      continue;
    }
    for (const key of listed.keys) if (touches(key, window)) yield await batchAt(ledger, key);
  }
}

async function batchAt({ store }: Ledger, key: Key): Promise<EvidenceBatch> {
  const found = await store.get(key);
  if (found.status === 'failed') return found;
  if (found.status === 'absent')
    return { status: 'failed', reason: `${key} was listed and is gone`, passing: true };
  try {
    const text = gunzipSync(found.body, { maxOutputLength: LARGEST_UNPACKED }).toString();
    return { status: 'lines', key, text };
  } catch (error) {
    const copy = quarantineKey(key, found.body);
    const { status } = await store.create(copy, found.body);
    const isThere = status === 'written' || status === 'conflict';
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'unreadable', key, reason, copy: isThere ? copy : undefined };
  }
}

interface Line {
  readonly arrival: Instant;
  readonly line: string;
}

/** Text, since a number does not hold 19 digits. */
const lineOf = ({ arrival, type, object }: Snapshot): Line => ({
  arrival,
  line: `${JSON.stringify({ arrival_ns: String(arrival), type, object: redactObject(object) })}\n`,
});

/** Sorted and without repetitions, cut at midnight and by size. */
function batchesOf(snapshots: readonly Snapshot[]): readonly (readonly Line[])[] {
  const lines = [...new Map(snapshots.map(lineOf).map((one) => [one.line, one])).values()].toSorted(inTime);
  const batches: Line[][] = [];
  let size = 0;
  for (const line of lines) {
    const batch = batches.at(-1);
    const first = batch?.[0];
    size += line.line.length;
    if (batch === undefined || first === undefined || isFull(first, line, size)) {
      batches.push([line]);
      size = line.line.length;
    } else batch.push(line);
  }
  return batches;
}

const isFull = (first: Line, next: Line, size: number): boolean =>
  size > BATCH_CHARACTERS || dayOf(first.arrival) !== dayOf(next.arrival);

function inTime(a: Line, b: Line): number {
  if (a.arrival !== b.arrival) return a.arrival < b.arrival ? -1 : 1;
  return a.line < b.line ? -1 : a.line > b.line ? 1 : 0;
}

function batchKey(cluster: string, batch: readonly Line[], text: string): Key {
  const arrivals = batch.map(({ arrival }) => arrival);
  const [first, last] = [arrivals[0] ?? EPOCH, arrivals.at(-1) ?? EPOCH];
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const name = `${stampOf(first)}-${stampOf(last)}-${hash}`;
  return keyOf('v1/evidence', [cluster, dayOf(first), name], '.ndjson.gz');
}

function touches(key: Key, { from, to }: Slice): boolean {
  const [first = '', last = ''] = (key.split('/').at(-1) ?? '').split('-');
  const [begins, ends] = [instantOfStamp(first), instantOfStamp(last)];
  return begins !== undefined && ends !== undefined && begins < to && ends >= from;
}

const DAY = duration(86_400n * SECOND);

const EPOCH = instant(0n);

function daysOf({ from, to }: Slice): readonly string[] {
  const days = new Set<string>();
  for (let at = from; at < to; at = after(at, DAY)) days.add(dayOf(at));
  if (from < to) days.add(dayOf(instant(to - 1n)));
  return [...days];
}
