// Every rule of every format, run on its own example and on everybody else's.

import { describe, expect, it } from 'vitest';
import type { Rule } from '../../lib/formats/contract.ts';
import { formats } from '../../lib/formats/index.ts';
import { candidatesOf, readRecord } from '../../lib/formats/read.ts';
import { parseRecords } from '../../lib/formats/record.ts';
import type { LogRecord } from '../../lib/model/line.ts';
import { cpuTime } from '../cpu-time.ts';

const rules: readonly Rule[] = formats.flatMap((format) => format.rules);

const recordsOf = (text: string): readonly LogRecord[] => parseRecords({ text, stream: '', partial: false });

const onlyRecord = (rule: Rule): LogRecord => {
  const [record, ...others] = recordsOf(rule.example);
  if (record === undefined || others.length > 0)
    throw new Error(
      `expected one record in the example of ${rule.id}, got ${others.length + (record === undefined ? 0 : 1)}`,
    );
  return record;
};

/** Exceptions that nobody foresaw: they speak when no other rule does. */
const isLastResort = (rule: Rule): boolean => rule.id.startsWith('python.');

describe('formats', () => {
  it('have unique rule ids', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('have unique names', () => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('speaks for its own example', () => {
    expect(readRecord(onlyRecord(rule))?.rule.id).toBe(rule.id);
  });

  it('is the only one to do so', () => {
    const record = onlyRecord(rule);
    const claims = candidatesOf(record).map(({ id }) => id);
    const others = rules.filter(({ id }) => claims.includes(id) && id !== rule.id);
    expect(others.filter((other) => !isLastResort(other)).map(({ id }) => id)).toEqual([]);
  });

  it('is anchored, without state, and begins with its literal', () => {
    expect(rule.pattern.source.startsWith('^')).toBe(true);
    expect(rule.pattern.flags).not.toMatch(/[gy]/);
    expect(rule.literal).not.toBe('');
    expect(
      onlyRecord(rule)
        .message.replace(/^\[backbone\] /, '')
        .startsWith(rule.literal),
    ).toBe(true);
  });

  it('names groups that its pattern has', () => {
    const groups = rule.marks.flatMap((mark) =>
      'group' in mark && mark.group !== undefined ? [mark.group] : [],
    );
    for (const group of groups) expect(rule.pattern.source).toContain(`(?<${group}>`);
  });

  it('does not look at long messages for long', () => {
    const long = `${rule.literal}${'a 1.0 '.repeat(200_000)}`;
    const took = cpuTime(() => {
      rule.pattern.test(long);
    });
    expect(took).toBeLessThan(200);
  });
});
