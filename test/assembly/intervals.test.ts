// Marks of one phase, from several processes, become intervals.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalsOf } from '../../lib/assembly/intervals.ts';
import { toSeconds } from '../../lib/base/instant.ts';
import type { Mark } from '../../lib/model/mark.ts';
import type { PhaseName } from '../../lib/model/phase.ts';
import { began, during, ended, lasted, mark, offsetOf } from './marks.ts';

const told = (phase: PhaseName, marks: readonly Mark[]) =>
  intervalsOf(phase, marks).map(({ start, end, reported, ranks }) => ({
    from: start === undefined ? undefined : offsetOf(start.when.at),
    to: end === undefined ? undefined : offsetOf(end.when.at),
    ...(reported === undefined ? {} : { reported }),
    ...(ranks === undefined ? {} : { ranks: `${ranks.count} ${ranks.slowest} ${toSeconds(ranks.spread)}` }),
  }));

describe('one process', () => {
  it.each<readonly [string, PhaseName, readonly Mark[], readonly object[]]>([
    [
      'seen at both ends',
      'weight_loading',
      [mark(1, began('weight_loading')), mark(4, ended('weight_loading'))],
      [{ from: 1, to: 4 }],
    ],
    [
      'a printed duration is the beginning',
      'weight_loading',
      [mark(4, lasted('weight_loading', 3))],
      [{ from: 1, to: 4, reported: 3 }],
    ],
    [
      'an observed beginning beats it',
      'weight_loading',
      [mark(2, began('weight_loading')), mark(4, lasted('weight_loading', 3))],
      [{ from: 2, to: 4, reported: 3 }],
    ],
    [
      'seconds of a part do not make a beginning',
      'weight_loading',
      [mark(4, lasted('weight_loading', 3, false))],
      [{ from: undefined, to: 4, reported: 3 }],
    ],
    ['never ended', 'weight_loading', [mark(1, began('weight_loading'))], [{ from: 1, to: undefined }]],
    [
      'only under way',
      'weight_loading',
      [mark(2, during('weight_loading')), mark(3, during('weight_loading'))],
      [{ from: 2, to: undefined }],
    ],
    ['another phase', 'weight_loading', [mark(2, began('torch_compile'))], []],
    [
      'twice, apart',
      'cuda_graph_capture',
      [mark(4, lasted('cuda_graph_capture', 2)), mark(9, lasted('cuda_graph_capture', 3))],
      [
        { from: 2, to: 4, reported: 2 },
        { from: 6, to: 9, reported: 3 },
      ],
    ],
    [
      'twice, touching, stays two',
      'cuda_graph_capture',
      [mark(4, lasted('cuda_graph_capture', 2)), mark(6, lasted('cuda_graph_capture', 2))],
      [
        { from: 2, to: 4, reported: 2 },
        { from: 4, to: 6, reported: 2 },
      ],
    ],
  ])('%s', (_what, phase, marks, expected) => expect(told(phase, marks)).toEqual(expected));
});

describe('ranks', () => {
  it.each<readonly [string, PhaseName, readonly Mark[], readonly object[]]>([
    [
      'overlap and merge: the slowest ends it',
      'weight_loading',
      [
        mark(4, lasted('weight_loading', 3), 'Worker_TP0#1'),
        mark(5, lasted('weight_loading', 3.5), 'Worker_TP1#2'),
      ],
      [{ from: 1, to: 5, reported: 3.5, ranks: '2 Worker_TP1 0.5' }],
    ],
    [
      'repeating phases merge where they strictly overlap',
      'torch_compile',
      [
        mark(10, lasted('torch_compile', 5), 'Worker_TP0#1'),
        mark(11, lasted('torch_compile', 5), 'Worker_TP1#2'),
        mark(30, lasted('torch_compile', 2), 'Worker_TP0#1'),
        mark(30.5, lasted('torch_compile', 2), 'Worker_TP1#2'),
      ],
      [
        { from: 5, to: 11, reported: 5, ranks: '2 Worker_TP0 0' },
        { from: 28, to: 30.5, reported: 2, ranks: '2 Worker_TP0 0' },
      ],
    ],
    [
      'touching ranks stay apart',
      'torch_compile',
      [
        mark(10, lasted('torch_compile', 5), 'Worker_TP0#1'),
        mark(15, lasted('torch_compile', 5), 'Worker_TP1#2'),
      ],
      [
        { from: 5, to: 10, reported: 5 },
        { from: 10, to: 15, reported: 5 },
      ],
    ],
    [
      'lines that Ray folded count as many',
      'weight_loading',
      [
        mark(4, lasted('weight_loading', 3), 'RayWorkerWrapper#1'),
        mark(5, lasted('weight_loading', 4), 'RayWorkerWrapper#2', { copies: 7 }),
      ],
      [{ from: 1, to: 5, reported: 4, ranks: '8 RayWorkerWrapper 1' }],
    ],
  ])('%s', (_what, phase, marks, expected) => expect(told(phase, marks)).toEqual(expected));

  it('the order in which ranks speak does not matter', () => {
    const rank = fc.record({
      end: fc.integer({ min: 100, max: 130 }),
      took: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(rank, { minLength: 1, maxLength: 8 }), fc.nat(), (ranks, turn) => {
        const marks = ranks.map(({ end, took }, at) =>
          mark(end, lasted('torch_compile', took), `Worker_TP${at}#${at + 1}`),
        );
        const turned = [...marks.slice(turn % marks.length), ...marks.slice(0, turn % marks.length)];
        expect(told('torch_compile', turned)).toEqual(told('torch_compile', marks));
        const intervals = told('torch_compile', marks);
        for (const [index, next] of intervals.slice(1).entries())
          expect(next.from ?? 0).toBeGreaterThanOrEqual(intervals[index]?.to ?? 0);
      }),
    );
  });
});
