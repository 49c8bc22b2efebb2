// Records of JSON without line ends between them: cut apart at every border of chunks, and nothing else touched.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitSeams } from '../../lib/sources/json-seams.ts';

async function* chunksOf(text: string, size: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function split(text: string, size = 7): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of splitSeams(chunksOf(text, size))) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString();
}

it.each([
  ['{"a":1}{"b":2}', '{"a":1}\n{"b":2}'],
  ['{"a":{"b":1}}{"c":2}{"d":3}', '{"a":{"b":1}}\n{"c":2}\n{"d":3}'],
  ['{"log":"}{"}\n{"log":"x"}', '{"log":"}{"}\n{"log":"x"}'],
  ['{"log":"}{","b":1}', '{"log":"}{","b":1}'],
  ['{"log":"{\\"a\\":1}{\\"b\\":2}"}', '{"log":"{\\"a\\":1}{\\"b\\":2}"}'],
  ['a plain log {"a":1}{"b":2}\n', 'a plain log {"a":1}{"b":2}\n'],
  ['\n {"a":1}{"b":2}', '\n {"a":1}\n{"b":2}'],
])('%j', async (given, expected) => {
  for (let size = 1; size < 12; size += 1) expect(await split(given, size)).toBe(expected);
});

it('any records come out one on each line, whatever they hold and wherever the chunks end', async () => {
  const value = fc.oneof(fc.string(), fc.constantFrom('}{', '}{"', '{"a":1}{"b":2}'), fc.integer());
  const key = fc.stringMatching(/^[a-zA-Z_@$.][\w.]{0,8}$/);
  const record = fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1 }),
      fc.integer({ min: 1, max: 64 }),
      async (records, size) => {
        const texts = records.map((one) => JSON.stringify(one));
        expect(await split(texts.join(''), size)).toBe(texts.join('\n'));
      },
    ),
  );
});
