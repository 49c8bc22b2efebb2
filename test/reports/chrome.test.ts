// Trace events as a viewer reads them: exact times, and slices of a thread that only nest or follow.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chromeReport } from '../../lib/reports/chrome.ts';
import { lanesOf } from '../../lib/reports/lanes.ts';
import { moment as at } from '../moments.ts';
import { asPod, FAILED, PLAIN, phase, READY, SECOND_TRY, startup, told } from './handmade.ts';

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

const eventsOf = (text: string): readonly Event[] => JSON.parse(text).traceEvents;

describe('chromeReport', () => {
  it('one process per pod, with its name; attempts share it', () => {
    const events = eventsOf(chromeReport(told(asPod(READY, 'other'), FAILED, SECOND_TRY), PLAIN));
    const names = events
      .filter(({ name }) => name === 'process_name')
      .map(({ pid, args }) => [pid, args['name']]);
    expect(names).toEqual([
      [1, 'model-endpoints/other'],
      [2, 'model-endpoints/llama-70b-0'],
    ]);
  });

  it('keeps every nanosecond', () => {
    const late = phase('startup', 0, 1, {
      start: { ...at(50_000.123_456), at: (at(50_000).at + 123_456_789n) as typeof READY.start.at },
      end: at(50_001),
    });
    const event = eventsOf(chromeReport(told(startup(0, 60_000, { phases: [late] })), PLAIN)).find(
      ({ name }) => name === 'startup',
    );
    expect(event).toMatchObject({ ph: 'X', ts: 50_000_123_456.789, dur: 876_543.211 });
  });

  it('carries certainty, evidence and ids', () => {
    const event = eventsOf(chromeReport(told(READY), PLAIN)).find(({ name }) => name === 'weight_loading');
    expect(event?.args).toMatchObject({
      certainty: 'derived',
      span_id: '22e2676312d6db28',
      reported_seconds: 12.34,
      rank_slowest: 'TP3',
    });
    expect(event?.args['evidence']).toEqual([
      'end: llama-70b-0/main/0:42 [vllm.weights_took] Model loading took 14.9596 GiB and 12.340000 seconds',
    ]);
  });

  it('nothing found is still a document', () => {
    expect(eventsOf(chromeReport(told(), PLAIN))).toEqual([]);
  });
});

describe('lanesOf', () => {
  const slice = fc
    .record({
      container: fc.constantFrom('', 'main', 'init'),
      from: fc.bigInt(0n, 50n),
      lasting: fc.bigInt(0n, 20n),
    })
    .map(({ container, from, lasting }) => ({ container, start: from, end: from + lasting }));

  it('property: every slice once; in a lane any two nest or follow each other', () => {
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 30 }), (slices) => {
        const lanes = lanesOf(slices);
        expect(new Set(lanes.flatMap((lane) => lane.slices))).toEqual(new Set(slices));
        for (const { name, slices: laid } of lanes) {
          expect(laid.every(({ container }) => container === name)).toBe(true);
          const crossing = laid.flatMap((a) => laid.filter((b) => overlapWithoutNesting(a, b)));
          expect(crossing).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Interval {
  readonly start: bigint;
  readonly end: bigint;
}

const overlapWithoutNesting = (a: Interval, b: Interval): boolean =>
  a.start < b.start && b.start < a.end && a.end < b.end;
