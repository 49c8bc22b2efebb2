// What asking an API server takes: who and where, the request, the answer, patience.

import type { IncomingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Duration } from '../../base/instant.ts';
import type { Result } from '../../base/result.ts';

export interface KubeAccess {
  /** `https://host:port[/path]`, without a slash at its end. */
  readonly server: string;
  readonly context: string;
  /** The context's own; `default` when it names none. */
  readonly namespace: string;
  /** TLS and credentials, for each request anew. Rejects when a credential plugin fails. */
  readonly options: () => Promise<RequestOptions>;
}

export interface KubeRequest {
  /** `/api/v1/pods`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end or closed: until then it is in flight. Throws when the bytes end early. */
  readonly body: AsyncIterable<Buffer>;
  readonly close: () => void;
  /** Calls back once, when it has been read, closed or broken off. */
  readonly onClosed: (then: () => void) => void;
}

/** Nothing came back: the system's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), and what it says. */
export interface Unreached {
  readonly code: string;
  readonly says: string;
}

export type Ask = (request: KubeRequest) => Promise<Result<Reply, Unreached>>;

/** What the world has to lend: nobody below the doors waits or throws dice by himself. */
export interface Patience {
  readonly sleep: (time: Duration) => Promise<void>;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
}

export interface Cluster {
  readonly access: KubeAccess;
  /** For lists: patient with a busy server. */
  readonly ask: Ask;
  /** For logs: patient only when told to be. */
  readonly askLog: Ask;
  /** For watches: always open, so not counted among the requests in flight. */
  readonly askWatch: Ask;
}
