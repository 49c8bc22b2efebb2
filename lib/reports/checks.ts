// What a look at the surroundings found, as lines for people: what was looked at, how it stands, what to do.

import { cell, padEnd, wrap } from './columns.ts';
import type { Telling } from './contract.ts';
import { painter, type Style } from './look.ts';

export interface Check {
  readonly what: string;
  readonly status: 'good' | 'wrong' | 'unsure';
  readonly says: string;
  /** What to do about it; commands stand on lines of their own. */
  readonly remedy?: string;
}

const WORDS: Readonly<Record<Check['status'], string>> = { good: 'ok', wrong: 'wrong', unsure: 'unsure' };

const STYLES: Readonly<Record<Check['status'], Style>> = { good: 'green', wrong: 'red', unsure: 'yellow' };

const COLUMN = 8;

export const checksReport = (checks: readonly Check[], { width, color }: Telling): string =>
  checks.map((check) => `${linesOf(check, width, color).join('\n')}\n`).join('');

function linesOf({ what, status, says, remedy }: Check, width: number, color: boolean): readonly string[] {
  const rest = ' '.repeat(COLUMN);
  const [head = '', ...tail] = wrap(cell(`${what}: ${says}`), { width, first: rest, rest });
  const word = painter(color)(STYLES[status], padEnd(WORDS[status], COLUMN));
  const advice = remedy
    ?.split('\n')
    .flatMap((line) => wrap(cell(line), { width, first: `${rest}  `, rest: `${rest}  ` }));
  return [`${word}${head.slice(COLUMN)}`, ...tail, ...(advice ?? [])];
}
