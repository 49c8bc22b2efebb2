// A zstd file of several frames (`cat a.zst b.zst`, pzstd, appended rotations).
//
// Node's decompressor takes the end of the first frame for the end of the file
// and says nothing of the rest (seen with Node 24.21): so each frame gets a
// decompressor of its own, and what one leaves over begins the next.

import type { ZstdDecompress } from 'node:zlib';
import { createZstdDecompress } from 'node:zlib';

/** The unpacked bytes. Throws what zlib throws when a frame is broken or ends early. */
export async function* zstdFrames(packed: AsyncIterable<Buffer>, chunkSize: number): AsyncIterable<Buffer> {
  const input = packed[Symbol.asyncIterator]();
  let rest = await nextOf(input);
  while (rest !== undefined) {
    const unpacker = createZstdDecompress({ chunkSize });
    const left: Promise<Buffer | undefined> = feed(unpacker, rest, input);
    try {
      for await (const chunk of unpacker) yield chunk;
    } finally {
      unpacker.destroy();
    }
    rest = await left;
  }
}

/** One chunk after the other, each only when the last one is used up; resolves to what lies behind the frame. */
async function feed(
  unpacker: ZstdDecompress,
  first: Buffer,
  input: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  let fed = 0;
  try {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await nextOf(input)) {
      fed += chunk.length;
      await used(unpacker, chunk);
      const over = fed - unpacker.bytesWritten;
      if (over > 0) return chunk.subarray(chunk.length - over);
    }
    unpacker.end();
  } catch (error) {
    unpacker.destroy(error instanceof Error ? error : new Error(String(error)));
  }
  return undefined;
}

/** Resolves when the decompressor wants no more of the chunk: behind a frame it never calls back, it only ends. */
const used = (unpacker: ZstdDecompress, chunk: Buffer): Promise<void> =>
  new Promise((done) => {
    const over = (): void => {
      unpacker.off('end', over).off('close', over);
      done();
    };
    unpacker.once('end', over).once('close', over);
    unpacker.write(chunk, over);
  });

async function nextOf(input: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const next = await input.next();
  return next.done === true ? undefined : next.value;
}
