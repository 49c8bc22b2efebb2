// The closing line and the problems, as they stand on stderr.

import { describe, expect, it } from 'vitest';
import type { Problem } from '../../lib/reports/contract.ts';
import { isLoss, problemLines, tallyLine } from '../../lib/reports/tally.ts';
import { FAILED, READY, told } from './handmade.ts';

const problem = (where: string, asked: boolean): Problem => ({
  where,
  expected: 'a file',
  came: 'a socket',
  what: 'files.unreadable',
  asked,
});

describe('tallyLine', () => {
  it('counts what was read, found and lost', () => {
    const tally = new Map([
      ['files.read', 12],
      ['lines.read', 48_210],
      ['lines.matched', 212],
      ['files.unreadable', 1],
      ['lines.dropped', 3],
    ]);
    expect(tallyLine({ ...told(READY, READY, FAILED), tally })).toBe(
      'read 12 files, 48,210 lines, 212 start-up lines; 3 startups: 2 ready, 1 failed; 1 file unreadable; 3 lines dropped',
    );
  });

  it('nothing at all', () => {
    expect(tallyLine(told())).toBe('read 0 files, 0 lines, 0 start-up lines; no startup found');
  });
});

describe('problemLines', () => {
  it('five of a kind, then only a count', () => {
    const lines = problemLines(Array.from({ length: 7 }, (_, index) => problem(`f${index}`, false)));
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      'coldtrace: f0: expected a file, got a socket. Check the path and its permissions.',
    );
    expect(lines[5]).toBe('coldtrace: files.unreadable: 7 in all');
  });

  it('what the user named is always told', () => {
    const lines = problemLines(Array.from({ length: 7 }, (_, index) => problem(`f${index}`, true)));
    expect(lines).toHaveLength(8);
  });

  it('no escape of a file name reaches the terminal', () => {
    expect(problemLines([problem('\u001b[2Jx\u0007', true)])[0]).toContain('coldtrace: x\uFFFD: expected');
  });
});

describe('isLoss', () => {
  it.each([
    ['lines.dropped', true],
    ['files.unreadable', true],
    ['files.not_evidence', false],
    ['lines.read', false],
  ])('%s: %s', (name, loss) => {
    expect(isLoss(name)).toBe(loss);
  });
});
