// At most so many requests are in flight: a wrapper with the interface of what it wraps.

import type { Ask } from './access.ts';

/** A request is in flight until its body has been read or closed. */
export function fewAtOnce(ask: Ask, most: number): Ask {
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  const enter = async (): Promise<void> => {
    if (inFlight >= most) await new Promise<void>((go) => waiting.push(go));
    else inFlight += 1;
  };
  /** The place goes to the next that waits, so that nobody overtakes it. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) inFlight -= 1;
    else next();
  };
  return async (request) => {
    await enter();
    const reply = await ask(request);
    if (reply.ok) reply.value.onClosed(leave);
    else leave();
    return reply;
  };
}
