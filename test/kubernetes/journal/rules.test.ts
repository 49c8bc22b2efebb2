// Every rule of the journal, run on its own example and on everybody else's.

import { describe, expect, it } from 'vitest';
import type { JournalRule } from '../../../lib/kubernetes/journal/contract.ts';
import { opensJournalLine, parseJournalLine } from '../../../lib/kubernetes/journal/line.ts';
import { claimants, claimOf, journalRules } from '../../../lib/kubernetes/journal/rules.ts';
import { cpuTime } from '../../cpu-time.ts';

function lineOf({ id, example }: JournalRule) {
  const line = parseJournalLine(example);
  if (line === undefined) throw new Error(`expected a journal line as the example of ${id}, got none`);
  return line;
}

it('rules have unique ids', () => {
  expect(new Set(journalRules.map(({ id }) => id)).size).toBe(journalRules.length);
});

describe.each(journalRules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('speaks for its own example, and says something', () => {
    const claim = claimOf(lineOf(rule));
    expect(claim?.rule.id).toBe(rule.id);
    expect(claim?.told).not.toEqual([]);
  });

  it('is the only one to do so', () => {
    expect(claimants(lineOf(rule)).map(({ id }) => id)).toEqual([rule.id]);
  });

  it('is anchored, without state, begins with its literal, and is named after its program', () => {
    expect(rule.pattern.source.startsWith('^')).toBe(true);
    expect(rule.pattern.source.endsWith('$')).toBe(true);
    expect(rule.pattern.flags).not.toMatch(/[gy]/);
    expect(lineOf(rule).message.startsWith(rule.literal)).toBe(true);
    expect(rule.id.startsWith(`${rule.printed.program}.`)).toBe(true);
  });

  it('is worth a look', () => {
    expect(opensJournalLine(rule.example)).toBe(true);
  });

  it('says the same in JSON logging', () => {
    const line = lineOf(rule);
    const json =
      rule.logger === 'klog'
        ? { ts: 1795311699051.102, caller: `kubelet/${line.file}:1`, v: 2, ...asJson(line.fields()) }
        : { level: 'info', time: '2026-11-22T01:41:40.020861433Z' };
    const told = parseJournalLine(JSON.stringify({ ...json, msg: line.message }));
    expect(told === undefined ? undefined : claimOf(told)).toEqual(claimOf(line));
  });

  it('does not look at long lines for long', () => {
    const took = cpuTime(() => {
      for (const tail of ['a'.repeat(1e6), '"'.repeat(1e6), ' a="'.repeat(250_000), '{'.repeat(1e6)]) {
        const line = parseJournalLine(rule.example + tail);
        if (line !== undefined) claimOf(line);
      }
    });
    expect(took).toBeLessThan(1000);
  });
});

/** What the JSON logger prints of the same values: objects as objects, pods as objects. */
function asJson(fields: ReadonlyMap<string, string>): Record<string, unknown> {
  const pod = (text: string): unknown => {
    const [namespace, name] = text.split('/');
    return { name, namespace };
  };
  return Object.fromEntries(
    [...fields].map(([key, value]) => {
      if (key === 'pod') return [key, pod(value)];
      if (key === 'pods') return [key, JSON.parse(value).map(pod)];
      return [key, /^[{[]|^\d+$/.test(value) ? JSON.parse(value) : value];
    }),
  );
}
