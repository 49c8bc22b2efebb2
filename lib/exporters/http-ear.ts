// Listens to the HTTP conversations of one agent.
//
// The SDK's delegate says of a 429 or 503 only "retryable", and calls a 200
// whose body broke off a success. Node publishes every request and response on
// its diagnostics channels; there the status and the headers can be seen
// without touching what the SDK does.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Agent, IncomingMessage } from 'node:http';
import { isObject } from '../base/json.ts';

/** The last conversation: how many requests there were (the SDK retries), and the answer to the last, if one came. */
export interface Heard {
  readonly requests: number;
  readonly response: IncomingMessage | undefined;
}

export interface Ear {
  readonly heard: () => Heard;
  /** Before the next batch. */
  readonly forget: () => void;
  readonly close: () => void;
}

const NOTHING: Heard = { requests: 0, response: undefined };

const STARTED = 'http.client.request.start';
const ANSWERED = 'http.client.response.finish';

export function listenTo(isOurs: (agent: Agent) => boolean): Ear {
  let heard = NOTHING;
  const ours = (message: unknown) => isObject(message) && isOurRequest(message['request'], isOurs);
  const started = (message: unknown) => {
    if (ours(message)) heard = { requests: heard.requests + 1, response: undefined };
  };
  const answered = (message: unknown) => {
    if (ours(message)) heard = { ...heard, response: responseOf(message) };
  };
  subscribe(STARTED, started);
  subscribe(ANSWERED, answered);
  return {
    heard: () => heard,
    forget: () => {
      heard = NOTHING;
    },
    close: () => {
      unsubscribe(STARTED, started);
      unsubscribe(ANSWERED, answered);
    },
  };
}

/** Other parts of the process talk HTTP as well. */
function isOurRequest(request: unknown, isOurs: (agent: Agent) => boolean): boolean {
  return isObject(request) && isObject(request['agent']) && isOurs(request['agent'] as unknown as Agent);
}

function responseOf(message: unknown): IncomingMessage | undefined {
  const response = isObject(message) ? message['response'] : undefined;
  return response instanceof IncomingMessage ? response : undefined;
}
