// Tries again what may pass: throttling, a concurrent write (S3's 409), a lost answer.
//
// A conditional write may be repeated whatever became of the first: if that one arrived, the second is
// refused, and the store recognises its own bytes.

import { type Duration, duration, MILLISECOND } from '../base/instant.ts';
import type { ObjectStore } from './contract.ts';

/** What the world has to lend: nobody below the doors waits or throws dice by himself. */
export interface Patience {
  readonly sleep: (time: Duration) => Promise<void>;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
}

const TRIES = 6;

const FIRST_WAIT = duration(100n * MILLISECOND);

/** The same store; waits double between tries (100 ms to 1.6 s), each between half and all of it. */
export function retryingStore(store: ObjectStore, patience: Patience): ObjectStore {
  const again = <T extends Answer>(act: () => Promise<T>) => untilSettled(act, patience);
  return {
    name: store.name,
    get: (key) => again(() => store.get(key)),
    create: (key, body) => again(() => store.create(key, body)),
    replace: (key, body, tag) => again(() => store.replace(key, body, tag)),
    remove: (key, tag) => again(() => store.remove(key, tag)),
    list: (prefix, page) => again(() => store.list(prefix, page)),
  };
}

interface Answer {
  readonly status: string;
  readonly passing?: boolean;
}

async function untilSettled<T extends Answer>(
  act: () => Promise<T>,
  { sleep, random }: Patience,
): Promise<T> {
  const earlier: T[] = [];
  for (;;) {
    const answer = await act();
    if (!mayPass(answer) || earlier.length === TRIES - 1) return verdict(answer, earlier);
    earlier.push(answer);
    await sleep(backOff(earlier.length, random()));
  }
}

/** Refused for good now, but an earlier try may have arrived: that remains unknown. */
const verdict = <T extends Answer>(last: T, earlier: readonly T[]): T =>
  last.status === 'failed' ? (earlier.findLast(({ status }) => status === 'unknown') ?? last) : last;

const mayPass = (answer: Answer): boolean =>
  answer.status === 'unknown' || (answer.status === 'failed' && answer.passing === true);

function backOff(tried: number, chance: number): Duration {
  const full = FIRST_WAIT << BigInt(tried - 1);
  return duration((full * BigInt(Math.round((0.5 + chance / 2) * 1000))) / 1000n);
}
