// Asks again what may get through later: 429 as the server tells, and servers that are busy or restarting.

import { type Duration, duration, SECOND, seconds, toSeconds } from '../../base/instant.ts';
import { failed, type Result } from '../../base/result.ts';
import type { Ask, KubeRequest, Patience, Reply, Unreached } from './access.ts';

/** In all, of one request. */
const TRIES = 5;

/** API servers say 1 to a few seconds; what takes longer than this is for another day. */
const LONGEST_WAIT = duration(60n * SECOND);

/** A connection that ended before the answer: a server that restarts, a load balancer that has moved on. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** For lists. 500 is told at once: a request that the server cannot handle stays one. */
export const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** For logs: 502 and 503 there tell of a node that cannot be reached, and a thousand pods may be on it. */
export const THROTTLED: ReadonlySet<number> = new Set([429]);

/** A Retry-After is obeyed to the second; otherwise waits double, between half and all of 0.5, 1, 2, 4 s. */
export function retrying(ask: Ask, { sleep, random }: Patience, passing: ReadonlySet<number> = BUSY): Ask {
  const tryFor = async (request: KubeRequest, tried: number): ReturnType<Ask> => {
    const reply = await ask(request);
    const wait = waitOf(reply, { passing, otherwise: backOff(tried, random()) });
    if (wait === undefined || tried === TRIES || request.signal?.aborted === true) return reply;
    close(reply);
    if (wait > LONGEST_WAIT) return tooLong(reply, wait);
    await sleep(wait);
    return tryFor(request, tried + 1);
  };
  return (request) => tryFor(request, 1);
}

interface Waiting {
  readonly passing: ReadonlySet<number>;
  readonly otherwise: Duration;
}

/** Undefined: it is an answer, be it good or bad. */
function waitOf(reply: Result<Reply, Unreached>, { passing, otherwise }: Waiting): Duration | undefined {
  if (!reply.ok) return PASSING.has(reply.error.code) ? otherwise : undefined;
  const { status, headers } = reply.value;
  return passing.has(status) ? (retryAfter(headers['retry-after']) ?? otherwise) : undefined;
}

function close(reply: Result<Reply, Unreached>): void {
  if (reply.ok) reply.value.close();
}

/** API servers write whole seconds; a date needs a clock, and is taken for no hint. */
const retryAfter = (text: string | undefined): Duration | undefined =>
  text !== undefined && /^\d{1,6}$/.test(text) ? seconds(Number(text)) : undefined;

function backOff(tried: number, chance: number): Duration {
  const full = (SECOND / 2n) << BigInt(tried - 1);
  const part = BigInt(Math.round((0.5 + chance / 2) * 1000));
  return duration((full * part) / 1000n);
}

function tooLong(reply: Result<Reply, Unreached>, wait: Duration): Result<Reply, Unreached> {
  const status = reply.ok ? reply.value.status : 0;
  return failed({ code: 'WAIT', says: `${status}, and to come back only after ${toSeconds(wait)} s` });
}
