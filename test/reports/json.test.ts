// The public JSON: valid by its own schema, in the promised order, the same bytes every time.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Told } from '../../lib/reports/contract.ts';
import { answerOf, jsonReport } from '../../lib/reports/json.ts';
import { answerSchema, exportJsonSchema } from '../../lib/reports/schema.ts';
import { anyStartup } from './arbitrary.ts';
import { CLOCKLESS, FAILED, INCOMPLETE, PLAIN, READY, SECOND_TRY, told } from './handmade.ts';

const first = (answer: Told) => answerOf(answer, PLAIN).startups[0];

describe('jsonReport', () => {
  it.each([
    ['ready', told(READY)],
    ['failed, and again', told(FAILED, SECOND_TRY)],
    ['incomplete', told(INCOMPLETE)],
    ['without a clock', told(CLOCKLESS)],
    ['nothing', told()],
  ])('valid: %s', (_name, answer) => {
    expect(answerSchema.safeParse(JSON.parse(jsonReport(answer, PLAIN))).error).toBeUndefined();
  });

  it('property: any startup is valid', () => {
    fc.assert(
      fc.property(fc.array(anyStartup, { maxLength: 2 }), (startups) => {
        const read = answerSchema.safeParse(JSON.parse(jsonReport(told(...startups), PLAIN)));
        expect(read.error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('a startup, in the order of the schema', () => {
    expect(Object.keys(first(told(FAILED)) ?? {})).toEqual([
      'pod',
      'attributes',
      'trace_id',
      'span_id',
      'attempt',
      'container',
      'restart_count',
      'engine',
      'outcome',
      'class',
      'failure',
      'start',
      'end',
      'duration_seconds',
      'coverage',
      'evidence',
      'phases',
      'gaps',
      'missing',
    ]);
  });

  it('a phase', () => {
    expect(first(told(READY))?.phases[6]).toEqual({
      name: 'weight_loading',
      parent: 'vllm_init',
      occurrence: 0,
      container: 'main',
      start: '2026-08-21T10:00:12.100000000Z',
      end: '2026-08-21T10:00:24.440000000Z',
      duration_seconds: 12.34,
      reported_seconds: 12.34,
      certainty: 'derived',
      precision_seconds: [1e-9, 1e-9],
      ranks: { count: 8, slowest: 'TP3', spread_seconds: 0.8 },
      span_id: '22e2676312d6db28',
      evidence: [
        {
          at: 'end',
          source: 'llama-70b-0/main/0',
          line: 42,
          text: 'Model loading took 14.9596 GiB and 12.340000 seconds',
          rule: 'vllm.weights_took',
        },
      ],
      attributes: { weights_gib: 14.96 },
    });
  });

  it('a gap: after the line before it, before the line after it', () => {
    expect(first(told(READY))?.gaps[0]).toMatchObject({
      after: 'the line before the silence',
      before: 'the line after the silence',
      duration_seconds: 0.5,
    });
  });

  it('published ids (design: "Identity")', () => {
    expect(first(told(READY))).toMatchObject({
      trace_id: 'f0c223c56d2c3bf3bf7549fcbaffe507',
      span_id: 'baef1a7e210a40c8',
    });
    expect(first(told(READY))?.phases.find(({ name }) => name === 'vllm_init')?.span_id).toBe(
      '9cc67ce52dbeb09f',
    );
    expect(answerOf(told(READY), { traceIdScheme: 'sha256-llm-engine' }).startups[0]?.trace_id).toBe(
      '0c039b4dbc4672b73d1c14413d3a06d4',
    );
  });

  it('unknown names are left out; an unknown node is null', () => {
    expect(first(told(INCOMPLETE))?.pod).toEqual({
      uid: '0f0f0f0f-0000-0000-0000-000000000000',
      uid_synthetic: true,
      node: null,
    });
  });

  it('attributes: the seed first, the others by name, whatever order they came in', () => {
    const attributes = {
      zone: 'b',
      region: 'eu',
      'k8s.cluster.name': 'c',
      model_name: 'm',
      endpoint_name: 'e',
    };
    expect(Object.keys(first(told({ ...READY, attributes }))?.attributes ?? {})).toEqual([
      'endpoint_name',
      'model_name',
      'region',
      'k8s.cluster.name',
      'zone',
    ]);
  });

  it('the tally is sorted, so that its order of counting does not show', () => {
    const one = {
      ...told(),
      tally: new Map([
        ['b.read', 1],
        ['a.read', 2],
      ]),
    };
    const other = {
      ...told(),
      tally: new Map([
        ['a.read', 2],
        ['b.read', 1],
      ]),
    };
    expect(jsonReport(one, PLAIN)).toBe(jsonReport(other, PLAIN));
  });
});

describe('docs/coldtrace-v1.schema.json', () => {
  it('is what the schema says now', () => {
    const kept = readFileSync(new URL('../../docs/coldtrace-v1.schema.json', import.meta.url), 'utf8');
    expect(kept).toBe(exportJsonSchema());
  });
});
