// vLLM's own spans beside its log, through the whole pipeline: three recorded starts, and what can go wrong.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../lib/base/instant.ts';
import { podUid, spanIdOf, traceIdOf } from '../../lib/model/ids.ts';
import type { PhaseName } from '../../lib/model/phase.ts';
import type { Phase, Startup } from '../../lib/model/startup.ts';
import type { Answer } from '../../lib/pipeline-types.ts';
import { explainReport } from '../../lib/reports/explain.ts';
import { answerOf } from '../../lib/reports/json.ts';
import { answerSchema } from '../../lib/reports/schema.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { boot, HOUR, lines } from '../native-spans/otlp.ts';
import { replayedTree, startupsText, type Tree } from './replayed.ts';

const F_LOG = readFileSync('fixtures/vllm-own-spans/evidence/f-otlp-compile-cold.log', 'utf8');
const F = readFileSync('fixtures/vllm-own-spans/evidence/f-otlp-compile-cold.vllm-own-spans.json', 'utf8');
const T1_LOG = readFileSync('fixtures/vllm-own-spans-failed/evidence/t1-fail-after-inductor.log', 'utf8');
const T1 = readFileSync('fixtures/vllm-own-spans-failed/evidence/vllm-spans.jsonl', 'utf8');
const TRACE = 'e2760d0a740e9de990c456bca52eb7dc';
const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const OTHER = 'e0000000-0000-4000-8000-000000000000';

const only = ({ startups }: Answer): Startup => {
  const [startup] = startups;
  if (startup === undefined || startups.length !== 1) throw new Error(`${startups.length} startups, not 1`);
  return startup;
};

const phase = ({ phases }: Startup, name: PhaseName): Phase => {
  const found = phases.filter((one) => one.name === name);
  if (found[0] === undefined || found.length !== 1) throw new Error(`${found.length} of ${name}, not 1`);
  return found[0];
};

const seconds = ({ start, end }: Phase): number => Number(end.at - start.at) / 1e9;

/** One export request per line, each member of the list on its own. */
const requests = (text: string): readonly string[] =>
  JSON.parse(text).resourceSpans.map((one: object) => `${JSON.stringify({ resourceSpans: [one] })}\n`);

/** Each line of the log in CRI framing, stamped with the program's own second and a part of it. */
const cri = (log: string, part = '500000000'): string =>
  log
    .split('\n')
    .filter((line) => / 11-22 \d\d:\d\d:\d\d /.test(line))
    .map((line) => `2026-11-22T${/ 11-22 (\d\d:\d\d:\d\d) /.exec(line)?.[1]}.${part}Z stdout F ${line}\n`)
    .join('');

describe('a recorded start (0.32.0, CPU)', () => {
  const answered = replayedTree({ 'f.log': F_LOG, 'spans.json': F });

  it.each<readonly [PhaseName, number, string]>([
    ['weight_loading', 2.612, 'observed'],
    ['engine_init', 125.763, 'observed'],
    ['kernel_warmup', 123.749, 'observed'],
    ['memory_profiling', 123.749, 'observed'],
    ['kv_cache_allocation', 1.955, 'observed'],
  ])('%s takes the span: %d s, %s', async (name, length, certainty) => {
    const found = phase(only(await answered), name);
    expect(seconds(found)).toBeCloseTo(length, 3);
    expect([found.certainty, found.start.precision, found.end.precision]).toEqual([certainty, 1n, 1n]);
  });

  it('both witnesses stand in the evidence, the one that was taken first', async () => {
    const ends = phase(only(await answered), 'engine_init').evidence.filter(({ at }) => at === 'end');
    expect(ends.map(({ rule }) => rule)).toEqual(['vllm.span.prepare_model', 'vllm.init_engine']);
  });

  it('what was computed or borrowed without them is observed with them', async () => {
    const without = only(await replayedTree({ 'f.log': F_LOG }));
    const names = ['engine_init', 'kv_cache_allocation'] as const;
    expect(names.map((name) => phase(without, name).certainty)).toEqual(['derived', 'derived']);
    expect(without.nativeSpans).toBeUndefined();
    expect(only(await answered).outcome).toBe(without.outcome);
  });

  it('has no conflict, and tells two differences with their reason', async () => {
    const startup = only(await answered);
    expect(startup.conflicts).toEqual([]);
    const noted = startup.nativeSpans?.filter(({ note }) => note !== undefined) ?? [];
    expect(noted.map(({ name }) => name)).toEqual(['Loading (CPU)', 'Allocate KV cache']);
  });

  it('never tells a phase twice', async () => {
    const { phases } = only(await answered);
    const counted = Map.groupBy(phases, ({ name }) => name);
    for (const [name, own] of counted)
      expect([name, own.length]).toEqual([name, name === 'engine_boot' ? 2 : 1]);
  });

  it('explain shows the table, and the JSON holds to its schema', async () => {
    const answer = await answered;
    const text = explainReport(answer, { width: 120, color: false, ascii: false, traceIdScheme: 'md5' });
    expect(text).toMatch(/Prepare model {8}125\.8s {2}engine_init {13}~125\.8s {6}= {8}=\n/);
    expect(text).toMatch(/Loading \(CPU\) {8}2\.612s {2}weight_loading {14}≤1s {6}= {2}\+2\.744s\n/);
    expect(answerSchema.parse(answerOf(answer, { traceIdScheme: 'md5' }))).toBeDefined();
  });

  it('links each phase to the spans that tell of it', async () => {
    const [trace] = toTraces((await answered).startups, { traceIdScheme: 'md5', serviceName: 's' });
    const links = trace?.spans.find(({ name }) => name === 'engine_init')?.links;
    expect(links).toEqual([
      {
        traceId: TRACE,
        spanId: '817e765fa55f6a2e',
        attributes: { 'link.kind': 'vllm_span', 'vllm.span.name': 'Prepare model' },
      },
    ]);
  });
});

describe('the same evidence', () => {
  const [first = '', ...rest] = requests(F);
  const pieces = [first, ...rest];

  it.each<readonly [string, Tree]>([
    ['a line for each resource', { 'a.log': F_LOG, 'b.json': pieces.join('') }],
    ['in another order', { 'a.log': F_LOG, 'b.json': pieces.toReversed().join('') }],
    ['twice', { 'a.log': F_LOG, 'b.json': F, 'c.json': F }],
    ['in two files, overlapping', { 'a.log': F_LOG, '0.json': rest.join(''), 'z.json': pieces.join('') }],
    ['packed', { 'a.log': F_LOG, 'b.json.gz': gzipSync(F) }],
    ['the spans first', { 'b.log': F_LOG, 'a.json': F }],
  ])('%s gives the same startups', async (_how, tree) => {
    const name = Object.keys(tree).find((file) => file.endsWith('.log')) ?? '';
    const expected = await replayedTree({ [name]: F_LOG, 'spans.json': F });
    expect(startupsText(await replayedTree(tree))).toBe(startupsText(expected));
  });

  it('shuffled and repeated gives the same startups', async () => {
    const expected = startupsText(await replayedTree({ 'a.log': T1_LOG, 'b.jsonl': T1 }));
    const lines = T1.split('\n').filter((line) => line !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.subarray(lines),
        async (shuffled, again) => {
          const text = [...shuffled, ...again].map((line) => `${line}\n`).join('');
          expect(startupsText(await replayedTree({ 'a.log': T1_LOG, 'b.jsonl': text }))).toBe(expected);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('a failed start (0.32.0)', () => {
  it('beside its log: its failed spans begin phases and end none', async () => {
    const startup = only(await replayedTree({ 'a.log': T1_LOG, 'b.jsonl': T1 }));
    expect([startup.outcome, startup.failure?.cause]).toEqual(['failed', 'exception']);
    expect(phase(startup, 'engine_init').certainty).toBe('open');
    expect(seconds(phase(startup, 'dynamo_transform'))).toBeCloseTo(11.099, 2);
    expect(seconds(phase(startup, 'inductor_compile'))).toBeCloseTo(121.095, 2);
  });

  it('alone: failed, by the innermost span that did', async () => {
    const startup = only(await replayedTree({ 'b.jsonl': T1 }));
    expect([startup.outcome, startup.failure?.cause, startup.failure?.phase]).toEqual([
      'failed',
      'exception',
      'kernel_warmup',
    ]);
    expect(startup.failure?.evidence.text).toContain('AssertionError: Shape: 2048 out of considered ranges');
    expect(startup.missing).toEqual([]);
  });
});

describe('spans alone', () => {
  it('tell of the engine, and not that the server answers', async () => {
    const startup = only(await replayedTree({ 'spans.json': F }));
    expect([startup.outcome, startup.pod.uidSynthetic, startup.silent?.phase]).toEqual([
      'incomplete',
      true,
      'startup',
    ]);
    expect(startup.note).toMatch(/only vLLM's own spans tell of it/);
    expect(seconds(phase(startup, 'weight_loading'))).toBeCloseTo(2.612, 3);
    expect(phase(startup, 'vllm_init').attributes['startup.start_unknown']).toBe(true);
    const told = new Set(startup.phases.map(({ name }) => name));
    for (const name of [
      'server_ready',
      'torch_compile',
      'memory_profiling',
      'distributed_init',
      'model_config',
    ] as const)
      expect([name, told.has(name)]).toEqual([name, false]);
    expect(startup.missing).toEqual([]);
  });

  it('tell nothing of a start when only requests were recorded', async () => {
    const only = JSON.parse(F);
    for (const resource of only.resourceSpans)
      for (const scope of resource.scopeSpans)
        scope.spans = scope.spans.filter(({ name }: { name: string }) => name === 'llm_request');
    const answer = await replayedTree({ 'spans.json': JSON.stringify(only) });
    expect(answer.startups).toEqual([]);
    expect(answer.tally.get('files.not_evidence')).toBe(1);
  });
});

describe("a pod's object and its spans, the log gone", () => {
  const evidence = 'fixtures/vllm-cold-image/evidence';
  const pod = {
    'pods.json': readFileSync(`${evidence}/pods.json`),
    'events.json': readFileSync(`${evidence}/events.json`),
  };
  // Its container ran from 02:05:16 and was Ready at 02:06:17.
  const at = Date.UTC(2026, 10, 22, 2, 5, 20) / 1000 - HOUR;
  const spans = lines(
    boot(at, { trace: traceIdOf(podUid(UID)) }).map(({ end, start, ...more }) => ({
      ...more,
      start,
      end: Math.min(end, at + 55),
    })),
  );

  it('Kubernetes tells that it got ready, the spans where the engine spent its time', async () => {
    const startup = only(await replayedTree({ ...pod, 'spans.jsonl': spans }));
    expect([startup.outcome, startup.pod.uid, startup.container, startup.nativeSpans?.length]).toEqual([
      'ready',
      UID,
      'engine',
      6,
    ]);
    expect(seconds(phase(startup, 'weight_loading'))).toBeCloseTo(10, 6);
    expect(phase(startup, 'engine_init').container).toBe('engine');
    expect(startup.phases.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pod_pending', 'image_pull', 'vllm_init', 'readiness_lag']),
    );
    expect(phase(startup, 'readiness_lag').attributes['startup.start_unknown']).toBe(true);
  });

  it('without the spans there is nothing about the engine', async () => {
    const { phases } = only(await replayedTree(pod));
    expect(phases.map(({ name }) => name)).not.toContain('vllm_init');
  });
});

describe('two restarts of which no log is left', () => {
  it('are two attempts of one pod, by their boots', async () => {
    const resource = { 'k8s.pod.uid': UID, 'k8s.pod.name': 'p', 'k8s.container.name': 'vllm' };
    const specs = [0, 1].flatMap((n) =>
      boot(1000 * n, {
        resource: { ...resource, 'k8s.container.restart_count': `${n}` },
        span: `000000000000000${n + 1}`,
      }),
    );
    const { startups } = await replayedTree({ 'spans.jsonl': lines(specs) });
    expect(
      startups.map(({ attempt, restart, container, pod }) => [attempt, restart, container, pod.name]),
    ).toEqual([
      [0, 0, 'vllm', 'p'],
      [1, 1, 'vllm', 'p'],
    ]);
  });
});

describe('with TRACEPARENT of the pod uid', () => {
  const own = traceIdOf(podUid(UID));
  const parent = spanIdOf({
    uid: podUid(UID),
    container: 'main',
    restart: 0,
    process: 0,
    name: 'vllm_init',
    occurrence: 0,
  });
  const path = `ns_p_${UID}/main/0.log`;
  const spans = F.replaceAll(TRACE, own);

  it('they are of that pod, whatever else is there, and no link leads back into the same trace', async () => {
    const tree = { [path]: cri(F_LOG), [`ns_q_${OTHER}/main/0.log`]: cri(F_LOG), 'spans.json': spans };
    const { startups } = await replayedTree(tree);
    expect(startups.map(({ pod, nativeSpans }) => [pod.uid, nativeSpans !== undefined])).toEqual([
      [UID, true],
      [OTHER, false],
    ]);
    const traces = toTraces(startups, { traceIdScheme: 'md5', serviceName: 's' });
    const mine = traces.find(({ resource }) => resource['k8s.pod.uid'] === UID)?.spans ?? [];
    expect(mine.every(({ traceId }) => traceId === own)).toBe(true);
    expect(mine.flatMap(({ links }) => links)).toEqual([]);
    expect(mine.find(({ name }) => name === 'vllm_init')?.spanId).toBe(parent);
    const ids = new Set(mine.map(({ spanId }) => spanId as string));
    const theirs = [...spans.matchAll(/"spanId": "(\w{16})"/g)].map((match) => match[1] ?? '');
    expect(theirs.filter((id) => ids.has(id))).toEqual([]);
  });

  it("coldtrace's own spans in the same file are not taken for vLLM's", async () => {
    const alone = await replayedTree({ [path]: cri(F_LOG), 'spans.json': spans });
    const { otlpJson } = await import('../../lib/exporters/otlp-json.ts');
    const ours = otlpJson(toTraces(alone.startups, { traceIdScheme: 'md5', serviceName: 's' }));
    const both = await replayedTree({ [path]: cri(F_LOG), 'spans.json': spans, 'sent.json': ours });
    expect(startupsText(both)).toBe(startupsText(alone));
  });
});

describe('witnesses that contradict', () => {
  it('the log holds, and the conflict is told', async () => {
    const shifted = F.replace('1795310508544394008', '1795310528544394008');
    expect(shifted).not.toBe(F);
    const startup = only(await replayedTree({ 'f.log': F_LOG, 'spans.json': shifted }));
    expect(startup.conflicts.map(({ what, says }) => [what, says])).toEqual([
      [
        'spans',
        expect.stringMatching(
          /^engine_init ended .* by f\.log:53 and .* "Prepare model": 20\.5 s apart; the log's is told$/,
        ),
      ],
    ]);
    expect(phase(startup, 'engine_init').end.at).toBe(parseInstant('2026-11-22T01:21:48Z'));
  });

  it('of another hour: they belong to no start, and that is told', async () => {
    const tree = { 'f.log': F_LOG, 'spans.json': F.replaceAll('"17953', '"17954') };
    const answer = await replayedTree(tree);
    expect(only(answer).nativeSpans).toBeUndefined();
    expect(answer.tally.get('native_spans.unjoined')).toBe(13);
    expect(answer.problems.map(({ what, came }) => [what, came])).toEqual([
      ['native_spans.unjoined', expect.stringMatching(/^13 from .*: no pod uid, and no start at that time$/)],
    ]);
  });
});

it('a secret in a message of a failed span never comes out', async () => {
  const canary = 'hf_canarycanarycanarycanary';
  const answer = await replayedTree({
    'a.jsonl': T1.replaceAll('AssertionError: Shape', `AssertionError: api_key=${canary} Shape`),
  });
  expect(only(answer).failure?.evidence.text).toContain('[redacted]');
  expect(startupsText(answer)).not.toContain(canary);
});

it('a broken file is a problem of its own, what came before it counts', async () => {
  const answer = await replayedTree({
    'f.log': F_LOG,
    'spans.json': `${requests(F).join('')}{"resourceSpans":[{"code.function"`,
  });
  expect(only(answer).nativeSpans?.length).toBeGreaterThan(10);
  expect(answer.problems.map(({ what }) => what)).toEqual(['spans.unreadable']);
});
