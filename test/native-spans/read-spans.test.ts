// Reading OTLP traces: what is kept, and by which name the rest is counted.

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeSpans } from '../../lib/native-spans/index.ts';
import { document, HOUR, lines, nanos, readText, type SpanSpec } from './otlp.ts';

const F = readFileSync('fixtures/vllm-own-spans/evidence/f-otlp-compile-cold.vllm-own-spans.json');
const T1 = readFileSync('fixtures/vllm-own-spans-failed/evidence/vllm-spans.jsonl');

describe('recognising', () => {
  it.each([
    ['{"resourceSpans":[{"resource"', true],
    ['\uFEFF{\n "resourceSpans": [', true],
    ['{"resource_spans":[', true],
    ['{"resourceLogs":[{"resource"', false],
    ['{"log":"{\\"resourceSpans\\":[]}","stream":"stdout"}', false],
    ['INFO 11-22 01:00:00 {"resourceSpans":[', false],
    ['[{"resourceSpans":[]}]', false],
    ['{"resourceSpans":{}}', false],
    ['', false],
  ])('%j: %s', (head, is) => expect(looksLikeSpans(head)).toBe(is));

  it('recognises both recorded files', () => {
    for (const file of [F, T1]) expect(looksLikeSpans(file.subarray(0, 4096).toString('utf8'))).toBe(true);
  });
});

describe('recorded spans (vLLM 0.32.0)', () => {
  it('keeps the 13 of the start and counts the two requests', () => {
    const { spans, counts, came } = readText(F);
    expect(came).toBeUndefined();
    expect(spans.length).toBe(13);
    expect(counts).toMatchObject({ 'native_spans.read': 13, 'native_spans.not_startup': 2 });
    expect(spans.find(({ name }) => name === 'Loading (CPU)')).toMatchObject({
      rule: 'vllm.span.loading_cpu',
      traceId: 'e2760d0a740e9de990c456bca52eb7dc',
      spanId: '629f6fbed82c07cd',
      start: 1795310380131558511n,
      end: 1795310382743967121n,
      precision: 1n,
      process: { name: 'Worker_0', kind: 'worker', pid: '9858' },
    });
  });

  it('tells the two kinds of "Worker init" apart by their module', () => {
    const both = readText(F).spans.filter(({ name }) => name === 'Worker init');
    expect(both.map(({ boot, depth }) => [boot, depth])).toEqual(
      expect.arrayContaining([
        ['worker', undefined],
        [undefined, 4],
      ]),
    );
  });

  it('reads failed spans with their message', () => {
    const failed = readText(T1).spans.filter(({ failure }) => failure !== undefined);
    expect(failed.map(({ name }) => name)).toContain('Warmup (CPU)');
    expect(failed.find(({ name }) => name === 'Warmup (CPU)')?.failure).toBe(
      'AssertionError: Shape: 2048 out of considered ranges: [(1, 2048)]',
    );
  });

  it('does not depend on the chunks that it comes in', () => {
    const whole = [readText(F), readText(T1)];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (chunk) => {
        expect([readText(F, chunk), readText(T1, chunk)]).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });
});

const GOOD: SpanSpec = { name: 'Prepare model', start: 10, end: 20 };
const DYNAMO: SpanSpec = {
  name: 'Dynamo bytecode transform',
  start: 10,
  end: 20,
  scope: 'vllm.tracing.otel',
};
const UPTIME = '5400000000000';

describe('what is no witness is counted by name', () => {
  it.each<readonly [string, SpanSpec, string]>([
    ['a request', { ...GOOD, name: 'llm_request' }, 'not_startup'],
    [
      "coldtrace's own span, exported to the same Collector",
      { ...GOOD, name: 'vllm_init', scope: 'coldtrace' },
      'not_startup',
    ],
    ['never ended', { ...GOOD, raw: { endTimeUnixNano: '0' } }, 'unfinished'],
    ['no end at all', { ...GOOD, raw: { endTimeUnixNano: undefined } }, 'unfinished'],
    ['ends before it begins', { ...GOOD, start: 20, end: 10 }, 'reversed'],
    ['begins in 1970 and knows no seconds', { ...GOOD, raw: { startTimeUnixNano: UPTIME } }, 'epoch'],
    ['begins at zero', { ...GOOD, raw: { startTimeUnixNano: '0' } }, 'epoch'],
    [
      'was in 1970 altogether',
      {
        ...DYNAMO,
        attributes: { 'dynamo.time_seconds': 7 },
        raw: { startTimeUnixNano: UPTIME, endTimeUnixNano: `1${UPTIME}` },
      },
      'epoch',
    ],
    [
      'seconds of 1970 that are nonsense',
      { ...DYNAMO, attributes: { 'dynamo.time_seconds': -7 }, raw: { startTimeUnixNano: UPTIME } },
      'epoch',
    ],
    ['negative time', { ...GOOD, raw: { startTimeUnixNano: '-5' } }, 'malformed'],
    ['time that is text', { ...GOOD, raw: { startTimeUnixNano: 'soon' } }, 'malformed'],
    ['time that is an object', { ...GOOD, raw: { startTimeUnixNano: {} } }, 'malformed'],
    ['no trace id', { ...GOOD, raw: { traceId: '' } }, 'malformed'],
    ['a trace id of zeros', { ...GOOD, trace: '0'.repeat(32) }, 'malformed'],
    ['a span id in base64', { ...GOOD, span: 'eIvK8+sNGCw=' }, 'malformed'],
  ])('%s', (_what, spec, name) => {
    const { spans, counts } = readText(lines([spec, { ...GOOD, span: '00000000000000ff' }]));
    expect(counts[`native_spans.${name}`]).toBe(1);
    expect(spans.map(({ spanId }) => spanId)).toEqual(['00000000000000ff']);
  });

  it('a span of this name by another program is not vLLM’s', () => {
    const text = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: 'shop' },
              spans: [
                {
                  traceId: 'a'.repeat(32),
                  spanId: 'b'.repeat(16),
                  name: 'Load model',
                  startTimeUnixNano: nanos(1),
                  endTimeUnixNano: nanos(2),
                  attributes: [{ key: 'code.function', value: { stringValue: 'f' } }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(readText(text)).toMatchObject({ spans: [], counts: { 'native_spans.foreign': 1 } });
  });
});

it('of the Dynamo span of 0.17 to 0.25 the end and the seconds are right: its beginning is computed', () => {
  const spec = { ...DYNAMO, attributes: { 'dynamo.time_seconds': 2.3 }, raw: { startTimeUnixNano: UPTIME } };
  const { spans, counts } = readText(lines([spec]));
  expect(counts['native_spans.epoch_computed']).toBe(1);
  expect(spans[0]).toMatchObject({ startComputed: true, seconds: 2.3 });
  expect(Number((spans[0]?.end ?? 0n) - (spans[0]?.start ?? 0n))).toBe(2_300_000_000);
});

it('a download of less than half a second is no download', () => {
  const download = (end: number): SpanSpec => ({ name: 'Download weights - HF', start: 0, end });
  const [short, long] = readText(lines([download(0.4), download(0.6)])).spans;
  expect([short?.witnesses.length, long?.witnesses.length]).toEqual([0, 1]);
});

it('numbers instead of text have lost their last digits, and say so', () => {
  const at = (second: number): number => (HOUR + second) * 1e9;
  const raw = { startTimeUnixNano: at(10), endTimeUnixNano: at(20) };
  expect(readText(lines([{ ...GOOD, raw }])).spans[0]?.precision).toBe(1000n);
});

it('takes the identity of the resource, whatever the file says', () => {
  const resource = {
    'k8s.pod.uid': 'u-1',
    'k8s.pod.name': 'p',
    'k8s.container.restart_count': '2',
    'host.name': 'h',
  };
  const [span] = readText(lines([{ ...GOOD, resource }])).spans;
  expect(span).toMatchObject({ identity: { uid: 'u-1', pod: 'p', restart: 2 }, host: 'h' });
});

it('replaces secrets in messages of failures', () => {
  const failed = 'ValueError: token hf_abcdefghijklmnopqrstuvwxyz refused';
  expect(readText(lines([{ ...GOOD, failed }])).spans[0]?.failure).not.toContain('hf_abcdef');
});

describe('files that are broken', () => {
  it.each([
    ['a line cut in the middle', lines([GOOD, { ...GOOD, start: 11 }]).slice(0, -40), 1, 1],
    ['a line of something else', `${lines([GOOD])}{"code.function": oops\n`, 1, 1],
    ['a document cut in the middle', document([GOOD]).slice(0, -40), 0, 1],
    ['a list where an object should be', `${lines([GOOD])}["code.function"]\n`, 1, 1],
  ])('%s', (_what, text, kept, malformed) => {
    const { spans, counts, came } = readText(text);
    expect(spans.length).toBe(kept);
    expect(counts['native_spans.malformed']).toBe(malformed);
    expect(came).toMatch(/^JSON that/);
  });

  it.each([
    '{"resourceSpans":[null,7,"x",{"resource":5,"scopeSpans":[{"spans":[null,[],{"name":7}]}]}],"code.function":1}',
    '{"resourceSpans":[{"resource":{"attributes":{"a":1}},"scopeSpans":[{"scope":null,"spans":{}}]}],"code.function":1}',
    '{"resourceSpans":[{"resource":{"attributes":[null,{"key":{},"value":[]}]},"scopeSpans":[{"spans":[{"name":"Load model"}]}]}],"x":"code.function"}',
  ])('%s does no harm', (text) => expect(readText(`${text}\n`).spans).toEqual([]));

  it('never throws, whatever becomes of a byte', () => {
    fc.assert(
      fc.property(fc.nat(T1.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Buffer.from(T1);
        damaged[at] = byte;
        const { spans } = readText(damaged);
        expect(spans.length).toBeGreaterThan(0);
        for (const { start, end } of spans) expect(end >= start).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

it('steps over lines of requests without parsing them', () => {
  const request =
    '{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"vllm.tracing.otel"},"spans":[{"name":"llm_request" broken}]}]}]}\n';
  const { spans, counts } = readText(request.repeat(1000) + lines([GOOD]) + request);
  expect(spans.length).toBe(1);
  expect(counts).toMatchObject({ 'native_spans.lines_skipped': 1001, 'native_spans.lines': 1002 });
  expect(counts['native_spans.malformed']).toBeUndefined();
});
