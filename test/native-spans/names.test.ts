// The table of span names: sound as data, and complete for what was recorded.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isPhaseName } from '../../lib/model/phase.ts';
import { ruleOf, SPAN_NAMES, spanNameOf } from '../../lib/native-spans/names.ts';

const PAGE = readFileSync('docs/native-spans.md', 'utf8');

it.each(SPAN_NAMES.map((row) => [row.name, row] as const))('%s is sound', (name, row) => {
  expect(row.from).toMatch(/^0\.\d+\.\d+$/);
  expect(row.says.length).toBeGreaterThan(10);
  for (const { phase } of row.witnesses) expect(isPhaseName(phase)).toBe(true);
  expect(spanNameOf(name, row.scope ?? 'vllm.somewhere.else')).toBe(row);
  expect(ruleOf(name)).toMatch(/^vllm\.span\.[a-z0-9]+(?:_[a-z0-9]+)*$/);
});

it.each(SPAN_NAMES.map(({ name }) => name))('docs/native-spans.md tells of %s', (name) => {
  expect(PAGE).toContain(`\`${name}\``);
});

it('no name has two rows of one scope', () => {
  const keys = SPAN_NAMES.map(({ name, scope }) => `${name}\0${scope}`);
  expect(new Set(keys).size).toBe(keys.length);
});

it.each(['llm_request', 'API server setup', '', '__proto__', 'constructor', 'overall loading'])(
  '%j is no start-up span that a phase is told from',
  (name) => expect(spanNameOf(name, 'vllm.v1.engine.core')).toBeUndefined(),
);
