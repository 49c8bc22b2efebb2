// Tokens of the stand-in: opaque, of one question, mortal.

import { createHash } from 'node:crypto';
import { invalid } from './refusal.ts';
import type { StoredEvent } from './store.ts';

interface Token {
  /** Of the question without its token: another question may not use it. */
  readonly question: string;
  readonly after: StoredEvent | undefined;
  readonly bornAt: number;
}

export interface Tokens {
  readonly make: (question: string, after: StoredEvent | undefined) => string;
  /** The event that the page begins behind. Throws as the API refuses. */
  readonly read: (token: string, question: string) => StoredEvent | undefined;
  /** All that were given are worth nothing any more, as after 24 hours. */
  readonly expireAll: () => void;
}

export function newTokens(now: () => number): Tokens {
  const known = new Map<string, Token>();
  let count = 0;
  return {
    make: (question, after) => {
      count += 1;
      const token = createHash('sha256').update(`${question} ${count}`).digest('base64url');
      known.set(token, { question, after, bornAt: now() });
      return token;
    },
    read: (token, question) => {
      const found = known.get(token);
      if (found === undefined || now() - found.bornAt > 86_400_000)
        throw invalid('The specified nextToken is invalid.');
      if (found.question !== question)
        throw invalid('The specified nextToken does not belong to these parameters.');
      return found.after;
    },
    expireAll: () => known.clear(),
  };
}
