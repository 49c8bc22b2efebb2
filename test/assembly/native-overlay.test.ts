// Which of two witnesses of one border holds: the log's line, or vLLM's own span.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edge } from '../../lib/assembly/edge.ts';
import type { Interval } from '../../lib/assembly/intervals.ts';
import { judge, overlaid, sharper, type Verdict } from '../../lib/assembly/native-overlay.ts';
import { nativeTaleOf } from '../../lib/assembly/native-tale.ts';
import { SECOND } from '../../lib/base/instant.ts';
import type { Border } from '../../lib/model/native-span.ts';
import { T0 } from '../moments.ts';
import { type SpanSpec, spansOf } from '../native-spans/otlp.ts';
import { edge, offsetOf } from './marks.ts';

const exact = (at: number): Edge => edge(at);
const whole = (at: number): Edge => edge(at, { precision: SECOND });
const computed = (at: number): Edge => edge(at, { precision: SECOND, derived: true });

describe('judging one border', () => {
  it.each<readonly [string, Border, Edge | undefined, Edge | undefined, Verdict]>([
    ['only the line tells', 'same', exact(10), undefined, 'log'],
    ['only the span tells', 'same', undefined, exact(10), 'span'],
    ['only the span tells, and not of a border', 'no', undefined, exact(10), 'log'],
    ['they agree within a line’s nearness', 'same', exact(10), exact(10.3), 'span'],
    ['the line has whole seconds', 'same', whole(10), exact(11.4), 'span'],
    ['the line is later than the span', 'same', exact(10.3), exact(10), 'span'],
    ['an exact line and a span 2 s apart', 'same', exact(10), exact(12), 'conflict'],
    ['2 s apart the other way', 'same', exact(12), exact(10), 'conflict'],
    ['a computed edge is only off', 'same', computed(10), exact(14), 'log'],
    ['the line stands before post-processing', 'later', exact(10), exact(12), 'beyond'],
    ['a rank began before the one that printed', 'earlier', exact(12), exact(10), 'beyond'],
    ['no rank began before the line', 'earlier', exact(10), exact(12), 'conflict'],
    ['the span ends before the line that it contains', 'later', exact(12), exact(10), 'conflict'],
    ['nearly the same border, too far apart', 'near', exact(10), exact(12), 'log'],
    ['the span only began inside', 'part', exact(10), exact(10.1), 'log'],
    ['the span only began inside, and nothing else tells', 'part', undefined, exact(10), 'span'],
  ])('%s', (_what, border, log, native, verdict) => expect(judge(border, log, native)).toBe(verdict));

  it('what does not hold stays a witness, and what holds stands first', () => {
    const taken = sharper('same', exact(10), exact(10.2));
    expect(taken?.proofs.length).toBe(2);
    expect(offsetOf(taken?.when.at ?? T0)).toBe(10.2);
    expect(sharper('same', exact(10), exact(20))?.when.at).toBe(exact(10).when.at);
  });

  it('two conflicting witnesses never make a third moment', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Border>('same', 'earlier', 'later', 'near', 'part', 'no'),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        (border, a, b) => {
          const [log, native] = [exact(a / 4), exact(b / 4)];
          expect([log.when.at, native.when.at]).toContain(sharper(border, log, native)?.when.at);
        },
      ),
    );
  });
});

const OFFSET = Number(T0 / 1_000_000_000n) - 1_795_309_200;
const span = (name: string, start: number, end: number, more: Partial<SpanSpec> = {}): SpanSpec => ({
  name,
  start: OFFSET + start,
  end: OFFSET + end,
  ...more,
});
const rank = (n: number): Partial<SpanSpec> => ({
  span: `000000000000000${n + 1}`,
  resource: {
    'vllm.process_name': `Worker_TP${n}`,
    'vllm.process_id': `${100 + n}`,
    'vllm.process_kind': 'worker',
  },
});

const said = (start: number | undefined, end: number | undefined): Interval => ({
  start: start === undefined ? undefined : exact(start),
  end: end === undefined ? undefined : exact(end),
  reported: undefined,
  ranks: undefined,
  attributes: {},
});

const told = (intervals: readonly Interval[]) =>
  intervals.map(({ start, end }) =>
    [start, end].map((one) => (one === undefined ? undefined : offsetOf(one.when.at))),
  );

const nativesOf = (
  phase: 'inductor_compile' | 'weight_loading' | 'memory_profiling',
  specs: readonly SpanSpec[],
) => nativeTaleOf(spansOf(specs), undefined).intervals.get(phase) ?? [];

describe('occurrences', () => {
  const inductor = (start: number, end: number): SpanSpec => span('Inductor compilation', start, end);

  it.each<
    readonly [string, readonly Interval[], readonly SpanSpec[], readonly (readonly (number | undefined)[])[]]
  >([
    ['one each', [said(10, 20)], [inductor(10.1, 20.1)], [[10.1, 20.1]]],
    ['only a span', [], [inductor(10, 20)], [[10, 20]]],
    [
      'two each, in order',
      [said(10, 20), said(30, 40)],
      [inductor(30.1, 40.1), inductor(10.1, 20.1)],
      [
        [10.1, 20.1],
        [30.1, 40.1],
      ],
    ],
    [
      'a span for the second only',
      [said(10, 20), said(30, 40)],
      [inductor(30.1, 40.1)],
      [
        [10, 20],
        [30.1, 40.1],
      ],
    ],
    [
      'a span that the log has not',
      [said(10, 20)],
      [inductor(10.1, 20.1), inductor(30, 40)],
      [
        [10.1, 20.1],
        [30, 40],
      ],
    ],
    [
      'pieces of what the log tells as one are not told twice',
      [said(10, 40)],
      [inductor(10, 20), inductor(20.1, 40)],
      [[10, 40]],
    ],
  ])('%s', (_what, logs, specs, expected) => {
    expect(told(overlaid('inductor_compile', logs, nativesOf('inductor_compile', specs)))).toEqual(expected);
  });

  it('a failed span began, and did not end', () => {
    const failed = { ...inductor(10, 20), failed: 'boom' };
    expect(told(overlaid('inductor_compile', [], nativesOf('inductor_compile', [failed])))).toEqual([
      [10, undefined],
    ]);
  });

  it('a span that only refines tells of nothing alone', () => {
    const natives = nativesOf('memory_profiling', [span('Warmup (CPU)', 10, 20)]);
    expect(overlaid('memory_profiling', [], natives)).toEqual([]);
    expect(told(overlaid('memory_profiling', [said(10.2, 19.9)], natives))).toEqual([[10, 20]]);
  });
});

describe('several processes', () => {
  const ranks = [0, 1, 2].map((n) => span('Loading (GPU)', 10, 20 + n, rank(n)));

  it('the slowest rank ends the phase, and the spread is told', () => {
    const [interval] = nativesOf('weight_loading', ranks);
    expect(interval?.ranks).toEqual({ count: 3, slowest: 'Worker_TP2', spread: 2n * SECOND });
    expect(told([{ ...said(undefined, undefined), ...interval }] as Interval[])).toEqual([[10, 22]]);
  });

  it('a line of one rank stands inside all of them: no conflict', () => {
    const [interval] = nativesOf('weight_loading', ranks);
    expect([interval?.startIs, interval?.endIs]).toEqual(['earlier', 'later']);
    const [one] = nativesOf('weight_loading', ranks.slice(0, 1));
    expect([one?.startIs, one?.endIs]).toEqual(['same', 'later']);
    expect(told(overlaid('weight_loading', [said(13, 18)], nativesOf('weight_loading', ranks)))).toEqual([
      [10, 22],
    ]);
  });

  it('ids that collide (vLLM seeds its generator alike in every rank) change nothing', () => {
    const alike = ranks.map((spec) => ({ ...spec, span: '629f6fbed82c07cd' }));
    const [a] = nativesOf('weight_loading', ranks);
    const [b] = nativesOf('weight_loading', alike);
    expect([b?.ranks, b?.start.when, b?.end?.when]).toEqual([a?.ranks, a?.start.when, a?.end?.when]);
  });

  it('a loader inside is only asked where the outer span was not recorded', () => {
    const inner = span('Load model', 10.5, 19.5, rank(0));
    expect(nativesOf('weight_loading', [inner, ...ranks])[0]?.spans.length).toBe(3);
    expect(offsetOf(nativesOf('weight_loading', [inner])[0]?.start.when.at ?? T0)).toBe(10.5);
  });
});

it('what begins after "ready" (sleep, reload) is no part of the start', () => {
  const specs = [
    span('Overall Loading', 0, 30),
    span('Loading (GPU)', 10, 20),
    span('Loading (GPU)', 100, 110),
  ];
  expect(nativeTaleOf(spansOf(specs), undefined).spans.length).toBe(2);
  const loose = [span('Loading (GPU)', 10, 20), span('Loading (GPU)', 100, 110)];
  expect(nativeTaleOf(spansOf(loose), exact(50)).spans.length).toBe(1);
});
