// What could not be read or will never be taken: where it lies and why, so that a person can look.
//
// Named by locator and reason: the same poison found by every run is one letter. The evidence itself
// stays where it is; only its beginning is kept, redacted and cut.

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { redact } from '../base/redact.ts';
import { byText, cut } from '../base/text.ts';
import type { Trouble, Unknown } from './contract.ts';
import { nameField, reasonField } from './fields.ts';
import { keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import { createState, type StateFile } from './state-file.ts';

const schema = z.strictObject({
  source: nameField,
  /** Group, stream and event id; bucket, key and byte range; file and line; trace and span. */
  locator: z.record(z.string().max(100), z.string().max(1100)),
  reason: reasonField,
  excerpt: z.string().max(2000),
});

export type DeadLetter = z.output<typeof schema>;

export type Laid =
  | { readonly status: 'laid' }
  | { readonly status: 'known' }
  /** This run has laid its share; it is only counted. */
  | { readonly status: 'over_limit' }
  | Unknown
  | Trouble;

/** So many per run at most: a source that is poison throughout must not fill the bucket. */
export const MOST_LETTERS = 1000;

export interface DeadLetters {
  readonly lay: (letter: DeadLetter) => Promise<Laid>;
}

/** One per run: it counts. */
export function deadLetters(ledger: Ledger, most = MOST_LETTERS): DeadLetters {
  let laid = 0;
  return {
    lay: async (letter) => {
      if (laid >= most) return { status: 'over_limit' };
      laid += 1;
      const safe = harmless(letter);
      const written = await createState(ledger, letterFile(safe), safe);
      if (written.status === 'written') return { status: 'laid' };
      return written.status === 'conflict' ? { status: 'known' } : written;
    },
  };
}

function harmless({ source, locator, reason, excerpt }: DeadLetter): DeadLetter {
  const parts = Object.entries(locator).map(([name, value]) => [cut(name, 100), cut(redact(value), 1100)]);
  return {
    source: cut(source, 500),
    locator: Object.fromEntries(parts),
    reason: cut(redact(reason), 2000),
    excerpt: cut(redact(excerpt), 2000),
  };
}

function letterFile(letter: DeadLetter): StateFile<DeadLetter> {
  const { source, locator, reason } = letter;
  const parts = Object.entries(locator)
    .toSorted(([a], [b]) => byText(a, b))
    .flat();
  const name = createHash('sha256')
    .update([...parts, reason].join('\0'))
    .digest('hex')
    .slice(0, 32);
  return { kind: { name: 'dead-letter', version: 1, schema }, key: keyOf('v1/dlq', [source, name], '.json') };
}
