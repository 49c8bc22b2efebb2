// Where each metric series' last point ended, for a destination that adds up deltas: the next one must join it.
//
// Written before the points go out. A run that dies in between leaves a gap, which such a store takes for a
// pause; an interval that overlaps the one before would be dropped there, with status 200.

import * as z from 'zod';
import { type Instant, latest } from '../base/instant.ts';
import type { Tag, Trouble, Unknown } from './contract.ts';
import { instantField } from './fields.ts';
import { keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import {
  createState,
  isBlocked,
  readState,
  replaceState,
  type StateFile,
  type Unreadable,
} from './state-file.ts';

/** Beyond it the oldest are forgotten: should one be heard of again, it begins where the last forgotten one ended. */
const MOST_SERIES = 20_000;

const schema = z.strictObject({
  /** Where a series begins that has no point, or is forgotten: no point of such a one ended after it. */
  since: instantField,
  ends: z
    .array(z.tuple([z.string().max(4000), instantField]))
    .max(MOST_SERIES)
    .readonly(),
});

type State = z.output<typeof schema>;

export interface SeriesEnds {
  readonly since: Instant;
  readonly ends: ReadonlyMap<string, Instant>;
}

/** What is stored, and where exactly it may be replaced. */
export type KnownSeries = SeriesEnds & { readonly status: 'known'; readonly tag: Tag | undefined };

export type SeriesKept =
  | KnownSeries
  /** Another run has sent meanwhile: what this one knew is old, and nothing may go out by it. */
  | { readonly status: 'conflict' }
  | Unknown
  | Trouble;

const fileOf = (destination: string): StateFile<State> => ({
  kind: { name: 'series', version: 1, schema },
  key: keyOf('v1/series', [destination], '.json'),
});

/** A corrupt file counts as none: every interval then begins now, so that gaps follow and no overlaps. */
export async function readSeries(
  ledger: Ledger,
  destination: string,
): Promise<KnownSeries | Unreadable | Trouble> {
  const read = await readState(ledger, fileOf(destination));
  if (isBlocked(read)) return read;
  const tag = read.status === 'absent' ? undefined : read.tag;
  if (read.status !== 'found') return { status: 'known', since: ledger.now(), ends: new Map(), tag };
  return { status: 'known', since: read.value.since, ends: new Map(read.value.ends), tag };
}

interface Keeping {
  readonly known: KnownSeries;
  readonly ends: ReadonlyMap<string, Instant>;
  readonly most?: number;
}

/** `known`: what the points were made by; `ends`: where they will have ended. */
export async function keepSeries(
  ledger: Ledger,
  destination: string,
  { known, ends, most = MOST_SERIES }: Keeping,
): Promise<SeriesKept> {
  const { tag } = known;
  const value = remembered(known.since, new Map([...known.ends, ...ends]), most);
  const file = fileOf(destination);
  const written = await (tag === undefined
    ? createState(ledger, file, value)
    : replaceState(ledger, { ...file, tag }, value));
  return written.status === 'written'
    ? { status: 'known', since: value.since, ends: new Map(value.ends), tag: written.tag }
    : written;
}

function remembered(since: Instant, ends: ReadonlyMap<string, Instant>, most: number): State {
  const newestFirst = [...ends].toSorted(([, a], [, b]) => (a > b ? -1 : a < b ? 1 : 0));
  const forgotten = newestFirst.slice(most).map(([, end]) => end);
  return { since: forgotten.reduce((at, end) => latest(at, end), since), ends: newestFirst.slice(0, most) };
}
