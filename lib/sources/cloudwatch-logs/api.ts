// What is asked of CloudWatch Logs, in our words: client.ts says it in those of the AWS SDK.

import type { Result } from '../../base/result.ts';
import type { Refusal } from '../aws/refusal.ts';

export interface LogEvent {
  /** Milliseconds since the epoch, as CloudWatch keeps them. */
  readonly timestamp: number;
  readonly message: string;
  readonly stream: string;
  readonly ingested: number | undefined;
  /** FilterLogEvents' eventId, Insights' @ptr; GetLogEvents has none. */
  readonly id: string | undefined;
}

export interface Page {
  readonly events: readonly LogEvent[];
  readonly next: string | undefined;
}

/** Which streams of a group. Names: at most 100, as the API allows. */
export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'names'; readonly names: readonly string[] };

/** Bounds as the API means them, which is not the same for any two calls: window.ts makes them. */
export interface FilterQuestion {
  readonly group: string;
  readonly selection: Selection;
  readonly pattern: string | undefined;
  readonly bounds: { readonly startTime: number; readonly endTime: number };
  readonly token: string | undefined;
}

export interface GetQuestion {
  readonly group: string;
  readonly stream: string;
  readonly bounds: { readonly startTime: number; readonly endTime: number };
  readonly token: string | undefined;
}

export interface QueryQuestion {
  readonly group: string;
  readonly text: string;
  readonly bounds: { readonly startTime: number; readonly endTime: number };
  readonly limit: number;
}

export interface QueryAnswer {
  /** Scheduled, Running, Complete, Failed, Cancelled, Timeout, Unknown. */
  readonly status: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly next: string | undefined;
  /** Undefined where the server does not tell. */
  readonly matched: number | undefined;
  readonly scanned: number | undefined;
}

export interface LogGroup {
  readonly name: string;
  readonly class: string | undefined;
  readonly retentionDays: number | undefined;
  readonly kmsKey: string | undefined;
  /** Of all that it keeps; grows by the hour. Undefined where the server does not tell. */
  readonly storedBytes: number | undefined;
  /** Milliseconds since the epoch. */
  readonly created: number | undefined;
}

export interface LogStream {
  readonly name: string;
  /** Undefined when CloudWatch has not told yet: it lags by an hour and more. */
  readonly lastEvent: number | undefined;
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

export interface StreamsQuestion {
  readonly group: string;
  readonly prefix: string | undefined;
  readonly token: string | undefined;
}

type Answer<T> = Promise<Result<T, Refusal>>;

/** Nothing of it rejects. A group is a name, or the ARN of one in another account. */
export interface LogsApi {
  readonly region: () => Promise<string>;
  readonly filterLogEvents: (question: FilterQuestion) => Answer<Page>;
  readonly getLogEvents: (question: GetQuestion) => Answer<Page>;
  readonly startQuery: (question: QueryQuestion) => Answer<string>;
  readonly queryResults: (id: string, token: string | undefined) => Answer<QueryAnswer>;
  readonly stopQuery: (id: string) => Answer<undefined>;
  readonly logGroups: (prefix: string, token: string | undefined) => Answer<Listed<LogGroup>>;
  /** Newest first where there is no prefix: the API cannot do both. */
  readonly logStreams: (question: StreamsQuestion) => Answer<Listed<LogStream>>;
}
