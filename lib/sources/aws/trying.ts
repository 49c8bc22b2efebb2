// Asks AWS patiently: within the budget, again when the server is busy or the connection broke, and counted.

import { type Duration, duration, seconds } from '../../base/instant.ts';
import { failed, type Result } from '../../base/result.ts';
import type { RateBudget } from './budget.ts';
import type { Refusal } from './refusal.ts';

export interface Patience {
  readonly sleep: (time: Duration) => Promise<void>;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
  /** Nothing new is asked once it says so. */
  readonly signal: AbortSignal;
}

export interface Trying<Call extends string> {
  readonly budget: RateBudget<Call>;
  readonly call: Call;
  readonly patience: Patience;
  /** Codes of a quota that is used up. */
  readonly busy: ReadonlySet<string>;
  readonly count: (name: string) => void;
  /** Of the counters: `cloudwatch_calls` makes `cloudwatch_calls.throttled`. */
  readonly name: string;
}

/** In all, of one question: with these waits a quota may be gone for four minutes. */
const TRIES = 12;
const LONGEST_WAIT = seconds(30);

const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'TimeoutError', 'EAI_AGAIN']);

export const STOPPED = 'Stopped';

export async function trying<Call extends string, T>(
  given: Trying<Call>,
  question: () => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const { budget, call, patience } = given;
  for (let tried = 1; ; tried += 1) {
    await budget.take(call);
    if (patience.signal.aborted) return failed({ code: STOPPED, says: 'it was stopped', status: 0 });
    const answer = await question();
    if (answer.ok) budget.answered(call);
    if (answer.ok || tried === TRIES || !isPassing(answer.error, given)) return answer;
    note(answer.error, given);
    await patience.sleep(backOff(tried, patience.random()));
  }
}

function note<Call extends string>({ code }: Refusal, given: Trying<Call>): void {
  const isBusy = given.busy.has(code);
  if (isBusy) given.budget.throttled(given.call);
  given.count(`${given.name}.${isBusy ? 'throttled' : 'repeated'}`);
}

/** 500 and above: AWS itself asks to try again. */
const isPassing = ({ code, status }: Refusal, { busy }: Pick<Trying<string>, 'busy'>): boolean =>
  busy.has(code) || PASSING.has(code) || status >= 500;

/** Double each time, between half and all of 0.25, 0.5, 1, … 30 s. */
export function backOff(tried: number, chance: number): Duration {
  const full = seconds(0.25 * 2 ** (tried - 1));
  const longest = full < LONGEST_WAIT ? full : LONGEST_WAIT;
  const part = BigInt(Math.round((0.5 + chance / 2) * 1000));
  return duration((longest * part) / 1000n);
}
