// When a pod is told for good, and what a run reads: pure decisions over time.

import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { duration, type Instant, SECOND } from '../../lib/base/instant.ts';
import { finalityOf, podFinality } from '../../lib/ledger/finality.ts';
import { isSettled, reachedFrom, slicesOf, unsettled, windowOf } from '../../lib/ledger/window.ts';
import { type Moment, UNKNOWN_PRECISION } from '../../lib/model/mark.ts';
import type { Outcome } from '../../lib/model/startup.ts';
import { second } from './a-ledger.ts';

const LATE = 45 * 60;
const DAY = 24 * 3600;
const endAt = (at: Instant): Moment => ({ at, precision: SECOND });
const NO_CLOCK: Moment = { at: second(0), precision: UNKNOWN_PRECISION };

describe('final', () => {
  const facts = (outcome: Outcome, end: Moment = endAt(second(0))) => ({ outcome, end });
  test.each([
    ['ready, in time for late evidence', facts('ready'), { now: second(LATE - 1) }, false, second(LATE)],
    ['ready, nothing can be late', facts('ready'), { now: second(LATE) }, 'ready', undefined],
    ['failed', facts('failed'), { now: second(LATE) }, 'failed', undefined],
    ['starting', facts('incomplete'), { now: second(LATE) }, false, second(DAY)],
    [
      'starting, and deleted',
      facts('incomplete'),
      { now: second(LATE + 5), gone: second(5) },
      'gone',
      undefined,
    ],
    [
      'deleted a moment ago',
      facts('incomplete'),
      { now: second(60), gone: second(5) },
      false,
      second(LATE + 5),
    ],
    ['silent for a day', facts('incomplete'), { now: second(DAY) }, 'silent', undefined],
    [
      'heard of since',
      facts('incomplete'),
      { now: second(DAY), lastEvidence: second(60) },
      false,
      second(DAY + 60),
    ],
    ['ready, no clock', facts('ready', NO_CLOCK), { now: second(DAY * 9) }, false, undefined],
    [
      'ready, no clock, evidence has one',
      facts('ready', NO_CLOCK),
      { now: second(LATE), lastEvidence: second(0) },
      'ready',
      undefined,
    ],
    [
      'starting, nothing tells when',
      facts('incomplete', NO_CLOCK),
      { now: second(DAY * 9) },
      false,
      undefined,
    ],
    [
      'a shorter patience',
      facts('ready'),
      { now: second(60), lateness: duration(60n * SECOND) },
      'ready',
      undefined,
    ],
  ])('%s', (_, startup, around, why, at) => {
    const finality = finalityOf(startup, around);
    expect(finality.final ? finality.why : false).toBe(why);
    expect(finality.final ? undefined : finality.at).toBe(at);
  });

  it('a pod is when all of its attempts are', () => {
    const around = { now: second(LATE) };
    expect(podFinality([facts('failed'), facts('ready', endAt(second(60)))], around)).toMatchObject({
      final: false,
    });
    expect(podFinality([facts('failed'), facts('ready')], around)).toEqual({ final: true, why: 'ready' });
    expect(podFinality([], around)).toMatchObject({ final: false });
  });
});

describe('the window', () => {
  const step = duration(300n * SECOND);

  it('reaches back for what is late and leaves what is still arriving', () => {
    expect(windowOf(second(0), second(1000))).toEqual({ from: second(-LATE), to: second(880) });
    expect(windowOf(second(10_000), second(1000))).toBeUndefined();
  });

  it('is cut the same by everyone: slices of two windows are the same or apart', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), (a, b, length) => {
        const starts = new Set(
          slicesOf({ from: second(a), to: second(a + length) }, step).map(({ from }) => from),
        );
        for (const { from, to } of slicesOf({ from: second(b), to: second(b + length) }, step)) {
          expect(to - from).toBe(step);
          for (const other of starts)
            expect(other === from || other >= to || other + step <= from).toBe(true);
        }
      }),
    );
  });

  it('slices join without a hole from the window’s beginning', () => {
    const slices = slicesOf({ from: second(10), to: second(1000) }, step);
    expect(slices.map(({ from, to }) => [from, to])).toEqual([
      [second(0), second(300)],
      [second(300), second(600)],
      [second(600), second(900)],
    ]);
  });

  it('a slice is read until nothing can be late for it', () => {
    const slice = { from: second(0), to: second(300) };
    expect(isSettled({ ...slice, readAt: second(300 + LATE - 1) })).toBe(false);
    expect(isSettled({ ...slice, readAt: second(300 + LATE) })).toBe(true);
    expect(unsettled([slice], [])).toEqual([slice]);
    expect(unsettled([slice], [{ ...slice, readAt: second(400) }])).toEqual([slice]);
    expect(unsettled([slice], [{ ...slice, readAt: second(9000) }])).toEqual([]);
  });

  it('the watermark stops at the first hole, and never goes back', () => {
    const [a, b, c] = slicesOf({ from: second(0), to: second(900) }, step);
    if (a === undefined || b === undefined || c === undefined) throw new Error('no slices');
    expect(reachedFrom(second(0), [c, a])).toBe(second(300));
    expect(reachedFrom(second(0), [c, b, a])).toBe(second(900));
    expect(reachedFrom(second(0), [b, c])).toBe(second(0));
    expect(reachedFrom(second(700), [a])).toBe(second(700));
    expect(reachedFrom(second(450), [b, c])).toBe(second(900));
  });
});
