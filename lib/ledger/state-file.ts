// State as JSON files: each kind with a schema and a version, each write with an id of its own.
//
// A file that cannot be read is copied aside and named, and left as it is: what becomes of it is for
// the caller to decide, and to tell. Nothing here ever takes "unreadable" for "absent".

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { formatInstant } from '../base/instant.ts';
import { parseJson } from '../base/json.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { cut } from '../base/text.ts';
import type { Fetched, Tag, Trouble, Written } from './contract.ts';
import { type Key, keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';

/** One kind of state. A change of the schema, however small, is a new version. */
export interface StateKind<T> {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
}

export interface StateFile<T> {
  readonly kind: StateKind<T>;
  readonly key: Key;
}

/** `corrupt`: not what any version wrote. `newer`: a later version of the program wrote it. */
export interface Unreadable {
  readonly status: 'unreadable';
  readonly why: 'corrupt' | 'newer';
  readonly reason: string;
  readonly key: Key;
  readonly tag: Tag;
  /** Where a copy of its bytes is; undefined when even that could not be written. */
  readonly copy: Key | undefined;
}

export type Read<T> =
  | { readonly status: 'found'; readonly value: T; readonly tag: Tag }
  | { readonly status: 'absent' }
  | Unreadable
  | Trouble;

const envelope = z.object({ state: z.string(), version: z.int().positive(), value: z.unknown() });

export async function readState<T>(ledger: Ledger, file: StateFile<T>): Promise<Read<T>> {
  const found = await ledger.store.get(file.key);
  if (found.status !== 'found') return found;
  const value = decodeState(file.kind, found.body);
  if (value.ok) return { status: 'found', value: value.value, tag: found.tag };
  return quarantined(ledger, { key: file.key, found, problem: value.error });
}

export const createState = <T>(ledger: Ledger, { kind, key }: StateFile<T>, value: T): Promise<Written> =>
  ledger.store.create(key, encodeState(ledger, kind, value));

export const replaceState = <T>(
  ledger: Ledger,
  { kind, key, tag }: StateFile<T> & { readonly tag: Tag },
  value: T,
): Promise<Written> => ledger.store.replace(key, encodeState(ledger, kind, value), tag);

/** Writes in the place of exactly what was read: nothing, a state, or a corrupt file. */
export const writeOver = <T>(
  ledger: Ledger,
  file: StateFile<T>,
  { read, value }: { readonly read: Exclude<Read<T>, Trouble>; readonly value: T },
): Promise<Written> =>
  read.status === 'absent'
    ? createState(ledger, file, value)
    : replaceState(ledger, { ...file, tag: read.tag }, value);

/** Not to be written over: nobody knows what is there, or a later version of the program does. */
export const isBlocked = <T>(read: Read<T>): read is Trouble | (Unreadable & { readonly why: 'newer' }) =>
  read.status === 'failed' || (read.status === 'unreadable' && read.why === 'newer');

function encodeState<T>({ run, now, newId }: Ledger, kind: StateKind<T>, value: T): Uint8Array {
  const head = { state: kind.name, version: kind.version, write: newId(), run, at: formatInstant(now()) };
  return Buffer.from(`${JSON.stringify({ ...head, value: z.encode(kind.schema, value) })}\n`);
}

type Problem = Pick<Unreadable, 'why' | 'reason'>;

function decodeState<T>(kind: StateKind<T>, body: Uint8Array): Result<T, Problem> {
  const json = parseJson(Buffer.from(body).toString());
  if (!json.ok) return corrupt(`not JSON: ${json.error}`);
  const outer = envelope.safeParse(json.value);
  if (!outer.success) return corrupt(`expected a state file: ${z.prettifyError(outer.error)}`);
  const { state, version, value } = outer.data;
  if (state !== kind.name) return corrupt(`expected ${kind.name}, got ${state}`);
  if (version > kind.version)
    return failed({
      why: 'newer',
      reason: `${kind.name} version ${version}; this program knows ${kind.version}`,
    });
  const inner = z.safeDecode(kind.schema, value as z.input<typeof kind.schema>);
  return inner.success ? ok(inner.data) : corrupt(z.prettifyError(inner.error));
}

const corrupt = (reason: string): Result<never, Problem> =>
  failed({ why: 'corrupt', reason: cut(reason, 500) });

interface Bad {
  readonly key: Key;
  readonly found: Extract<Fetched, { status: 'found' }>;
  readonly problem: Problem;
}

/** Copies it aside. The copy is named by its bytes, so that every run that stumbles over it makes the same one. */
async function quarantined({ store }: Ledger, { key, found, problem }: Bad): Promise<Unreadable> {
  const copy = quarantineKey(key, found.body);
  const { status } = await store.create(copy, found.body);
  const isThere = status === 'written' || status === 'conflict';
  return { status: 'unreadable', ...problem, key, tag: found.tag, copy: isThere ? copy : undefined };
}

/** `v1/quarantine/<key>/<hash of the bytes>.bin` */
export function quarantineKey(key: Key, body: Uint8Array): Key {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 32);
  return keyOf('v1/quarantine', [key, hash], '.bin');
}
