// The proof of every boundary, as text.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../lib/reports/columns.ts';
import { explainReport } from '../../lib/reports/explain.ts';
import { anyStartup } from './arbitrary.ts';
import { PLAIN, phase, READY, startup, told } from './handmade.ts';

const WIDE = { ...PLAIN, width: 100 };

describe('explainReport', () => {
  it('ready, every border and gap', () => {
    const golden = readFileSync(new URL('golden/explain-ready.txt', import.meta.url), 'utf8');
    expect(explainReport(told(READY), WIDE)).toBe(golden);
  });

  it('says when and why an end was moved', () => {
    const moved = phase('vllm_init', 1, 2, { clamped: 'start clamped by 0.4 s into startup' });
    expect(explainReport(told(startup(0, 3, { phases: [moved] })), WIDE)).toContain(
      '  moved: start clamped by 0.4 s into startup',
    );
  });

  it('says that an open phase has no end of its own', () => {
    const open = phase('vllm_init', 1, 3, { certainty: 'open', evidence: [] });
    expect(explainReport(told(startup(0, 3, { phases: [open] })), WIDE)).toContain(
      'no line ends it; it was open when the startup ended',
    );
  });

  it('property: no line is wider than the width', () => {
    fc.assert(
      fc.property(anyStartup, fc.integer({ min: 72, max: 140 }), (one, width) => {
        const lines = explainReport(told(one), { ...PLAIN, width }).split('\n');
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
      }),
      { numRuns: 100 },
    );
  });
});
