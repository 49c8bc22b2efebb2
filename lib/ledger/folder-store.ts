// State in a folder: for one host, with any number of processes.
//
// Who may write is decided under a lock that the kernel takes back when its holder dies, kill -9
// included: SQLite's on an empty database, since Node has no flock. A body appears by rename, so readers
// need no lock and never see half of one. Not for network file systems: their locks do not hold.

import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { byText } from '../base/text.ts';
import {
  type Fetched,
  LARGEST_PAGE,
  type Listed,
  type ObjectStore,
  type Page,
  type Removed,
  type Tag,
  type Trouble,
  type Written,
} from './contract.ts';
import { asKey, type Key } from './key.ts';

/** Names that no key begins with. */
const LOCK = '.lock';
const NEXT = '.next';

/** How long to wait for the other processes; each holds the lock for one small write. */
const PATIENCE_MS = 10_000;

export interface FolderStore extends ObjectStore {
  readonly close: () => void;
}

/** Makes the folder if need be; throws where that is impossible, since nothing can be done then. */
export function folderStore(root: string): FolderStore {
  mkdirSync(root, { recursive: true });
  const lock = new DatabaseSync(join(root, LOCK));
  lock.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  const alone = <T>(act: () => T): T | Trouble => whileLocked(lock, act);
  return {
    name: `folder ${root}`,
    get: async (key) => fetched(root, key),
    create: async (key, body) => alone(() => written(root, { key, body, over: undefined })),
    replace: async (key, body, tag) => alone(() => written(root, { key, body, over: tag })),
    remove: async (key, tag) => alone(() => removed(root, key, tag)),
    list: async (prefix, page) => listed(root, prefix, page),
    close: () => lock.close(),
  };
}

/** Everything inside is synchronous, so that two calls of one process cannot be inside together. */
function whileLocked<T>(lock: DatabaseSync, act: () => T): T | Trouble {
  try {
    lock.exec('BEGIN IMMEDIATE');
  } catch (error) {
    return { status: 'failed', reason: `the lock was not to be had: ${messageOf(error)}`, passing: true };
  }
  try {
    return act();
  } catch (error) {
    return troubleOf(error);
  } finally {
    lock.exec('ROLLBACK');
  }
}

function written(
  root: string,
  { key, body, over }: { key: Key; body: Uint8Array; over: Tag | undefined },
): Written {
  const now = fetched(root, key);
  if (now.status === 'failed') return now;
  if ((now.status === 'found' ? now.tag : undefined) !== over) return { status: 'conflict' };
  const path = join(root, key);
  mkdirSync(dirname(path), { recursive: true });
  writeDurably(join(root, NEXT), body);
  renameSync(join(root, NEXT), path);
  return { status: 'written', tag: tagOf(body) };
}

/** One name is enough for what is being written: only the holder of the lock writes, so a crash leaves one at most. */
function writeDurably(path: string, body: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let done = 0; done < body.length; ) done += writeSync(file, body, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removed(root: string, key: Key, tag: Tag): Removed {
  const now = fetched(root, key);
  if (now.status === 'failed') return now;
  if (now.status === 'absent') return { status: 'removed' };
  if (now.tag !== tag) return { status: 'conflict' };
  rmSync(join(root, key));
  return { status: 'removed' };
}

function fetched(root: string, key: Key): Fetched {
  try {
    const body = readFileSync(join(root, key));
    return { status: 'found', body, tag: tagOf(body) };
  } catch (error) {
    return isMissing(error) ? { status: 'absent' } : troubleOf(error);
  }
}

function listed(root: string, prefix: string, { after = '', limit = LARGEST_PAGE }: Page = {}): Listed {
  try {
    const names = readdirSync(join(root, prefix), { recursive: true, withFileTypes: true });
    const keys = names
      .filter((entry) => entry.isFile())
      .map((entry) => asKey(join(entry.parentPath, entry.name).slice(join(root, '/').length)))
      .filter((key) => key !== undefined && key > after)
      .toSorted((a, b) => byText(a ?? '', b ?? ''))
      .flatMap((key) => key ?? []);
    const page = keys.slice(0, limit);
    const next = page.at(-1);
    return next !== undefined && keys.length > limit
      ? { status: 'page', keys: page, next }
      : { status: 'page', keys: page };
  } catch (error) {
    return isMissing(error) ? { status: 'page', keys: [] } : troubleOf(error);
  }
}

const tagOf = (body: Uint8Array): Tag => createHash('sha256').update(body).digest('hex') as Tag;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

/** No space and too many files pass; no permission does not. */
const troubleOf = (error: unknown): Trouble => ({
  status: 'failed',
  reason: messageOf(error),
  passing: ['ENOSPC', 'EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN'].includes(String(codeOf(error))),
});
