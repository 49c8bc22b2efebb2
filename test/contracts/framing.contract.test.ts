// Every framing opens its own examples, and nobody else's; nothing throws.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../lib/base/instant.ts';
import type { Framing, FramingExample } from '../../lib/framings/contract.ts';
import { framings } from '../../lib/framings/index.ts';
import { openLine } from '../../lib/framings/open-line.ts';
import { cpuTime } from '../cpu-time.ts';

const cases = framings.flatMap((framing) =>
  framing.examples.map((example) => ({ framing, example, raw: example.raw })),
);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const titled = cases.map((one) => [`${one.framing.name}: ${one.raw.slice(0, 80)}`, one] as const);

describe('framings', () => {
  it('have unique names, a sentence, and an example each', () => {
    expect(new Set(framings.map(({ name }) => name)).size).toBe(framings.length);
    for (const { says, examples } of framings) {
      expect(says).toMatch(/\.$/);
      expect(examples.length).toBeGreaterThan(0);
    }
  });

  it.each(titled)('%s is opened by that framing alone', (_title, { framing, raw }) => {
    const openers = framings.filter((one) => one.open(raw) !== undefined).map(({ name }) => name);
    expect(openers).toEqual([framing.name]);
  });

  it.each(titled)('%s gives its time and its text', (_title, { framing, example }) => {
    const [first] = framing.open(example.raw) ?? [];
    expect(first?.text).toBe(example.text);
    expect(first?.stamp === undefined ? undefined : formatInstant(first.stamp.at)).toBe(example.at);
  });

  it.each(titled)('%s: textStart points at the text', (_title, { framing, example }) => {
    const bytes = encode(example.raw);
    const at = framing.textStart?.(bytes, 0, bytes.length) ?? -1;
    if (at < 0) return;
    const text = new TextDecoder().decode(bytes.subarray(at));
    expect(text.startsWith(example.text.slice(0, 12).replace('\u001b', '\\u001b'))).toBe(true);
  });

  it('does not depend on the hint', () => {
    for (const { raw } of cases)
      for (const hint of framings) expect(openLine(raw, hint)).toEqual(openLine(raw));
  });
});

/** An example with a few characters replaced, removed or doubled, or cut off. */
const mutant = fc
  .record({
    example: fc.constantFrom(...cases.map(({ example }): FramingExample => example)),
    edits: fc.array(
      fc.record({
        where: fc.double({ min: 0, max: 1, noNaN: true }),
        what: fc.constantFrom(
          '',
          ' ',
          '"',
          '\\',
          'Z',
          '0',
          ':',
          '{',
          '}',
          '|',
          '\n',
          '\u001b',
          'F',
          'P',
          '\uD800',
          'é',
          '\\n',
        ),
        remove: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 4 },
    ),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  })
  .map(({ example, edits, cut }) => {
    let raw = example.raw;
    for (const { where, what, remove } of edits) {
      const at = Math.floor(where * raw.length);
      raw = raw.slice(0, at) + what + raw.slice(at + remove);
    }
    return cut === null ? raw : raw.slice(0, Math.floor(cut * raw.length));
  });

const withFastPath = framings.filter(
  (framing): framing is Framing & Required<Pick<Framing, 'textStart'>> => framing.textStart !== undefined,
);

describe('damaged lines', () => {
  it('never throw, and always give text', () => {
    fc.assert(
      fc.property(mutant, (raw) => {
        for (const framing of framings) framing.open(raw);
        for (const { text } of openLine(raw).framed) expect(typeof text).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });

  it('belong to one framing at most, so that a hint changes nothing', () => {
    fc.assert(
      fc.property(mutant, (raw) => {
        expect(
          framings.filter((one) => one.open(raw) !== undefined).map(({ name }) => name).length,
        ).toBeLessThan(2);
      }),
      { numRuns: 10000 },
    );
  });

  it('textStart only accepts what open accepts as a whole line', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutant, fc.integer({ min: 0, max: 5 }), (raw, shift) => {
        const line = raw.replaceAll('\n', ' ');
        const bytes = encode('x'.repeat(shift) + line);
        for (const framing of withFastPath) {
          const at = framing.textStart(bytes, shift, bytes.length);
          if (at < 0) continue;
          accepted += 1;
          expect(at).toBeLessThanOrEqual(bytes.length);
          expect(
            framing.open(new TextDecoder().decode(bytes.subarray(shift)))?.map(({ partial }) => partial),
          ).toEqual([false]);
        }
      }),
      { numRuns: 20000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('textStart does not look behind the end of the line', () => {
    const all = encode(cases.map(({ raw }) => raw).join('\n'));
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.nat(60), (start, length) => {
        const end = Math.min(all.length, start + length);
        const alone = all.slice(start, end);
        for (const { textStart } of withFastPath) {
          const inside = textStart(all, start, end);
          expect(inside < 0 ? -1 : inside - start).toBe(textStart(alone, 0, alone.length));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a', ''],
    [' ', ''],
    ['{', ''],
    ['\\', '{"log":"'],
    ['"', '{"log":"'],
    ['a_', '{"message":"","source_type":"","file":"/'],
    ['a-', 'a'],
    ['a="b",', '{'],
    ['/', '2026-11-22T02:05:16+00:00 '],
    ['a.', '2026-11-22T02:05:16+0000 '],
    ['(a pid=1) ', ''],
    ['a ', '2026-05-01 22:45:03 ('],
    ['[', '{"message":'],
    ['-a', '2026-11-22T01:34:02.123000+00:00 a'],
  ])('a megabyte of %j behind %j takes no time', (unit, head) => {
    const raw = head + unit.repeat(1_000_000 / unit.length);
    const took = cpuTime(() => {
      openLine(raw);
    });
    expect(took).toBeLessThan(500);
  });
});
