// Files and folders of the local disk.

import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { instant } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { ByteStream, Source, SourceProblem } from './contract.ts';
import { identityOfPath } from './identity-of-path.ts';
import { unpack } from './unpack.ts';

/** One buffer per file, used for every read: a 10 GB log costs no more memory than this. */
const BUFFER = 1 << 20;

/** Of a thousand small files each has a small one. Zero: a pipe, which does not know its size. */
const bufferFor = (size: number): number => (size === 0 ? BUFFER : Math.min(size + 1, BUFFER));

/** Every file named, and every file below every folder named, each once, in name order per folder. */
export function files(paths: readonly string[]): Source {
  return {
    name: 'files',
    async *open() {
      const seen = new Set<string>();
      for (const path of paths) yield* walk({ path, asked: true }, seen);
    },
  };
}

interface Place {
  readonly path: string;
  readonly asked: boolean;
}

async function* walk(place: Place, seen: Set<string>): AsyncIterable<ByteStream | SourceProblem> {
  const found = await look(place);
  if (found.kind === 'problem') yield found;
  if (found.kind === 'problem' || found.kind === 'other' || seen.has(found.real)) return;
  seen.add(found.real);
  if (found.kind === 'file') yield streamOf(place, found);
  else yield* walkFolder(place, seen);
}

async function* walkFolder(place: Place, seen: Set<string>): AsyncIterable<ByteStream | SourceProblem> {
  const names = await attempt(() => readdir(place.path));
  if (names instanceof Error) {
    yield problem(place, 'a folder that can be listed', names);
    return;
  }
  for (const name of names.sort(byText)) yield* walk({ path: join(place.path, name), asked: false }, seen);
}

type Found =
  | {
      readonly kind: 'file';
      readonly real: string;
      readonly size: number;
      /** False for a pipe. */
      readonly hasSize: boolean;
      readonly modifiedNs: bigint;
    }
  | { readonly kind: 'folder'; readonly real: string }
  | { readonly kind: 'other' }
  | SourceProblem;

async function look(place: Place): Promise<Found> {
  const stats = await attempt(() => stat(place.path, { bigint: true }));
  if (stats instanceof Error) return problem(place, 'a file or a folder', stats);
  const real = await attempt(() => realpath(place.path));
  if (real instanceof Error) return problem(place, 'a file or a folder', real);
  if (stats.isDirectory()) return { kind: 'folder', real };
  const readable = stats.isFile() || (place.asked && (stats.isFIFO() || stats.isCharacterDevice()));
  if (!readable) return { kind: 'other' };
  return { kind: 'file', real, size: Number(stats.size), hasSize: stats.isFile(), modifiedNs: stats.mtimeNs };
}

function streamOf({ path, asked }: Place, file: Extract<Found, { kind: 'file' }>): ByteStream {
  const { name, identity, previous } = identityOfPath(resolve(path));
  const chunks = async function* (onRead?: (bytes: number) => void) {
    yield* unpack(readFile(path, file.size, onRead));
  };
  const modified = instant(file.modifiedNs);
  const { size, hasSize } = file;
  return { kind: 'stream', where: path, name, identity, previous, modified, size, hasSize, asked, chunks };
}

async function* readFile(
  path: string,
  size: number,
  onRead?: (bytes: number) => void,
): AsyncIterable<Buffer> {
  const handle: FileHandle = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(bufferFor(size));
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      onRead?.(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function problem({ path, asked }: Place, expected: string, error: Error): SourceProblem {
  return { kind: 'problem', where: path, expected, came: plain(error), asked };
}

/** `ENOENT: no such file or directory, stat 'x'` → `no such file or directory`. */
function plain(error: Error): string {
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
  return errno === undefined ? error.message : getSystemErrorMessage(errno);
}
