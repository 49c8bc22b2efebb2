// Parts of lines: whatever way a text was cut and interleaved, it comes out whole.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, NANOSECOND } from '../../lib/base/instant.ts';
import { joinPartials, type Whole } from '../../lib/framings/join-partials.ts';
import type { Framed } from '../../lib/model/line.ts';

interface Part {
  readonly text: string;
  readonly stream: string;
  readonly partial: boolean;
  readonly pod?: string;
}

const framedOf = ({ text, stream, partial, pod }: Part, line: number): Framed => ({
  text,
  stream,
  partial,
  stamp: { at: instant(BigInt(line)), precision: NANOSECOND, zoned: true },
  ...(pod === undefined ? {} : { identity: { pod } }),
});

function joinAll(
  parts: readonly Part[],
  limit?: number,
): { readonly wholes: readonly Whole[]; readonly left: readonly Whole[] } {
  const joiner = joinPartials(limit);
  const wholes = parts.flatMap((part, index) => joiner.add(framedOf(part, index + 1), index + 1));
  return { wholes, left: joiner.flush() };
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 12 });
const line = fc.array(letters, { minLength: 1, maxLength: 5 });
const reader = fc.array(line, { maxLength: 6 });

/** The lines of one stream as the runtime writes them: P … P F. */
const partsOf = (lines: readonly (readonly string[])[], stream: string): readonly Part[] =>
  lines.flatMap((texts) => texts.map((text, index) => ({ text, stream, partial: index < texts.length - 1 })));

/** The two readers' parts in some order that keeps each reader's own. */
function interleave(a: readonly Part[], b: readonly Part[], choices: readonly boolean[]): readonly Part[] {
  const [left, right] = [[...a], [...b]];
  const mixed: Part[] = [];
  for (let i = 0; left.length + right.length > 0; i += 1) {
    const from = right.length === 0 || (left.length > 0 && choices[i % choices.length]) ? left : right;
    mixed.push(...from.splice(0, 1));
  }
  return mixed;
}

const textsOf = (wholes: readonly Whole[], stream: string): readonly string[] =>
  wholes.filter(({ framed }) => framed.stream === stream).map(({ framed }) => framed.text);

describe('joinPartials', () => {
  it('gives every line of both streams back, however their parts interleave', () => {
    fc.assert(
      fc.property(reader, reader, fc.array(fc.boolean(), { minLength: 1 }), (out, err, choices) => {
        const parts = interleave(partsOf(out, 'stdout'), partsOf(err, 'stderr'), choices);
        const { wholes, left } = joinAll(parts);
        expect(textsOf(wholes, 'stdout')).toEqual(out.map((texts) => texts.join('')));
        expect(textsOf(wholes, 'stderr')).toEqual(err.map((texts) => texts.join('')));
        expect(left).toEqual([]);
      }),
    );
  });

  it('takes number and time from the last part', () => {
    const parts = [
      { text: 'a', stream: 'stdout', partial: true },
      { text: 'x', stream: 'stderr', partial: false },
      { text: 'b', stream: 'stdout', partial: false },
    ];
    const { wholes } = joinAll(parts);
    expect(
      wholes.map(({ line: number, framed, parts: count }) => [number, framed.stamp?.at, framed.text, count]),
    ).toEqual([
      [2, 2n, 'x', 1],
      [3, 3n, 'ab', 2],
    ]);
  });

  it('keeps pods apart', () => {
    const parts = [
      { text: 'a', stream: '', partial: true, pod: 'p-0' },
      { text: 'b', stream: '', partial: false, pod: 'p-1' },
      { text: 'c', stream: '', partial: false, pod: 'p-0' },
    ];
    expect(joinAll(parts).wholes.map(({ framed }) => framed.text)).toEqual(['b', 'ac']);
  });

  it('flushes what has no end, in line order, and is empty then', () => {
    const joiner = joinPartials();
    joiner.add(framedOf({ text: 'a', stream: 'stdout', partial: true }, 1), 1);
    joiner.add(framedOf({ text: 'b', stream: 'stderr', partial: true }, 2), 2);
    joiner.add(framedOf({ text: 'c', stream: 'stdout', partial: true }, 3), 3);
    const left = joiner.flush();
    expect(left.map(({ framed, line: number }) => [framed.text, framed.partial, number])).toEqual([
      ['b', false, 2],
      ['ac', false, 3],
    ]);
    expect(joiner.flush()).toEqual([]);
  });

  it('never holds more than the limit, and says so', () => {
    fc.assert(
      fc.property(line, fc.nat(30), (texts, limit) => {
        const [whole] = joinAll(partsOf([texts], 'stdout'), limit).wholes;
        const text = texts.join('');
        expect(whole?.framed.text).toBe(text.slice(0, limit));
        expect(whole?.cut).toBe(text.length > limit);
      }),
    );
  });

  it('opens an envelope that came in parts', () => {
    const message = '{"message": "non-default args: {}", "vllm_process_name": "APIServer"}';
    const parts = [
      { text: message.slice(0, 20), stream: 'stdout', partial: true },
      { text: message.slice(20), stream: 'stdout', partial: false },
    ];
    const [whole] = joinAll(parts).wholes;
    expect(whole?.framed).toMatchObject({
      text: 'non-default args: {}',
      stream: 'stdout',
      header: { speaker: { name: 'APIServer' } },
    });
  });
});
