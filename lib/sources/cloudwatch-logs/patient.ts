// The same questions, asked patiently: within the budget, again when the server is busy, and counted.

import { type Duration, duration, seconds } from '../../base/instant.ts';
import { failed, type Result } from '../../base/result.ts';
import type { LogsApi, Page, Refusal } from './api.ts';
import type { RateBudget, Rated } from './budget.ts';
import type { Meter } from './meter.ts';

export interface Patience {
  readonly sleep: (time: Duration) => Promise<void>;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
  /** Nothing new is asked once it says so. */
  readonly signal: AbortSignal;
}

export interface Asking {
  readonly budget: RateBudget;
  readonly meter: Meter;
  readonly patience: Patience;
}

/** In all, of one question: with these waits a quota may be gone for four minutes. */
const TRIES = 12;
const LONGEST_WAIT = seconds(30);

/** The quota is used up. LimitExceededException: 100 queries are running, those of dashboards among them. */
const BUSY = new Set(['ThrottlingException', 'LimitExceededException', 'TooManyRequestsException']);
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'TimeoutError', 'EAI_AGAIN']);

type Answer<T> = Promise<Result<T, Refusal>>;

export const STOPPED = 'Stopped';

export function patient(api: LogsApi, asking: Asking): LogsApi {
  const { meter } = asking;
  const ask = <T>(name: string, call: Rated, question: () => Answer<T>): Answer<T> =>
    tryFor({ ...asking, call, question: () => counted(name, question) }, 1);
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

interface Trying<T> extends Asking {
  readonly call: Rated;
  readonly question: () => Answer<T>;
}

async function tryFor<T>(trying: Trying<T>, tried: number): Answer<T> {
  const { budget, call, meter, patience, question } = trying;
  await budget.take(call);
  if (patience.signal.aborted) return failed({ code: STOPPED, says: 'it was stopped', status: 0 });
  const answer = await question();
  if (answer.ok) budget.answered(call);
  if (answer.ok || tried === TRIES || !isPassing(answer.error)) return answer;
  if (BUSY.has(answer.error.code)) {
    budget.throttled(call);
    meter.count('cloudwatch_calls.throttled');
  } else meter.count('cloudwatch_calls.repeated');
  await patience.sleep(backOff(tried, patience.random()));
  return tryFor(trying, tried + 1);
}

/** 500 and above: AWS itself asks to try again. */
const isPassing = ({ code, status }: Refusal): boolean =>
  BUSY.has(code) || PASSING.has(code) || status >= 500;

/** Double each time, between half and all of 0.25, 0.5, 1, … 30 s. */
function backOff(tried: number, chance: number): Duration {
  const full = seconds(0.25 * 2 ** (tried - 1));
  const longest = full < LONGEST_WAIT ? full : LONGEST_WAIT;
  const part = BigInt(Math.round((0.5 + chance / 2) * 1000));
  return duration((longest * part) / 1000n);
}
