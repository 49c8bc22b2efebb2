// All that the hall may touch inside of a Lambda function: clock, environment, chance, the time that is left.

import { setTimeout } from 'node:timers/promises';
import { duration, type Instant, instant, toSeconds } from '../lib/base/instant.ts';
import type { FunctionWorld } from '../lib/function-types.ts';

export interface TimeLeft {
  readonly getRemainingTimeInMillis: () => number;
}

/** Of this process: a warm start has them already. */
const secrets = new Map<string, string>();

/** What is being read by then is given up, so that the run can still say so. */
const RESERVE_MS = 10_000;

export const now = (): Instant => instant(BigInt(Date.now()) * 1_000_000n);

export const worldOf = (context: TimeLeft): FunctionWorld => ({
  env: process.env,
  now,
  patience: {
    sleep: (time) => setTimeout(toSeconds(time) * 1000),
    random: Math.random,
  },
  pause: (time, signal) => setTimeout(toSeconds(time) * 1000, undefined, { signal }).catch(() => {}),
  interrupted: () => AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS)),
  remaining: () => duration(BigInt(Math.trunc(context.getRemainingTimeInMillis())) * 1_000_000n),
  secrets,
});
