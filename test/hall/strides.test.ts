// How time is cut: strides of a run, slices of a backfill, and what of a slice is late.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RHYTHM, stridesOf } from '../../lib/analyze.ts';
import { planBackfill } from '../../lib/backfill.ts';
import { duration, before as earlier, instant, after as later, SECOND } from '../../lib/base/instant.ts';
import { type Ended, lateIn } from '../../lib/late-starts.ts';
import { type Slice, slicesOf } from '../../lib/ledger/window.ts';

const START = 1_790_000_000n;
const seconds = fc.integer({ min: 0, max: 200_000 });
const window = fc.tuple(seconds, seconds).map(([from, length]) => ({
  from: instant((START + BigInt(from)) * SECOND + 7n),
  to: instant((START + BigInt(from + length)) * SECOND + 7n),
}));
const width = fc.integer({ min: 60, max: 20_000 }).map((count) => duration(BigInt(count) * SECOND));

const areNeighbours = (slices: readonly Slice[]): boolean =>
  slices.every(({ from }, index) => index === 0 || from === slices[index - 1]?.to);

describe('planBackfill', () => {
  it('slices cover exactly the window, half-open, cut at whole widths', () => {
    fc.assert(
      fc.property(window, width, (asked, wide) => {
        const { slices } = planBackfill(asked, wide);
        expect(slices.length === 0).toBe(asked.from === asked.to);
        expect(slices[0]?.from ?? asked.from).toBe(asked.from);
        expect(slices.at(-1)?.to ?? asked.to).toBe(asked.to);
        expect(areNeighbours(slices)).toBe(true);
        expect(slices.every(({ from, to }) => from < to && to - from <= wide)).toBe(true);
        expect(slices.slice(1).every(({ from }) => from % wide === 0n)).toBe(true);
      }),
    );
  });

  it('every moment of the window belongs to one slice, and the same plan has the same name', () => {
    fc.assert(
      fc.property(window, width, fc.nat({ max: 199_999 }), (asked, wide, offset) => {
        const at = instant(asked.from + BigInt(offset) * SECOND);
        const plan = planBackfill(asked, wide);
        const own = plan.slices.filter(({ from, to }) => from <= at && at < to);
        expect(own).toHaveLength(at < asked.to ? 1 : 0);
        expect(planBackfill(asked, wide).id).toBe(plan.id);
        expect(planBackfill({ ...asked, to: later(asked.to, SECOND) }, wide).id).not.toBe(plan.id);
      }),
    );
  });
});

describe('stridesOf', () => {
  it('keeps every slice once and in order; joins neighbours only, up to a stride', () => {
    const kept = fc.array(fc.boolean(), { maxLength: 40 });
    fc.assert(
      fc.property(kept, fc.integer({ min: 1, max: 12 }), (which, most) => {
        const from = instant(START * SECOND);
        const all = slicesOf(
          { from: instant(from - (from % RHYTHM.step)), to: later(from, duration(RHYTHM.step * 41n)) },
          RHYTHM.step,
        );
        const slices = all.filter((_, index) => which[index] === true);
        const stride = duration(RHYTHM.step * BigInt(most));
        const strides = stridesOf(slices, stride);
        expect(strides.flat()).toEqual(slices);
        expect(strides.every((each) => each.length <= most && areNeighbours(each))).toBe(true);
      }),
    );
  });
});

describe('lateIn', () => {
  const to = instant(START * SECOND);
  const slice = { from: earlier(to, RHYTHM.step), to };
  const settled = { ...slice, readAt: later(to, RHYTHM.lateness) };
  const one: Ended = { end: earlier(to, SECOND), phases: 5 };
  const late = (startups: number, phases: number) => ({ startups, phases });

  it.each([
    ['as it was', settled, { startups: 1, phases: 5 }, [one], undefined],
    ['a start more', settled, { startups: 0, phases: 0 }, [one], late(1, 5)],
    ['phases more', settled, { startups: 1, phases: 2 }, [one], late(0, 3)],
    ['less: only a part of it was read', settled, { startups: 2, phases: 9 }, [one], undefined],
    ['not settled yet', { ...slice, readAt: to }, { startups: 0, phases: 0 }, [one], undefined],
    ['written by a version that counted nothing', settled, {}, [one], undefined],
    [
      'one that ends with the slice is of the next',
      settled,
      { startups: 0, phases: 0 },
      [{ ...one, end: to }],
      undefined,
    ],
  ])('%s', (_, known, counts, ended, expected) => {
    const [found] = lateIn([{ ...known, counts: { ...counts } as Record<string, number> }], ended, RHYTHM);
    expect(found === undefined ? undefined : late(found.startups, found.phases)).toEqual(expected);
  });
});
