// Waterfalls as people see them: the expected text lies in golden/, written by hand-checked runs and never by the test.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripAnsi } from '../../lib/base/text.ts';
import { columnsOf } from '../../lib/reports/columns.ts';
import { tableReport } from '../../lib/reports/table.ts';
import { anyStartup } from './arbitrary.ts';
import { asPod, CLOCKLESS, FAILED, INCOMPLETE, PLAIN, READY, SECOND_TRY, startup, told } from './handmade.ts';

const golden = (name: string): string => readFileSync(new URL(`golden/${name}.txt`, import.meta.url), 'utf8');

const MANY = told(asPod(READY, 'llama-70b-7c9d8b6f5d-x2x9z'), FAILED, SECOND_TRY, INCOMPLETE);

describe('tableReport', () => {
  it.each([
    ['ready', told(READY)],
    ['failed', told(FAILED)],
    ['incomplete', told(INCOMPLETE)],
    ['two-attempts', told(FAILED, SECOND_TRY)],
    ['many-pods', MANY],
    ['clockless', told(CLOCKLESS)],
  ])('%s', (name, answer) => {
    expect(tableReport(answer, PLAIN)).toBe(golden(name));
  });

  it('says nothing when there is nothing to tell', () => {
    expect(tableReport(told(), PLAIN)).toBe('');
  });

  it('in ASCII: the same columns, and nothing but ASCII', () => {
    const ascii = tableReport(MANY, { ...PLAIN, ascii: true });
    expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
    expect(ascii.split('\n').map(columnsOf)).toEqual(tableReport(MANY, PLAIN).split('\n').map(columnsOf));
  });

  it('draws fifty waterfalls and says how many are left', () => {
    const pods = Array.from({ length: 53 }, (_, index) => asPod(startup(0, 1), `pod-${index}`));
    const text = tableReport(told(...pods), PLAIN);
    expect(text.match(/no phase was seen/g)).toHaveLength(50);
    expect(text).toContain('3 waterfalls not drawn here');
    expect(text).toContain('pod-52');
  });

  it.each([
    [40, 'pod            try  outcome        total'],
    [50, 'pod                try  outcome        total  told'],
    [60, 'pod                          try  outcome        total  told'],
    [80, 'pod                       try  outcome        total  told  longest'],
  ])('%i columns: the overview has %s', (width, titles) => {
    const wide = asPod(READY, '模型-🦙-7c9d8b6f5d-x2x9z');
    const long = asPod(READY, 'llama-3-3-70b-instruct-fp8-dynamic-7c9d8b6f5d-x2x9z');
    const text = tableReport(told(wide, long, FAILED, INCOMPLETE), { ...PLAIN, width });
    const lines = text.split('\n');
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
    const head = lines.findIndex((line) => line.startsWith('pod '));
    expect(lines[head]).toBe(titles);
    const rows = lines.slice(head + 1, lines.indexOf('', head));
    expect(rows).toHaveLength(4);
    const outcomeAt = titles.indexOf('outcome');
    expect(rows.map((row) => columnsOf(/^.*?(?=ready|failed|incomplete)/.exec(row)?.[0] ?? ''))).toEqual(
      rows.map(() => outcomeAt),
    );
  });

  it('property: no line is wider than the width, whatever strangers wrote', () => {
    fc.assert(
      fc.property(
        fc.array(anyStartup, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 40, max: 160 }),
        (startups, width) => {
          const lines = tableReport(told(...startups), { ...PLAIN, width }).split('\n');
          expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('property: colour changes nothing but colour, and no control character comes out', () => {
    fc.assert(
      fc.property(fc.array(anyStartup, { minLength: 1, maxLength: 3 }), (startups) => {
        const plain = tableReport(told(...startups), PLAIN);
        const trimmed = (text: string) =>
          text
            .split('\n')
            .map((line) => line.trimEnd())
            .join('\n');
        expect(trimmed(stripAnsi(tableReport(told(...startups), { ...PLAIN, color: true })))).toBe(
          trimmed(plain),
        );
        expect(plain).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 100 },
    );
  });
});
