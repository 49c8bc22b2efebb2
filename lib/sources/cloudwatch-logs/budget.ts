// How often the account may be asked: one budget for all readers, since the quota is one.
//
// FilterLogEvents has 5 calls a second per account and region, GetLogEvents 10, and neither can be
// raised (CloudWatch Logs user guide of 2022, AWS knowledge centre of 2023; no newer table was found).
// People look into their logs too: so a fifth is left to them.

import { after, type Duration, duration, type Instant, latest, seconds } from '../../base/instant.ts';

/** The calls that have a quota of their own. */
export type Rated = 'filterLogEvents' | 'getLogEvents' | 'logStreams' | 'others';

/** Calls a second. */
export type Rates = Readonly<Record<Rated, number>>;

export const RATES: Rates = { filterLogEvents: 4, getLogEvents: 8, logStreams: 8, others: 4 };

/** One that several processes share would have the same face. */
export interface RateBudget {
  /** Resolves when the call may be made. */
  readonly take: (call: Rated) => Promise<void>;
  /** The server said no: somebody else uses the quota, so we ask half as often. */
  readonly throttled: (call: Rated) => void;
  /** It answered: a little more often again, up to the rate. */
  readonly answered: (call: Rated) => void;
}

export interface Clock {
  readonly now: () => Instant;
  readonly sleep: (time: Duration) => Promise<void>;
}

const SLOWEST = seconds(10);

interface Pace {
  readonly least: Duration;
  /** Between two calls. */
  every: Duration;
  next: Instant;
}

/** Evenly spaced, without bursts: in no second more calls than the rate. */
export function rateBudget({ now, sleep }: Clock, rates: Rates = RATES): RateBudget {
  const paces = new Map<Rated, Pace>();
  const paceOf = (call: Rated): Pace => {
    const known = paces.get(call) ?? newPace(rates[call], now());
    paces.set(call, known);
    return known;
  };
  return {
    take: async (call) => {
      const pace = paceOf(call);
      const moment = now();
      const turn = latest(moment, pace.next);
      pace.next = after(turn, pace.every);
      if (turn > moment) await sleep(duration(turn - moment));
    },
    throttled: (call) => slower(paceOf(call), now()),
    answered: (call) => faster(paceOf(call)),
  };
}

function newPace(rate: number, now: Instant): Pace {
  const every = seconds(1 / rate);
  return { least: every, every, next: now };
}

function slower(pace: Pace, now: Instant): void {
  pace.every = duration(pace.every * 2n > SLOWEST ? SLOWEST : pace.every * 2n);
  pace.next = latest(pace.next, after(now, pace.every));
}

function faster(pace: Pace): void {
  const shorter = duration((pace.every * 9n) / 10n);
  pace.every = shorter > pace.least ? shorter : pace.least;
}
