// Which start vLLM's own spans belong to: by uid, by trace id, by name and time, by time alone, or none.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodEvidence } from '../../lib/assembly/evidence.ts';
import { joinPods } from '../../lib/assembly/join-pods.ts';
import { joinSpans } from '../../lib/assembly/join-spans.ts';
import { bootsOf } from '../../lib/assembly/native-boots.ts';
import { podUid, traceIdOf } from '../../lib/model/ids.ts';
import type { LogRun } from '../../lib/model/log-run.ts';
import { T0 } from '../moments.ts';
import { boot, type SpanSpec, spansOf } from '../native-spans/otlp.ts';
import { BANNER, lasted, logRun, mark, READY } from './marks.ts';

/** Specs are in seconds since the hour of the recordings, marks since T0. */
const OFFSET = Number(T0 / 1_000_000_000n) - 1_795_309_200;

const bootAt = (second: number, more: Partial<SpanSpec> = {}): readonly SpanSpec[] =>
  boot(OFFSET + second, more);

/** A start of 100 s that begins at this second. */
const log = (second: number, identity: LogRun['identity']): LogRun =>
  logRun(
    [
      mark(second, BANNER, 'APIServer#1'),
      mark(second + 80, lasted('engine_init', 30)),
      mark(second + 100, READY),
    ],
    {
      identity,
      source: `log at ${second}`,
      seed: [`log at ${second}`],
    },
  );

const named = (uid: string, pod: string) => ({
  uid: podUid(uid),
  pod,
  namespace: 'ns',
  container: 'main',
  restart: 0,
});

const joined = (logs: readonly LogRun[], specs: readonly SpanSpec[]) =>
  joinSpans(joinPods([], logs), spansOf(specs));

/** For each pod: how many spans its starts got. */
const counts = (pods: readonly PodEvidence[]): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(pods.map(({ uid, native = [] }) => [uid, native.map(({ spans }) => spans.length)]));

const uidTrace = (uid: string): Partial<SpanSpec> => ({ trace: traceIdOf(podUid(uid)) });
const resource = (values: Readonly<Record<string, string>>): Partial<SpanSpec> => ({ resource: values });

describe('one start it belongs to', () => {
  const two = [log(0, named('u-1', 'p-1')), log(1000, named('u-2', 'p-2'))];

  it.each<
    readonly [string, readonly LogRun[], readonly SpanSpec[], Readonly<Record<string, readonly number[]>>]
  >([
    [
      'the uid of the resource',
      two,
      bootAt(20, resource({ 'k8s.pod.uid': 'u-1' })),
      { 'u-1': [6], 'u-2': [] },
    ],
    ['a trace id made of the uid', two, bootAt(1020, uidTrace('u-2')), { 'u-1': [], 'u-2': [6] }],
    [
      'one made as llm-engine makes it',
      two,
      bootAt(20, { trace: traceIdOf(podUid('u-1'), 'sha256-llm-engine') }),
      { 'u-1': [6], 'u-2': [] },
    ],
    [
      'the name of the pod, and the time',
      two,
      bootAt(1020, resource({ 'k8s.pod.name': 'p-2' })),
      { 'u-1': [], 'u-2': [6] },
    ],
    [
      'the name of the host, and the time',
      two,
      bootAt(20, resource({ 'host.name': 'p-1' })),
      { 'u-1': [6], 'u-2': [] },
    ],
    ['the only start there is, and the time', [log(0, named('u-1', 'p-1'))], bootAt(20), { 'u-1': [6] }],
    [
      'one span of the trace names the uid',
      two,
      [
        ...bootAt(20),
        { ...(bootAt(20)[5] as SpanSpec), start: OFFSET + 51, ...resource({ 'k8s.pod.uid': 'u-1' }) },
      ],
      { 'u-1': [7], 'u-2': [] },
    ],
  ])('by %s', (_by, logs, specs, expected) => {
    const { pods, unjoined } = joined(logs, specs);
    expect(counts(pods)).toEqual(expected);
    expect(unjoined).toEqual([]);
  });
});

describe('none that can be named', () => {
  const two = [log(0, named('u-1', 'p-1')), log(10, named('u-2', 'p-2'))];

  it.each<readonly [string, readonly LogRun[], readonly SpanSpec[], RegExp]>([
    ['two starts at that time', two, bootAt(20), /2 starts that it could be of/],
    ['no start at that time', two, bootAt(5000), /no start at that time/],
    [
      'a start of that name, at another time',
      two,
      bootAt(5000, resource({ 'k8s.pod.name': 'p-1' })),
      /no start at that time/,
    ],
    [
      'the right uid, at another time',
      two,
      bootAt(5000, resource({ 'k8s.pod.uid': 'u-1' })),
      /outside all its starts/,
    ],
    [
      'the right trace, another restart',
      two,
      bootAt(20, { ...uidTrace('u-1'), ...resource({ 'k8s.container.restart_count': '3' }) }),
      /outside all its starts/,
    ],
  ])('%s', (_what, logs, specs, why) => {
    const { pods, unjoined } = joined(logs, specs);
    expect(pods.every(({ native }) => native === undefined)).toBe(true);
    expect(unjoined.map((one) => one.why)).toEqual([expect.stringMatching(why)]);
  });
});

describe('restarts in one trace (TRACEPARENT, seeded ids)', () => {
  const restarts = [0, 1].map((restart) => log(restart * 1000, { ...named('u-1', 'p'), restart }));
  const specs = [
    ...bootAt(20, uidTrace('u-1')),
    ...bootAt(1020, { ...uidTrace('u-1'), span: '629f6fbed82c07cd' }),
  ];

  it('each boot goes to the run that it overlaps, though ids collide', () => {
    const { pods, colliding } = joined(restarts, specs);
    expect(pods[0]?.native?.map(({ restart, spans }) => [restart, spans.length])).toEqual([
      [0, 6],
      [1, 6],
    ]);
    expect(colliding).toBe(5);
  });

  it('a boot whose outer spans were lost (killed) is no part of the next', () => {
    const [, , , , loading] = bootAt(20, uidTrace('u-1'));
    const boots = bootsOf(spansOf([loading as SpanSpec, ...bootAt(1020, uidTrace('u-1'))]));
    expect(boots.map(({ spans, isWhole }) => [spans.length, isWhole])).toEqual([
      [1, false],
      [6, true],
    ]);
  });

  it('data-parallel engines that overlap are one boot', () => {
    const engines = [...bootAt(0).slice(2), ...bootAt(3, { span: 'ffffffffffffffff' }).slice(2)];
    expect(bootsOf(spansOf(engines)).length).toBe(1);
  });
});

describe('spans alone', () => {
  it('of a named pod are a start of it', () => {
    const { pods } = joined([], bootAt(0, resource({ 'k8s.pod.uid': 'u-9', 'k8s.pod.name': 'p' })));
    expect(pods.map(({ uid, uidSynthetic, name }) => [uid, uidSynthetic, name])).toEqual([
      ['u-9', false, 'p'],
    ]);
  });

  it('of nobody are a start with a uid made of the trace', () => {
    const { pods } = joined([], bootAt(0));
    expect(pods.map(({ uidSynthetic }) => uidSynthetic)).toEqual([true]);
  });

  it('without the spans that enclose a start prove none', () => {
    const { pods, unjoined } = joined([], [bootAt(0)[4] as SpanSpec]);
    expect(pods).toEqual([]);
    expect(unjoined[0]?.why).toMatch(/without the spans that enclose a start/);
  });
});

it('depends neither on order nor on repetition', () => {
  const logs = [
    log(0, named('u-1', 'p-1')),
    log(1000, { ...named('u-1', 'p-1'), restart: 1 }),
    log(0, named('u-2', 'p-2')),
  ];
  const specs = [
    ...bootAt(20, uidTrace('u-1')),
    ...bootAt(1020, uidTrace('u-1')),
    ...bootAt(30, resource({ 'host.name': 'p-2' })),
    ...bootAt(20, { trace: 'f'.repeat(32) }),
  ];
  const spans = spansOf(specs);
  const { repeated, ...expected } = joinSpans(joinPods([], logs), spans);
  expect(repeated).toBe(0);
  expect(expected.unjoined.length).toBe(1);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...spans], { minLength: spans.length }),
      fc.subarray([...spans]),
      (shuffled, again) => {
        const { repeated: twice, ...told } = joinSpans(joinPods([], logs), [...shuffled, ...again]);
        expect(told).toEqual(expected);
        expect(twice).toBe(again.length);
      },
    ),
    { numRuns: 60 },
  );
});
