// Which versions of objects have been stored today, so that a run stores only what is new.
//
// One list for each day: every day of evidence begins with all that was there, and can be read, or removed, by itself.
// The list only saves space. It is written after the evidence, so what is lost with it (a crash, two collectors
// that both append) is stored twice, never not at all; and evidence that is there twice tells nothing more.

import * as z from 'zod';
import type { Instant } from '../base/instant.ts';
import type { JsonObject } from '../base/json.ts';
import type { Trouble, Unknown } from './contract.ts';
import { type Appended, appendEvidence, type Snapshot } from './evidence.ts';
import { dayOf, keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import { keptOf, versionId } from './object-version.ts';
import { isBlocked, type Read, readState, type StateFile, type StateKind, writeOver } from './state-file.ts';

/** What a day's list has room for; what is not in it is stored again. */
const MOST = 2_000_000;

const schema = z.strictObject({
  versions: z
    .array(z.string().regex(/^[0-9a-f]{24}$/))
    .max(MOST)
    .readonly(),
});

type Collected = z.output<typeof schema>;

const kind: StateKind<Collected> = { name: 'collected', version: 1, schema };

export interface Stored {
  readonly appended: Appended;
  /** Versions that no run of the day had stored. */
  readonly fresh: number;
  /** Why the list is not up to date, or was not to be read; the evidence is not touched by it. */
  readonly trouble: string | undefined;
}

/** Other collectors may write in between: each time all of both lists is written. */
const TRIES = 8;

/** Stores what the day does not have yet. `arrival`: when all of it had come in. */
export async function storeNew(
  ledger: Ledger,
  cluster: string,
  { objects, arrival }: { readonly objects: Iterable<JsonObject>; readonly arrival: Instant },
): Promise<Stored> {
  const file = fileOf(cluster, arrival);
  const before = await readState(ledger, file);
  const snapshots = newOf(objects, { arrival, known: new Set(versionsIn(before)) });
  const appended = await appendEvidence(ledger, cluster, [...snapshots.values()]);
  const fresh = snapshots.size;
  if (appended.status !== 'appended' || fresh === 0) return { appended, fresh, trouble: troubleOf(before) };
  const trouble = await noted(ledger, file, { before, versions: [...snapshots.keys()] });
  return { appended, fresh, trouble };
}

const fileOf = (cluster: string, arrival: Instant): StateFile<Collected> => ({
  kind,
  key: keyOf('v1/collected', [cluster, dayOf(arrival)], '.json'),
});

/** A list that cannot be read is an empty one: too much is stored rather than too little. */
const versionsIn = (read: Read<Collected>): readonly string[] =>
  read.status === 'found' ? read.value.versions : [];

/** The first shape of each version counts. */
function newOf(
  objects: Iterable<JsonObject>,
  { arrival, known }: { readonly arrival: Instant; readonly known: ReadonlySet<string> },
): ReadonlyMap<string, Snapshot> {
  const snapshots = new Map<string, Snapshot>();
  for (const object of objects) {
    const id = versionId(object);
    if (!known.has(id) && !snapshots.has(id))
      snapshots.set(id, { arrival, type: 'ADDED', object: keptOf(object) });
  }
  return snapshots;
}

async function noted(
  ledger: Ledger,
  file: StateFile<Collected>,
  { before, versions }: { readonly before: Read<Collected>; readonly versions: readonly string[] },
): Promise<string | undefined> {
  let read = before;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (isBlocked(read)) return troubleOf(read);
    const all = [...new Set([...versionsIn(read), ...versions])].slice(0, MOST).sort();
    const written = await writeOver(ledger, file, { read, value: { versions: all } });
    if (written.status === 'written') return troubleOf(read);
    if (written.status !== 'conflict') return troubleOf(written);
    read = await readState(ledger, file);
  }
  return 'other collectors wrote it each time';
}

function troubleOf(came: Read<Collected> | Trouble | Unknown): string | undefined {
  if (came.status === 'failed' || came.status === 'unknown') return came.reason;
  return came.status === 'unreadable' ? `${came.key}: ${came.why}: ${came.reason}` : undefined;
}
