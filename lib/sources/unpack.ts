// Unpacking by magic bytes, never by name: gzip (also several members) and zstd.

import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Big chunks: the reader decides on bytes, so fewer borders are cheaper. */
const CHUNK = 1 << 18;

export type Packing = 'gzip' | 'zstd' | 'plain';

export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return isZstd ? 'zstd' : 'plain';
}

/** Throws what zlib throws when the archive is broken or ends early; the chunks before it are good. */
export async function* unpack(raw: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const iterator = raw[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const whole = rejoin(first.value, iterator);
  const packing = packingOf(first.value);
  if (packing === 'plain') yield* whole;
  else yield* through(packing, whole);
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* through(packing: 'gzip' | 'zstd', packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const unpacker =
    packing === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createZstdDecompress({ chunkSize: CHUNK });
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
