// Keeps what a source brings in, in a folder that `replay` reads to the same startups.
//
// Who reads on reads the very bytes that were kept: no secret, and no difference.

import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed, ok, type Result } from '../base/result.ts';
import type { ByteStream, Source, SourceProblem } from './contract.ts';
import { identityOfPath } from './identity-of-path.ts';
import { redactLines } from './redact-lines.ts';

/** For its owner only: evidence names hosts, images and arguments. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Makes the folder. One that holds something already is refused: its files would become part of the answer. */
export async function newFolder(folder: string): Promise<Result<undefined, string>> {
  const expected = '--save: expected a folder that is empty or not there yet';
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const names = await readdir(folder);
    return names.length === 0
      ? ok(undefined)
      : failed(`${expected}, got ${folder} with ${names.length} entries`);
  } catch (error) {
    return failed(`${expected}, got ${folder}: ${messageOf(error)}`);
  }
}

/** Also keeps the streams of `source` below `folder`, as they are read. */
export function saving(source: Source, folder: string): Source {
  const problems: SourceProblem[] = [];
  const note = (where: string, came: string): void => {
    problems.push({
      kind: 'problem',
      where,
      what: 'files.unsaved',
      expected: 'a file that can be written',
      came,
      asked: true,
    });
  };
  return {
    name: source.name,
    async *open() {
      for await (const item of source.open()) yield item.kind === 'stream' ? saved(item, folder, note) : item;
    },
    afterwards: () => [...(source.afterwards?.() ?? []), ...problems],
  };
}

type Note = (where: string, came: string) => void;

function saved(stream: ByteStream, folder: string, note: Note): ByteStream {
  const path = placeOf(stream);
  if (path === undefined) {
    note(stream.where, 'a name that cannot be that of a file');
    return stream;
  }
  const isLog = stream.identity.uid !== undefined;
  return {
    ...stream,
    chunks: (onRead) => {
      const chunks = stream.chunks(onRead);
      return kept(isLog ? redactLines(chunks) : chunks, join(folder, path), note);
    },
  };
}

/** Names come from the cluster: only a path that tells the same identity again is written to. */
function placeOf({ name, identity }: ByteStream): string | undefined {
  const { uid, namespace, pod, container, restart } = identity;
  if (uid === undefined) return /^[a-z]{1,20}\.jsonl$/.test(name) ? name : undefined;
  const path = `${namespace}_${pod}_${uid}/${container}/${restart}.log`;
  const told = identityOfPath(`/${path}`);
  const isSame =
    told.name === name &&
    told.identity.uid === uid &&
    told.identity.namespace === namespace &&
    told.identity.pod === pod;
  return isSame && !path.includes('..') ? path : undefined;
}

/** A disk that is full ends the keeping, not the answer. */
async function* kept(chunks: AsyncIterable<Buffer>, path: string, note: Note): AsyncIterable<Buffer> {
  let file: FileHandle | undefined;
  let isLost = false;
  try {
    for await (const chunk of chunks) {
      try {
        if (!isLost) {
          file ??= await opened(path);
          await file.appendFile(chunk);
        }
      } catch (error) {
        isLost = true;
        note(path, messageOf(error));
      }
      yield chunk;
    }
  } finally {
    await file?.close();
  }
}

/** Objects come in several streams of one name. */
async function opened(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  return open(path, 'a', FILE_MODE);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
