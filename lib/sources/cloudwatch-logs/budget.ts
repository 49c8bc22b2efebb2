// How often CloudWatch Logs may be asked.
//
// FilterLogEvents has 5 calls a second per account and region, GetLogEvents 10, and neither can be
// raised (CloudWatch Logs user guide of 2022, AWS knowledge centre of 2023; no newer table was found).
// People look into their logs too: so a fifth is left to them.

import { type Clock, type RateBudget, type Rates, rateBudget } from '../aws/budget.ts';

/** The calls that have a quota of their own. */
export type Rated = 'filterLogEvents' | 'getLogEvents' | 'logStreams' | 'others';

export type LogsRates = Rates<Rated>;

export const RATES: LogsRates = { filterLogEvents: 4, getLogEvents: 8, logStreams: 8, others: 4 };

export type LogsBudget = RateBudget<Rated>;

export const logsBudget = (clock: Clock, rates: LogsRates = RATES): LogsBudget => rateBudget(clock, rates);
