// What a store of state is: objects under keys, written only on a condition.
//
// Everything above it (lease, watermark, export ledger) is safe because two
// writers can never both win. test/contracts/store.contract.test.ts holds every
// member to that with 20 writers from several processes.

import type { Brand } from '../base/brand.ts';
import type { Key } from './key.ts';

/** Names one state of one object. Made of its bytes by both members, so bodies must not repeat: see `ObjectStore`. */
export type Tag = Brand<string, 'Tag'>;

/** Nothing is known to have happened. `passing`: trying again may help. */
export interface Trouble {
  readonly status: 'failed';
  readonly reason: string;
  readonly passing: boolean;
}

/** It may have happened: the answer was lost. */
export interface Unknown {
  readonly status: 'unknown';
  readonly reason: string;
}

export type Fetched =
  | { readonly status: 'found'; readonly body: Uint8Array; readonly tag: Tag }
  | { readonly status: 'absent' }
  | Trouble;

export type Written =
  | { readonly status: 'written'; readonly tag: Tag }
  /** Somebody else's is there (or nothing, where something was to be replaced): nothing of ours was stored, or it was replaced since. */
  | { readonly status: 'conflict' }
  | Unknown
  | Trouble;

export type Removed =
  /** It is not there now. Whether it was is not told: S3 says the same of both, and after a lost answer nobody knows. */
  { readonly status: 'removed' } | { readonly status: 'conflict' } | Unknown | Trouble;

export type Listed =
  /** In the order of their bytes. `next`: more keys follow this one. */
  { readonly status: 'page'; readonly keys: readonly Key[]; readonly next?: string } | Trouble;

export interface Page {
  /** Only keys behind this one. */
  readonly after?: string;
  /** At most so many; 1 to 1000, the default. */
  readonly limit?: number;
}

/**
 * A store of small objects. Errors are values; nothing throws.
 *
 * A body must carry something that no other write has (`write` in `document.ts` does): tags are made of
 * bytes, and after a lost answer a writer recognises what is stored as its own by its bytes.
 */
export interface ObjectStore {
  /** For people: where it is, without secrets. */
  readonly name: string;
  readonly get: (key: Key) => Promise<Fetched>;
  /** Writes where nothing is. */
  readonly create: (key: Key, body: Uint8Array) => Promise<Written>;
  /** Writes where exactly this state is. */
  readonly replace: (key: Key, body: Uint8Array, tag: Tag) => Promise<Written>;
  /** Removes exactly this state. */
  readonly remove: (key: Key, tag: Tag) => Promise<Removed>;
  /** Keys that begin with `prefix`, which ends with a slash. */
  readonly list: (prefix: string, page?: Page) => Promise<Listed>;
}

export const LARGEST_PAGE = 1000;

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
