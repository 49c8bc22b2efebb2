// How often AWS may be asked: one budget for all readers of a kind, since quotas are the account's.

import { after, type Duration, duration, type Instant, latest, seconds } from '../../base/instant.ts';

/** Calls a second, by the name of what has a quota of its own. */
export type Rates<Call extends string> = Readonly<Record<Call, number>>;

/** One that several processes share would have the same face. */
export interface RateBudget<Call extends string> {
  /** Resolves when the call may be made. */
  readonly take: (call: Call) => Promise<void>;
  /** The server said no: somebody else uses the quota, so we ask half as often. */
  readonly throttled: (call: Call) => void;
  /** It answered: a little more often again, up to the rate. */
  readonly answered: (call: Call) => void;
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
export function rateBudget<Call extends string>({ now, sleep }: Clock, rates: Rates<Call>): RateBudget<Call> {
  const paces = new Map<Call, Pace>();
  const paceOf = (call: Call): Pace => {
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
