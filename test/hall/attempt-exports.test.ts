// Attempts as parts with digests: independent of order, whole, and by the destination's age.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptExports } from '../../lib/attempt-exports.ts';
import { type Instant, after as later } from '../../lib/base/instant.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { at, expectedPoints, expectedTraces, minutes, settingsFor, toldBy } from '../faults/scene.ts';

const startups = await toldBy(['crashloop']);
const NOW = at('2026-11-22T02:00:00Z');

const exported = (told: readonly Startup[], now: Instant = NOW, sending = {}) =>
  attemptExports(told, settingsFor(sending), now);

describe('attemptExports', () => {
  it('every span of the trace and every point is a part of exactly one attempt', () => {
    const attempts = exported(startups);
    expect(attempts.map(({ startup }) => startup.attempt)).toEqual([0, 1, 2, 3]);
    const spans = attempts.flatMap(({ spans }) => [...(spans?.items.values() ?? [])]);
    expect(new Set(spans)).toEqual(new Set(expectedTraces(startups).flatMap((trace) => trace.spans)));
    expect(spans.length).toBe(expectedTraces(startups)[0]?.spans.length);
    const parts = attempts.flatMap(({ points }) => Object.keys(points?.parts ?? {}));
    expect(parts.length).toBe(expectedPoints(startups).length);
  });

  it('digests do not depend on the order of starts or attributes', () => {
    const partsOf = (told: readonly Startup[]) =>
      exported(told).map(({ spans, points }) => [spans?.parts, points?.parts]);
    const whole = partsOf(startups);
    fc.assert(
      fc.property(fc.shuffledSubarray([...startups], { minLength: startups.length }), (shuffled) => {
        const turned = shuffled.map((startup) => {
          const attributes = Object.entries(startup.attributes).toReversed();
          return { ...startup, attributes: Object.fromEntries(attributes) } as Startup;
        });
        expect(partsOf(turned)).toEqual(whole);
      }),
    );
  });

  it('what has changed has another digest, and what has not the same', () => {
    const [first, ...others] = startups;
    if (first === undefined) throw new Error('no startup');
    const changed = exported([{ ...first, class: 'hot' }, ...others]);
    const before = exported(startups);
    expect(changed[0]?.spans?.parts).not.toEqual(before[0]?.spans?.parts);
    expect(changed[1]?.spans?.parts).toEqual(before[1]?.spans?.parts);
    expect(Object.keys(changed[0]?.spans?.parts ?? {})).toEqual(Object.keys(before[0]?.spans?.parts ?? {}));
  });

  const LATE = later(NOW, minutes(120));

  it.each([
    ['refuse', 0],
    ['skip', 0],
    ['send', 'all'],
  ] as const)('too old for the destination, policy %s: parts stay, items are %s', (tooOld, left) => {
    const sending = { destination: 'datadog', tooOld } as const;
    for (const { points } of exported(startups, LATE, sending)) {
      const parts = Object.keys(points?.parts ?? {}).length;
      const items = points?.items.size ?? 0;
      expect(parts).toBeGreaterThan(0);
      expect(items + (points?.tooOld ?? 0)).toBe(parts);
      expect(items).toBe(left === 'all' ? parts : 0);
    }
  });

  it('gauge: what was a histogram goes as one', () => {
    const sending = { destination: 'datadog', tooOld: 'gauge' } as const;
    const attempts = exported(startups, LATE, sending);
    const kinds = attempts.flatMap(({ points }) =>
      [...(points?.items.values() ?? [])].map(({ value }) => value.kind),
    );
    expect(new Set(kinds)).toEqual(new Set(['counter', 'gauge']));
  });

  it('what is added up there is never too old; where no spans are taken there are none', () => {
    const [attempt] = exported(startups, later(NOW, minutes(60 * 24 * 400)), { destination: 'prometheus' });
    expect(attempt?.spans).toBeUndefined();
    expect(attempt?.points?.tooOld).toBe(0);
  });
});
