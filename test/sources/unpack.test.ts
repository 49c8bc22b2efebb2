// Unpacking: told by magic bytes, several members, in chunks of any size, and what is good of a broken archive.

import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packingOf, unpack } from '../../lib/sources/unpack.ts';

const TEXT = Array.from({ length: 3000 }, (_, at) => `line ${at} ${(at * 2654435761) % 4294967296}\n`).join(
  '',
);
const [HALF, REST] = [TEXT.slice(0, 40_000), TEXT.slice(40_000)];

/** One buffer used again for every chunk, as the files source does. */
async function* chunksOf(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  const shared = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunk.copy(shared);
    yield shared.subarray(0, chunk.length);
  }
}

interface Unpacked {
  readonly text: string;
  readonly error: string | undefined;
}

async function unpacked(bytes: Buffer, size = 1 << 16): Promise<Unpacked> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of unpack(chunksOf(bytes, size))) parts.push(Buffer.from(chunk));
  } catch (error) {
    return {
      text: Buffer.concat(parts).toString(),
      error: error instanceof Error ? error.message : String(error),
    };
  }
  return { text: Buffer.concat(parts).toString(), error: undefined };
}

/** A frame that readers skip, as pzstd writes in front. */
const SKIPPED = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

const WHOLE: readonly (readonly [string, Buffer])[] = [
  ['plain', Buffer.from(TEXT)],
  ['gzip', gzipSync(TEXT)],
  ['gzip, two members', Buffer.concat([gzipSync(HALF), gzipSync(REST)])],
  ['gzip, an empty member between', Buffer.concat([gzipSync(HALF), gzipSync(''), gzipSync(REST)])],
  ['gzip, padded with zeros', Buffer.concat([gzipSync(TEXT), Buffer.alloc(512)])],
  ['zstd', zstdCompressSync(TEXT)],
  ['zstd, two frames', Buffer.concat([zstdCompressSync(HALF), zstdCompressSync(REST)])],
  [
    'zstd, three frames, one empty',
    Buffer.concat([zstdCompressSync(HALF), zstdCompressSync(''), zstdCompressSync(REST)]),
  ],
  [
    'zstd behind a skippable frame',
    Buffer.concat([SKIPPED, zstdCompressSync(HALF), SKIPPED, zstdCompressSync(REST)]),
  ],
];

describe.each(WHOLE)('%s', (_name, bytes) => {
  it('comes out whole', async () => expect(await unpacked(bytes)).toEqual({ text: TEXT, error: undefined }));

  it('in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (size) => {
        expect(await unpacked(bytes, size)).toEqual({ text: TEXT, error: undefined });
      }),
      { numRuns: 10, seed: 3 },
    );
  }, 60_000);
});

describe('broken', () => {
  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919 + (at >> 7) * 31) % 251));

  it.each([
    ['gzip', gzipSync(noise)],
    ['gzip, second member', Buffer.concat([gzipSync(noise), gzipSync(noise)])],
    ['zstd', zstdCompressSync(noise)],
    ['zstd, second frame', Buffer.concat([zstdCompressSync(noise), zstdCompressSync(noise)])],
  ])('%s that ends early: an error, and the good part', async (_name, whole) => {
    const { text, error } = await unpacked(whole.subarray(0, whole.length - 30));
    expect(error).toMatch(/unexpected end of file|Frame/i);
    expect(noise.toString().startsWith(text.slice(0, 1000))).toBe(true);
    expect(text.length).toBeGreaterThan(0);
  });

  it.each([
    ['gzip', Buffer.concat([gzipSync(TEXT).subarray(0, 9000), Buffer.alloc(900, 0x5a)])],
    ['zstd', Buffer.concat([zstdCompressSync(TEXT), Buffer.from('trailing words')])],
    ['only the magic of gzip', Buffer.from([0x1f, 0x8b])],
    ['only the magic of zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ])('%s with garbage: an error', async (_name, bytes) =>
    expect((await unpacked(bytes)).error).toBeTypeOf('string'),
  );

  it('a source that fails after some bytes: they come first', async () => {
    const failing = async function* () {
      yield Buffer.from('good\n');
      throw new Error('disk');
    };
    const got: string[] = [];
    await expect(
      (async () => {
        for await (const chunk of unpack(failing())) got.push(chunk.toString());
      })(),
    ).rejects.toThrow('disk');
    expect(got).toEqual(['good\n']);
  });

  it('a reader that stops early is let go', async () => {
    for (const [, bytes] of WHOLE)
      for await (const chunk of unpack(chunksOf(bytes, 100))) if (chunk.length > 0) break;
  });
});

describe('packingOf', () => {
  it.each([
    [[0x1f, 0x8b, 8], 'gzip'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
    [[0x5a, 0x2a, 0x4d, 0x18], 'zstd'],
    [[0x28, 0xb5], 'plain'],
    [[], 'plain'],
    [[0x49, 0x4e, 0x46, 0x4f], 'plain'],
  ] as const)('%j: %s', (bytes, packing) => expect(packingOf(Uint8Array.from(bytes))).toBe(packing));
});
