// From a folder of evidence to a real Collector and back: the command as a process, a file as the proof.
//
// Skipped where .ci/servers/otelcol.sh has not been run (or COLDTRACE_OTELCOL names no binary).

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseInstant } from '../../lib/base/instant.ts';
import { type DecodedSpan, decodeJson } from '../exporters/decode-otlp.ts';
import { coldtrace } from '../run-program.ts';
import { type Collector, HAS_COLLECTOR, startCollector } from './real-collector.ts';

let collector: Collector;

beforeEach(async () => {
  if (HAS_COLLECTOR) collector = await startCollector();
}, 30_000);

afterEach(async () => {
  if (HAS_COLLECTOR) await collector.remove();
});

const inOrder = (spans: readonly DecodedSpan[]): readonly DecodedSpan[] =>
  [...spans].sort((a, b) => (a.traceId + a.spanId < b.traceId + b.spanId ? -1 : 1));

interface ToldSpan {
  readonly name?: string;
  readonly span_id: string;
  readonly start: string;
  readonly end: string;
}

interface ToldStartup extends ToldSpan {
  readonly trace_id: string;
  readonly phases: readonly (ToldSpan & { readonly parent: string })[];
  readonly gaps: readonly (ToldSpan & { readonly parent: string })[];
}

/** The spans as `--format json` tells them: id, name, times, and the name of the parent. */
function toldSpans({ trace_id, phases, gaps, ...root }: ToldStartup): readonly string[] {
  const line = ({ span_id, start, end }: ToldSpan, name: string, parent: string) =>
    [trace_id, span_id, name, nanoseconds(start), nanoseconds(end), `in ${parent}`].join(' ');
  return [
    line(root, 'endpoint_startup', 'nothing'),
    ...phases.map((phase) => line(phase, phase.name ?? '', phase.parent)),
    ...gaps.map((gap) => line(gap, 'gap', gap.parent)),
  ];
}

const nanoseconds = (text: string): bigint | undefined => parseInstant(text);

function arrivedSpans(spans: readonly DecodedSpan[]): readonly string[] {
  const names = new Map(spans.map(({ traceId, spanId, name }) => [`${traceId} ${spanId}`, name]));
  return spans.map(({ traceId, spanId, parentSpanId, name, start, end }) => {
    const parent = parentSpanId === '' ? 'nothing' : names.get(`${traceId} ${parentSpanId}`);
    return [traceId, spanId, name, start, end, `in ${parent}`].join(' ');
  });
}

describe.skipIf(!HAS_COLLECTOR)('evidence to Collector (build it with .ci/servers/otelcol.sh)', () => {
  it.each([
    ['vllm-cold-image', {}],
    ['vllm-cold-image', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
    ['crashloop', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
    ['vllm-restart-loop', {}],
  ])('%s with %o: every span as --format otlp-json and --format json say', async (fixture, env) => {
    const evidence = `fixtures/${fixture}/evidence`;
    const sent = await coldtrace(['replay', evidence, '--format', 'otlp-json', '--otlp', collector.url], {
      env,
    });
    expect(sent).toMatchObject({ code: 0, stderr: expect.stringMatching(/: \d+ spans delivered$/m) });
    const spans = inOrder(await collector.arrived());
    expect(spans).toEqual(inOrder(decodeJson(sent.stdout)));
    const { stdout } = await coldtrace(['replay', evidence, '--format', 'json']);
    const startups: readonly ToldStartup[] = JSON.parse(stdout).startups;
    expect(arrivedSpans(spans).toSorted()).toEqual(startups.flatMap(toldSpans).toSorted());
  });

  it('--otlp without a URL goes to OTEL_EXPORTER_OTLP_ENDPOINT', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    expect(await coldtrace(['replay', 'fixtures/vllm-cold-image/evidence', '--otlp'], { env })).toMatchObject(
      { code: 0 },
    );
    expect(await collector.arrived()).not.toEqual([]);
  });
});
