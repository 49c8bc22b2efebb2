// Stops knocking: once a destination is down or shut, the other batches are not tried.

import type { Answer, Send } from './sender.ts';

/**
 * After an answer that every other batch would get, too (`later` once retries are used up,
 * `unclear`, `denied`), the rest gets that answer without being sent. What was not sent is never
 * unclear: it may go out later. Lives for one delivery.
 */
export function failingFast<Item>(send: Send<Item>): Send<Item> {
  let shut: Answer | undefined;
  return async (batch) => {
    if (shut !== undefined) return shut;
    const answer = await send(batch);
    if (answer.kind === 'later' || answer.kind === 'unclear' || answer.kind === 'denied') {
      const kind = answer.kind === 'unclear' ? 'later' : answer.kind;
      shut = { ...answer, kind, reason: `not sent, as the destination had failed before: ${answer.reason}` };
    }
    return answer;
  };
}
