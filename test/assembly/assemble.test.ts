// From marks to startups: outcome, first cause, silence, attempts, what is missing.

import { describe, expect, it } from 'vitest';
import { assemble } from '../../lib/assembly/assemble.ts';
import { joinPods } from '../../lib/assembly/join-pods.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { LogRun } from '../../lib/model/log-run.ts';
import type { Mark } from '../../lib/model/mark.ts';
import type { Startup } from '../../lib/model/startup.ts';
import {
  AFTER_ENGINE,
  BANNER,
  began,
  ended,
  failed,
  lasted,
  logRun,
  mark,
  offsetOf,
  READY,
  SEEN,
} from './marks.ts';

const EXPECTED = { expected: () => [{ phase: 'torch_compile', marker: 'torch.compile takes' }] as const };

const told = (logs: readonly LogRun[]): readonly Startup[] => assemble(joinPods([], logs), EXPECTED);

const ENGINE: readonly Mark[] = [
  mark(1, BANNER, 'APIServer#1'),
  mark(2, ended('model_config')),
  mark(5, lasted('weight_loading', 2)),
  mark(9, lasted('engine_init', 3)),
  mark(10, AFTER_ENGINE),
];

const brief = ({ outcome, failure, silent, start, end }: Startup): string =>
  [
    outcome,
    `${offsetOf(start.at)}–${offsetOf(end.at)}`,
    ...(failure === undefined ? [] : [`${failure.cause} in ${failure.phase ?? 'no phase'}`]),
    ...(silent === undefined ? [] : [`silent: ${silent.phase}`]),
  ].join(', ');

describe('outcome', () => {
  it.each<readonly [string, readonly Mark[], readonly string[]]>([
    ['ready', [...ENGINE, mark(12, READY)], ['ready, 1–12']],
    ['ready, and dead later', [...ENGINE, mark(12, READY), mark(99, failed('engine_died'))], ['ready, 1–12']],
    [
      'an offline engine has no server: done when its init is',
      [mark(1, BANNER), mark(5, lasted('weight_loading', 2)), mark(9, lasted('engine_init', 3))],
      ['ready, 1–9'],
    ],
    [
      'evidence that ends in mid-start',
      [mark(1, BANNER), mark(2, ended('model_config')), mark(3, began('weight_loading'))],
      ['incomplete, 1–3, silent: weight_loading'],
    ],
    [
      'failed while weights were loading',
      [mark(1, BANNER), mark(3, began('weight_loading')), mark(8, failed('out_of_gpu_memory'))],
      ['failed, 1–8, out_of_gpu_memory in weight_loading'],
    ],
    [
      'the first cause, not the last line',
      [
        mark(1, BANNER),
        mark(8, failed('kv_cache_too_small')),
        mark(9, failed('engine_died', false)),
        mark(10, failed('exception')),
      ],
      ['failed, 1–10, kv_cache_too_small in kv_cache_allocation'],
    ],
    [
      'a consequence only where nothing better was said',
      [mark(1, BANNER), mark(8, failed('engine_died', false))],
      ['failed, 1–8, engine_died in vllm_init'],
    ],
    [
      'a consequence before its cause',
      [mark(1, BANNER), mark(7, failed('engine_died', false)), mark(8, failed('nccl'))],
      ['failed, 1–8, nccl in distributed_init'],
    ],
    [
      'a Ray script goes on after an exception',
      [mark(1, began('ray_cluster_init')), mark(4, failed('ray_cluster'))],
      ['incomplete, 1–4, ray_cluster in ray_cluster_init, silent: ray_cluster_init'],
    ],
    [
      'failed once, ready then',
      [mark(1, BANNER, '#1'), mark(3, failed('port_in_use')), mark(20, BANNER, '#2'), mark(25, READY)],
      ['failed, 1–3, port_in_use in vllm_init', 'ready, 3–25'],
    ],
  ])('%s', (_what, marks, expected) => expect(told([logRun(marks)]).map(brief)).toEqual(expected));
});

describe('attempts', () => {
  it('follow the restarts of the container, and begin where the one before was over', () => {
    const second = [mark(20, BANNER), mark(29, lasted('engine_init', 1)), mark(30, READY)];
    const logs = [
      logRun(second, { source: 'p/main/1', identity: { ...logRun([]).identity, restart: 1 } }),
      logRun([mark(1, BANNER), mark(8, failed('nccl')), mark(9, SEEN)]),
    ];
    const startups = told(logs);
    expect(startups.map((one) => `${one.attempt} ${one.restart} ${brief(one)}`)).toEqual([
      '0 0 failed, 1–8, nccl in distributed_init',
      '1 1 ready, 9–30',
    ]);
    expect(told([...logs].reverse())).toEqual(startups);
  });

  it('of a sidecar do not count', () => {
    const sidecar = logRun([mark(3, failed('exception'))], {
      source: 'p/log-agent/4',
      identity: { ...logRun([]).identity, container: 'log-agent', restart: 4 },
    });
    expect(told([logRun([...ENGINE, mark(12, READY)]), sidecar]).map(brief)).toEqual(['ready, 1–12']);
  });

  it('without any time: durations only, and it says so', () => {
    const clockless = logRun(
      ENGINE.map((one) => ({ ...one, when: { at: one.when.at, precision: one.when.precision } })),
      { timed: false },
    );
    expect(told([clockless])[0]?.attributes['clock']).toBe('none');
  });
});

describe('missing', () => {
  it('a marker of an engine that got through', () => {
    expect(told([logRun([...ENGINE, mark(12, READY)])])[0]?.missing).toEqual([
      { phase: 'torch_compile', why: expect.stringContaining('torch.compile takes'), legitimate: false },
    ]);
  });

  it('not what the log itself excludes', () => {
    const eager = mark(1.5, { kind: 'absent', phase: 'torch_compile', why: 'eager mode' });
    const [banner, ...rest] = ENGINE;
    const marks = [...(banner === undefined ? [] : [banner]), eager, ...rest, mark(12, READY)];
    expect(told([logRun(marks)])[0]?.missing).toEqual([
      { phase: 'torch_compile', why: 'eager mode', legitimate: true },
    ]);
  });

  it('not of a start that did not get so far', () => {
    expect(told([logRun([mark(1, BANNER), mark(3, failed('nccl'))])])[0]?.missing).toEqual([]);
  });
});

describe('another engine', () => {
  const SGLANG = mark(1, { kind: 'fact', name: 'other_engine', value: 'SGLang' });
  const shared = [SGLANG, mark(3, { kind: 'during', phase: 'weight_loading' }), mark(9, READY)];

  it('is named, and the lines that it shares with vLLM prove nothing', () => {
    const [startup] = told([{ ...logRun(shared), otherEngine: 'SGLang' }]);
    expect(startup).toMatchObject({
      engine: { name: 'SGLang' },
      outcome: 'incomplete',
      note: 'SGLang was recognised and is not analysed',
    });
    expect(startup?.phases.map(({ name }) => name)).toEqual(['startup']);
  });

  it('that wraps vLLM is vLLM', () => {
    const [startup] = told([{ ...logRun([SGLANG, ...ENGINE]), otherEngine: 'SGLang' }]);
    expect(startup?.engine?.name).toBe('vllm');
  });
});

describe('whose log it is', () => {
  const nameless = { identity: {}, source: 'a.log' };

  it('the same content is the same pod, whatever the file is called', () => {
    const [a, b] = [
      told([logRun(ENGINE, nameless)]),
      told([logRun(ENGINE, { ...nameless, source: 'b.log' })]),
    ];
    expect(a[0]?.pod.uid).toBe(b[0]?.pod.uid);
    expect(a[0]?.pod.uidSynthetic).toBe(true);
  });

  it('other content is another pod', () => {
    const pods = told([logRun(ENGINE, nameless), logRun(ENGINE, { ...nameless, seed: ['another'] })]);
    expect(new Set(pods.map(({ pod }) => pod.uid)).size).toBe(2);
  });

  it('a flat name joins the only pod of that name', () => {
    const flat = logRun([mark(20, BANNER), mark(30, READY)], {
      source: 'p_main.log',
      identity: { pod: 'p', container: 'main', restart: 1 },
    });
    expect(
      told([logRun([mark(1, BANNER), mark(8, failed('nccl'))]), flat]).map(({ pod }) => pod.uid),
    ).toEqual(['u-1', 'u-1']);
  });

  it('and no pod, when there are two of that name', () => {
    const other = logRun([mark(1, BANNER)], {
      source: 'q',
      identity: { ...logRun([]).identity, uid: podUid('u-2'), namespace: 'other' },
    });
    const flat = logRun([mark(20, BANNER), mark(30, READY)], {
      source: 'p_main.log',
      identity: { pod: 'p', container: 'main' },
    });
    const pods = told([logRun([mark(1, BANNER)]), other, flat]).map(({ pod }) =>
      pod.uidSynthetic ? 'synthetic' : pod.uid,
    );
    expect(pods.toSorted()).toEqual(['synthetic', 'u-1', 'u-2']);
  });

  it('a log without a start is nobody', () => {
    expect(
      told([logRun([mark(1, failed('exception'))], nameless), logRun([mark(1, SEEN)], nameless)]),
    ).toEqual([]);
  });
});
