// The same questions, asked patiently: within the budget, again when the server is busy, and counted.

import type { Result } from '../../base/result.ts';
import type { Refusal } from '../aws/refusal.ts';
import { type Patience, trying } from '../aws/trying.ts';
import type { LogsApi, Page } from './api.ts';
import type { LogsBudget, Rated } from './budget.ts';
import type { Meter } from './meter.ts';

export interface Asking {
  readonly budget: LogsBudget;
  readonly meter: Meter;
  readonly patience: Patience;
}

/** The quota is used up. LimitExceededException: 100 queries are running, those of dashboards among them. */
const BUSY = new Set(['ThrottlingException', 'LimitExceededException', 'TooManyRequestsException']);

type Answer<T> = Promise<Result<T, Refusal>>;

export function patient(api: LogsApi, asking: Asking): LogsApi {
  const { meter } = asking;
  const ask = <T>(name: string, call: Rated, question: () => Answer<T>): Answer<T> =>
    trying({ ...asking, count: meter.count, busy: BUSY, name: 'cloudwatch_calls', call }, () =>
      counted(name, question),
    );
  const counted = <T>(name: string, question: () => Answer<T>): Answer<T> => {
    meter.count(`cloudwatch_calls.${name}`);
    return question();
  };
  return {
    region: api.region,
    filterLogEvents: (question) =>
      weighed(
        meter,
        ask('filter_log_events', 'filterLogEvents', () => api.filterLogEvents(question)),
      ),
    getLogEvents: (question) =>
      weighed(
        meter,
        ask('get_log_events', 'getLogEvents', () => api.getLogEvents(question)),
      ),
    startQuery: (question) => ask('start_query', 'others', () => api.startQuery(question)),
    queryResults: (id, token) => ask('get_query_results', 'others', () => api.queryResults(id, token)),
    // Asked when everything else has been stopped.
    stopQuery: (id) => counted('stop_query', () => api.stopQuery(id)),
    logGroups: (prefix, token) => ask('describe_log_groups', 'others', () => api.logGroups(prefix, token)),
    logStreams: (question) => ask('describe_log_streams', 'logStreams', () => api.logStreams(question)),
  };
}

async function weighed(meter: Meter, asked: Answer<Page>): Answer<Page> {
  const page = await asked;
  if (!page.ok) return page;
  const { events } = page.value;
  if (events.length === 0) meter.count('cloudwatch_pages.empty');
  meter.count('cloudwatch.events', events.length);
  meter.count('cloudwatch.bytes', weight(events));
  return page;
}

export const weight = (events: Page['events']): number =>
  events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
