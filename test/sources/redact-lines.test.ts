// A log on its way to disk: no secret stays, nothing else changes, however it was cut into chunks.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../lib/base/redact.ts';
import { redactLines } from '../../lib/sources/redact-lines.ts';

async function* cut(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  const shared = Buffer.alloc(size);
  for (let from = 0; from < bytes.length; from += size) {
    const length = bytes.copy(shared, 0, from, from + size);
    yield shared.subarray(0, length);
  }
}

const redacted = (bytes: Buffer, size: number): Promise<Buffer> =>
  buffer(Readable.from(redactLines(cut(bytes, size))));

const LINE = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
  fc.constantFrom(
    'export HF_TOKEN=hf_abcdefghijklmnopqrst',
    "args: {'api_key': ['sk-0123456789abcdefgh']}",
    '',
    '\r',
  ),
);

describe('redactLines', () => {
  it('is redact, line by line, wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(LINE, { maxLength: 20 }),
        fc.integer({ min: 1, max: 64 }),
        async (lines, size) => {
          const text = lines.join('\n');
          expect((await redacted(Buffer.from(text), size)).toString()).toBe(lines.map(redact).join('\n'));
        },
      ),
    );
  });

  it('bytes that are no text pass as they are', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x0a, 0x00, 0xe4, 0x0a, 0xc3]);
    expect(await redacted(bytes, 3)).toEqual(bytes);
  });

  it('of a line of 3 MB the first MiB is kept, and the line after it is whole', async () => {
    const said = await redacted(Buffer.from(`${'x'.repeat(3 << 20)}\nnext\n`), 65_536);
    expect(
      said
        .toString()
        .split('\n')
        .map(({ length }) => length),
    ).toEqual([1 << 20, 4, 0]);
  });
});
