// Tries again what may get through later: a wrapper with the interface of what it wraps.

import { type Duration, duration, SECOND, toSeconds } from '../base/instant.ts';
import type { Answer, Send } from './sender.ts';

/** What the world has to lend: nobody below the doors waits or throws dice by himself. */
export interface Patience {
  readonly sleep: (time: Duration) => Promise<void>;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
}

/** Tries of one batch in all; the SDK's own retries within a try are not counted. */
const TRIES = 4;

const FIRST_WAIT = SECOND;

/** Also the longest Retry-After that is waited for: what takes longer is for the next run. */
const LONGEST_WAIT = duration(30n * SECOND);

/** A Retry-After is obeyed to the second; otherwise waits double, between half and all of 1, 2, 4 s. */
export function retrying<Item>(send: Send<Item>, { sleep, random }: Patience): Send<Item> {
  return async (batch) => {
    for (let tried = 1; ; tried += 1) {
      const answer = await send(batch);
      if (answer.kind !== 'later') return answer;
      const wait = answer.after ?? backOff(tried, random());
      if (tried === TRIES || wait > LONGEST_WAIT || answer.isDown === true) return givenUp(answer, tried);
      await sleep(wait);
    }
  };
}

function backOff(tried: number, chance: number): Duration {
  const full = FIRST_WAIT << BigInt(tried - 1);
  const part = BigInt(Math.round((0.5 + chance / 2) * 1000));
  return duration((full * part) / 1000n);
}

function givenUp(answer: Extract<Answer, { kind: 'later' }>, tried: number): Answer {
  const tries = tried === 1 ? '1 try' : `${tried} tries`;
  const asked = answer.after === undefined ? '' : `, asked to wait ${toSeconds(answer.after)} s`;
  return { ...answer, reason: `${answer.reason} (given up after ${tries}${asked})` };
}
