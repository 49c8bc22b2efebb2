// vLLM's own spans through a real OpenTelemetry Collector: what its file exporter wrote is what coldtrace reads.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { replayedTree, startupsText } from '../hall/replayed.ts';
import { HAS_COLLECTOR, startCollector } from './real-collector.ts';

const F = 'fixtures/vllm-own-spans/evidence/f-otlp-compile-cold';
const T1 = 'fixtures/vllm-own-spans-failed/evidence';

it.skipIf(!HAS_COLLECTOR).each([
  ['a start', `${F}.log`, `${F}.vllm-own-spans.json`],
  ['a failed one, an export for each process', `${T1}/t1-fail-after-inductor.log`, `${T1}/vllm-spans.jsonl`],
])(
  '%s',
  async (_what, log, spans) => {
    const collector = await startCollector();
    const text = readFileSync(spans, 'utf8');
    const requests = spans.endsWith('.jsonl') ? text.trimEnd().split('\n') : [text];
    for (const body of requests) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
    const written = await collector.written();
    await collector.remove();
    expect(written).not.toBe(text);
    const said = readFileSync(log, 'utf8');
    const expected = await replayedTree({ 'a.log': said, 'spans.json': text });
    const told = await replayedTree({ 'a.log': said, 'spans.json': written });
    expect(told.startups[0]?.nativeSpans?.length).toBeGreaterThan(10);
    expect(startupsText(told)).toBe(startupsText(expected));
  },
  60_000,
);
