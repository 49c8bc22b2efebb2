// Stops knocking: once a destination is down or shut, the other batches are not tried.

import type { Answer, Send } from './sender.ts';

/**
 * After an answer that every other batch would get, too (`later` once retries are used up,
 * `unclear`, `denied`), the rest gets that answer without being sent. Lives for one delivery.
 */
export function failingFast(send: Send): Send {
  let shut: Answer | undefined;
  return async (batch) => {
    if (shut !== undefined) return shut;
    const answer = await send(batch);
    if (answer.kind === 'later' || answer.kind === 'unclear' || answer.kind === 'denied') {
      shut = { ...answer, reason: `not sent, as the destination had failed before: ${answer.reason}` };
    }
    return answer;
  };
}
