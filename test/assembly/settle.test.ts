// Ends agree with their neighbours as far as they are known; what is really elsewhere stays there.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, draft } from '../../lib/assembly/draft.ts';
import type { Edge } from '../../lib/assembly/edge.ts';
import { coverageOf, gapsOf } from '../../lib/assembly/gaps.ts';
import { settle } from '../../lib/assembly/settle.ts';
import { startClass } from '../../lib/assembly/start-class.ts';
import type { PhaseName } from '../../lib/model/phase.ts';
import { moment } from '../moments.ts';
import { edge, offsetOf, WHOLE_SECOND } from './marks.ts';

const OWNER = { container: 'main', restart: 0, process: 0 };
const second = (offset: number) => edge(offset, { precision: WHOLE_SECOND });

const one = (name: PhaseName, start: Edge, end: Edge | undefined, attributes = {}): Draft =>
  draft(OWNER, { name, start, end, attributes });

const told = (drafts: readonly Draft[], over = edge(100)) =>
  settle(drafts, over).map(({ name, start, end, certainty, occurrence, clamped }) =>
    [
      name,
      occurrence,
      offsetOf(start.at),
      offsetOf(end.at),
      certainty,
      ...(clamped === undefined ? [] : [clamped]),
    ].join(' '),
  );

describe('settle', () => {
  it.each<readonly [string, readonly Draft[], readonly string[]]>([
    ['seen at both ends', [one('weight_loading', edge(1), edge(2))], ['weight_loading 0 1 2 observed']],
    [
      'an end was computed',
      [one('weight_loading', edge(1, { derived: true }), edge(2))],
      ['weight_loading 0 1 2 derived'],
    ],
    [
      'never ended: until the startup did',
      [one('weight_loading', edge(1), undefined)],
      ['weight_loading 0 1 100 open'],
    ],
    [
      'an end before its start gives way, the less precise one',
      [one('image_pull', second(5), edge(4.5))],
      ['image_pull 0 4.5 4.5 observed start moved by -0.500 s to its end'],
    ],
    [
      'a start that is better known than the end',
      [one('image_pull', edge(5.5), second(5))],
      ['image_pull 0 5.5 5.5 observed end moved by 0.500 s to its start'],
    ],
    [
      'a child that seems to begin before its parent is moved into it',
      [one('vllm_init', second(10), second(20)), one('model_config', edge(9.5), second(11))],
      ['vllm_init 0 10 20 observed', 'model_config 0 10 11 observed start moved by 0.500 s into vllm_init'],
    ],
    [
      'a child that is really elsewhere keeps its times',
      [one('vllm_init', edge(10), edge(20)), one('model_config', edge(5), edge(6))],
      ['model_config 0 5 6 observed', 'vllm_init 0 10 20 observed'],
    ],
    [
      'occurrences are counted in time',
      [one('cuda_graph_capture', edge(7), edge(8)), one('cuda_graph_capture', edge(3), edge(4))],
      ['cuda_graph_capture 0 3 4 observed', 'cuda_graph_capture 1 7 8 observed'],
    ],
  ])('%s', (_what, drafts, expected) => expect(told(drafts)).toEqual(expected));

  const offset = fc.integer({ min: 0, max: 60 });
  const anyDraft = fc.record({
    name: fc.constantFrom<PhaseName>(
      'startup',
      'vllm_init',
      'weight_loading',
      'engine_init',
      'torch_compile',
      'model_config',
      'server_ready',
    ),
    from: offset,
    to: fc.option(offset, { nil: undefined }),
    precise: fc.boolean(),
    derived: fc.boolean(),
  });

  it('whatever is known: no phase ends before it starts, occurrences are distinct, order does not matter', () => {
    fc.assert(
      fc.property(fc.array(anyDraft, { maxLength: 12 }), (all) => {
        const drafts = all.map(({ name, from, to, precise, derived }) =>
          one(
            name,
            precise ? edge(from, { derived }) : edge(from, { derived, precision: WHOLE_SECOND }),
            to === undefined ? undefined : edge(to),
          ),
        );
        const phases = settle(drafts, edge(100));
        for (const phase of phases) expect(phase.end.at).toBeGreaterThanOrEqual(phase.start.at);
        const keys = phases.map(({ name, occurrence }) => `${name} ${occurrence}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

const ROOT_AT = { container: null, restart: 0, process: 0, name: 'endpoint_startup', evidence: [] } as const;

const gaps = (drafts: readonly Draft[], end = 100) => {
  const root = { ...ROOT_AT, start: moment(0).at, end: moment(end).at };
  return gapsOf(root, settle(drafts, edge(end))).map(
    (gap) => `${gap.parent}: ${offsetOf(gap.start)} → ${offsetOf(gap.end)} after ${gap.afterPhase}`,
  );
};

describe('gaps', () => {
  it.each<readonly [string, readonly Draft[], readonly string[]]>([
    ['nothing known, nothing to fill', [], []],
    [
      'around a child',
      [one('startup', edge(10), edge(90))],
      ['endpoint_startup: 0 → 10 after endpoint_startup', 'endpoint_startup: 90 → 100 after startup'],
    ],
    [
      'between children',
      [one('pod_pending', edge(0), edge(10)), one('startup', edge(40), edge(100))],
      ['endpoint_startup: 10 → 40 after pod_pending'],
    ],
    [
      'not within the precision of the borders',
      [one('pod_pending', edge(0), second(10)), one('startup', second(12), edge(100))],
      [],
    ],
    [
      'just beyond it',
      [one('pod_pending', edge(0), second(10)), one('startup', second(13), edge(100))],
      ['endpoint_startup: 10 → 13 after pod_pending'],
    ],
    [
      'at every level',
      [
        one('startup', edge(0), edge(100)),
        one('vllm_init', edge(0), edge(100)),
        one('model_config', edge(0), edge(30)),
        one('weight_loading', edge(50), edge(100)),
      ],
      ['vllm_init: 30 → 50 after model_config'],
    ],
    [
      'overlapping children leave none',
      [
        one('pod_pending', edge(0), edge(50)),
        one('image_pull', edge(20), edge(30)),
        one('startup', edge(45), edge(100)),
      ],
      [],
    ],
  ])('%s', (_what, drafts, expected) => expect(gaps(drafts)).toEqual(expected));

  it('coverage is the share that lies in no gap', () => {
    const gap = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 6 }), (pairs) => {
        const dark = new Set(
          pairs.flatMap(([from, long]) =>
            Array.from({ length: Math.min(long, 100 - from) }, (_, at) => from + at),
          ),
        );
        const all = pairs.map(([from, long]) => ({
          ...ROOT_AT,
          parent: 'endpoint_startup' as const,
          afterPhase: 'startup' as const,
          occurrence: 0,
          start: moment(from).at,
          end: moment(from + long).at,
        }));
        expect(coverageOf(moment(0).at, moment(100).at, all)).toBeCloseTo(1 - dark.size / 100, 9);
      }),
    );
  });
});

describe('start class', () => {
  it.each<readonly [string, readonly Draft[], Readonly<Record<string, string | number | boolean>>, string]>([
    ['nothing known', [], {}, 'unknown'],
    ['an image was pulled', [one('image_pull', edge(1), edge(2))], {}, 'cold'],
    ['an image was there', [one('image_pull', edge(1), edge(1), { 'image.cached': true })], {}, 'warm'],
    [
      'an image was there, weights were not',
      [
        one('image_pull', edge(1), edge(1), { 'image.cached': true }),
        one('s5cmd_download', edge(1), edge(2)),
      ],
      {},
      'cold',
    ],
    ['compiled graphs were read', [one('compile_cache_load', edge(1), edge(2))], {}, 'warm'],
    ['something was compiled anew', [one('inductor_compile', edge(1), edge(2))], {}, 'cold'],
    ['woken from sleep', [one('image_pull', edge(1), edge(2))], { wake_seconds: 1 }, 'hot'],
  ])('%s', (_what, drafts, facts, expected) =>
    expect(startClass(settle(drafts, edge(9)), facts)).toBe(expected),
  );
});
