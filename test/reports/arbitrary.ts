// Startups that nobody would make by hand, for properties of the reports.

import fc from 'fast-check';
import { duration, instant, seconds } from '../../lib/base/instant.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { Moment, Proof } from '../../lib/model/mark.ts';
import { PHASE_NAMES, parentOf, ROOT } from '../../lib/model/phase.ts';
import type { Gap, Phase, Startup } from '../../lib/model/startup.ts';
import { T0 } from '../moments.ts';
import { startup } from './handmade.ts';

/** Wide, combining, invisible and control characters, escapes and very long words: a stranger's text. */
export const strange: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '\u001b[31mred\u001b[0m',
    '模型加载完成'.repeat(40),
    'a\u202Eb',
    'x'.repeat(500),
    '🚀 e\u0301\u200d',
    '\u0000\r\n\t',
  ),
);

const moment: fc.Arbitrary<Moment> = fc.record({
  at: fc.bigInt(0n, 4_000_000_000_000n).map((offset) => instant(T0 + offset)),
  precision: fc.constantFrom(duration(1n), duration(1_000n), seconds(1)),
});

const proof: fc.Arbitrary<Proof> = fc.record({
  source: strange,
  line: fc.integer({ min: 1, max: 1e6 }),
  text: strange,
  rule: fc.constant('a.rule'),
});

const ends = (a: Moment, b: Moment): readonly [Moment, Moment] => (a.at <= b.at ? [a, b] : [b, a]);

const phase: fc.Arbitrary<Phase> = fc
  .record({
    name: fc.constantFrom(...PHASE_NAMES.filter((name) => name !== ROOT)),
    a: moment,
    b: moment,
    occurrence: fc.nat(2),
    container: fc.option(fc.constantFrom('main', 'sidecar')),
    certainty: fc.constantFrom('observed' as const, 'derived' as const, 'open' as const),
    reported: fc.option(fc.double({ min: 0, max: 5000, noNaN: true })),
    ranks: fc.option(
      fc.record({ count: fc.nat(64), slowest: strange, spread: fc.bigInt(0n, 10n ** 12n).map(duration) }),
    ),
    evidence: fc.array(proof, { maxLength: 2 }),
    cached: fc.boolean(),
  })
  .map(({ name, a, b, reported, ranks, evidence, cached, ...rest }) => {
    const [start, end] = ends(a, b);
    return {
      ...rest,
      name,
      parent: parentOf(name) ?? ROOT,
      restart: 0,
      process: 0,
      start,
      end,
      evidence: evidence.map((said, index) => ({
        at: index === 0 ? ('start' as const) : ('end' as const),
        ...said,
      })),
      attributes: cached ? { 'image.cached': true } : {},
      ...(reported === null ? {} : { reported }),
      ...(ranks === null ? {} : { ranks }),
    };
  });

const gap: fc.Arbitrary<Gap> = fc
  .record({
    parent: fc.constantFrom(...PHASE_NAMES),
    afterPhase: fc.constantFrom(...PHASE_NAMES),
    a: moment,
    b: moment,
    occurrence: fc.nat(2),
    before: fc.option(proof),
    next: fc.option(proof),
  })
  .map(({ a, b, before, next, ...rest }) => {
    const [start, end] = ends(a, b);
    return {
      ...rest,
      container: null,
      restart: 0,
      process: 0,
      start: start.at,
      end: end.at,
      ...(before === null ? {} : { before }),
      ...(next === null ? {} : { next }),
    };
  });

export const anyStartup: fc.Arbitrary<Startup> = fc
  .record({
    uid: fc.uuid(),
    name: fc.option(strange),
    namespace: fc.option(strange),
    node: fc.option(strange),
    attempt: fc.nat(3),
    outcome: fc.constantFrom('ready' as const, 'failed' as const, 'incomplete' as const),
    coverage: fc.double({ min: 0, max: 1, noNaN: true }),
    phases: fc.array(phase, { maxLength: 12 }),
    gaps: fc.array(gap, { maxLength: 6 }),
    failure: fc.option(
      fc.record({
        phase: fc.constantFrom(undefined, ...PHASE_NAMES),
        cause: fc.constant('nccl' as const),
        evidence: proof,
      }),
    ),
    note: fc.option(strange),
    advice: fc.array(strange, { maxLength: 2 }),
    missing: fc.array(
      fc.record({ phase: fc.constantFrom(...PHASE_NAMES), why: strange, legitimate: fc.boolean() }),
      { maxLength: 3 },
    ),
  })
  .map(({ uid, name, namespace, node, failure, note, ...rest }) => ({
    ...startup(0, 4000),
    ...rest,
    pod: { uid: podUid(uid), uidSynthetic: false, name, namespace, node },
    ...(failure === null ? {} : { failure }),
    ...(note === null ? {} : { note }),
  }));
