// What asking a live cluster takes from the command line.

import type { Duration } from './base/instant.ts';

export interface LiveConfig {
  /** One pod; undefined: all that the rest chooses. */
  readonly name?: string;
  /** Undefined: the context's own. */
  readonly namespace?: string;
  readonly allNamespaces: boolean;
  readonly selector?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** A folder for the evidence. */
  readonly save?: string;
  readonly watch: boolean;
  /** Of a watch. */
  readonly timeout: Duration;
}
