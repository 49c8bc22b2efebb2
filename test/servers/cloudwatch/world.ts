// All that the stand-in knows, and what a test may change while it runs.

import type { Query } from './query.ts';
import type { Store } from './store.ts';
import type { Tokens } from './tokens.ts';

export interface World {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly queries: Map<string, Query>;
  /** How many events the next page may have, at most; 0 makes an empty page with a token. */
  pageLimit: () => number;
  /** How a query ends. */
  queryEnd: () => string;
}
