// Unpacking by magic bytes, never by name: gzip (also several members) and zstd.

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { splitSeams } from './json-seams.ts';
import { zstdFrames } from './zstd-frames.ts';

/** Big chunks: the reader decides on bytes, so fewer borders are cheaper. */
const CHUNK = 1 << 18;

export type Packing = 'gzip' | 'zstd' | 'plain';

export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const isFrame = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  // pzstd opens with a frame to be skipped.
  const isSkipped =
    ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return isFrame || isSkipped ? 'zstd' : 'plain';
}

/** The first chunk tells what a file is: it is at least so long, unless the file is shorter. */
const HEAD = 4096;

/**
 * Throws what zlib throws when the archive is broken or ends early; the chunks before it are good. Records of JSON
 * without line ends between them get some: an object of Firehose is the same evidence in a bucket and in a file.
 */
export const unpack = (raw: AsyncIterable<Buffer>): AsyncIterable<Buffer> => splitSeams(unpacked(raw));

async function* unpacked(raw: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const iterator = headed(raw)[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const whole = rejoin(first.value, iterator);
  const packing = packingOf(first.value);
  if (packing === 'plain') yield* whole;
  else yield* headed(through(packing, whole));
}

/** A pipe gives what it has, be it one byte: small chunks at the beginning become one. */
async function* headed(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const gathered: Buffer[] = [];
  const broken = await gather(gathered, iterator);
  if (gathered.length > 0) yield* rejoin(Buffer.concat(gathered), broken === undefined ? iterator : NOTHING);
  if (broken !== undefined) throw broken;
}

const NOTHING: AsyncIterator<Buffer> = { next: async () => ({ done: true, value: undefined }) };

/** Fills `into` up to the head's length; an error that comes before that is returned, so that what is good gets through. */
async function gather(into: Buffer[], from: AsyncIterator<Buffer>): Promise<Error | undefined> {
  try {
    for (let length = 0; length < HEAD; ) {
      const next = await from.next();
      if (next.done === true) return undefined;
      into.push(Buffer.from(next.value));
      length += next.value.length;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* through(packing: 'gzip' | 'zstd', packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const chunk of packing === 'zstd' ? zstdFrames(packed, CHUNK) : gunzipped(packed)) {
    yield chunk;
    release(chunk);
  }
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const unpacker = createGunzip({ chunkSize: CHUNK });
  const input = Readable.from(copied(packed), { objectMode: false, highWaterMark: CHUNK });
  input.on('error', (error) => unpacker.destroy(error));
  try {
    for await (const chunk of input.pipe(unpacker)) yield chunk;
  } finally {
    input.destroy();
    unpacker.destroy();
  }
}

/** The file's buffer is used again for the next read, and a stream holds on to what it was given. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/**
 * Gives the memory of a chunk back at once. V8 counts a chunk of 256 KiB as one small object: so little garbage is made
 * here that it waits for a full collection, one for every few chunks, which was a third of the whole run. zlib begins a
 * new buffer when one is full; before that it still writes into this one.
 */
function release({ buffer, byteOffset, byteLength }: Buffer): void {
  const isFull = byteOffset + byteLength === buffer.byteLength;
  if (isFull && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
