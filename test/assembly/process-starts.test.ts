// Where one start ends and the next begins, inside one log.

import { describe, expect, it } from 'vitest';
import { processStarts } from '../../lib/assembly/process-starts.ts';
import type { Mark } from '../../lib/model/mark.ts';
import { BANNER, during, ended, failed, lasted, mark, READY, SEEN } from './marks.ts';

const ENGINE = lasted('engine_init', 1);

describe('processStarts', () => {
  it.each<readonly [string, readonly Mark[], readonly (readonly number[])[]]>([
    ['nothing', [], []],
    ['only lines that say nothing', [mark(1, SEEN), mark(2, SEEN)], []],
    ['one start', [mark(1, BANNER), mark(2, ENGINE), mark(3, READY)], [[1, 2, 3]]],
    [
      'banner and arguments of one process',
      [mark(1, BANNER, 'APIServer#1'), mark(2, BANNER, 'APIServer#1'), mark(3, READY)],
      [[1, 2, 3]],
    ],
    [
      'a crash loop in one file',
      [
        mark(1, BANNER, '#1'),
        mark(2, ENGINE),
        mark(3, failed('crash')),
        mark(4, BANNER, '#2'),
        mark(5, ENGINE),
        mark(6, READY),
      ],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      'a crash before the engine said anything',
      [mark(1, BANNER), mark(2, failed('bad_arguments')), mark(3, BANNER), mark(4, READY)],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'nohup … >> log: again after ready',
      [mark(1, BANNER), mark(2, READY), mark(3, BANNER), mark(4, READY)],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'API servers that scale out: siblings print the banner late',
      [
        mark(1, BANNER, 'ApiServer_0#1'),
        mark(2, ENGINE),
        mark(3, READY, 'ApiServer_0#1'),
        mark(4, BANNER, 'ApiServer_1#2'),
        mark(5, READY, 'ApiServer_1#2'),
      ],
      [[1, 2, 3, 4, 5]],
    ],
    [
      'data-parallel engines',
      [
        mark(1, BANNER, 'APIServer#1'),
        mark(2, ended('engine_boot'), 'EngineCore_DP0#2'),
        mark(3, ended('engine_boot'), 'EngineCore_DP1#3'),
        mark(4, ENGINE),
        mark(5, READY),
      ],
      [[1, 2, 3, 4, 5]],
    ],
    [
      'three offline engines in a row, without banners',
      [
        mark(1, ended('engine_boot')),
        mark(2, ENGINE),
        mark(3, ended('engine_boot')),
        mark(4, ENGINE),
        mark(5, ended('engine_boot')),
        mark(6, ENGINE),
      ],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      'a killed process says nothing of its end: another pid prints the banner',
      [
        mark(1, BANNER, 'APIServer#1'),
        mark(2, lasted('weight_loading', 1), 'Worker#5'),
        mark(3, BANNER, 'APIServer#9'),
        mark(4, READY),
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'the download of the next attempt belongs to it',
      [
        mark(1, BANNER),
        mark(2, failed('crash')),
        mark(3, during('s5cmd_download')),
        mark(4, BANNER),
        mark(5, READY),
      ],
      [
        [1, 2],
        [3, 4, 5],
      ],
    ],
    [
      'a download before the engine is the same start',
      [mark(1, during('s5cmd_download')), mark(2, BANNER), mark(3, READY)],
      [[1, 2, 3]],
    ],
    [
      'what failed before the first banner did not keep it from being printed: one start',
      [mark(1, failed('exception')), mark(2, BANNER), mark(3, BANNER), mark(4, ended('engine_boot'))],
      [[1, 2, 3, 4]],
    ],
    [
      'of what follows "ready" only failures stay: reloads and wake-ups print the lines of a start again',
      [mark(1, BANNER), mark(2, READY), mark(3, ended('engine_boot')), mark(4, failed('engine_died'))],
      [[1, 2, 4]],
    ],
  ])('%s', (_what, marks, expected) => {
    const told = processStarts(marks).map((start) => start.map(({ proof }) => (proof.line ?? 0) / 10));
    expect(told).toEqual(expected);
  });
});
