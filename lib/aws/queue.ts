// Messages into an SQS queue: the one file that loads its client.

import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { failed, ok, type Result } from '../base/result.ts';

export interface QueuePlace {
  readonly url: string;
  readonly region: string;
  /** Another server than AWS'. */
  readonly endpoint: string | undefined;
}

/** The API's own limit. */
const BATCH = 10;

const TRIES = 3;

/** How many were taken: all, or the error says how many were not. SQS refuses single messages under HTTP 200. */
export async function sendAll(place: QueuePlace, bodies: readonly string[]): Promise<Result<number, string>> {
  const { url, region, endpoint } = place;
  const client = new SQSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  try {
    for (let at = 0; at < bodies.length; at += BATCH) {
      const why = await sendBatch(client, url, bodies.slice(at, at + BATCH));
      if (why !== undefined) return failed(`expected the queue to take ${bodies.length} slices, got ${why}`);
    }
    return ok(bodies.length);
  } catch (error) {
    const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return failed(`expected the queue ${url} to take messages, got ${came}`);
  } finally {
    client.destroy();
  }
}

/** Undefined when all were taken. */
async function sendBatch(
  client: SQSClient,
  url: string,
  bodies: readonly string[],
): Promise<string | undefined> {
  let left = bodies;
  let why = '';
  for (let tried = 0; tried < TRIES && left.length > 0; tried += 1) {
    const Entries = left.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    why = Failed.map(({ Code, Message }) => `${Code ?? '?'} ${Message ?? ''}`.trim())[0] ?? '';
    const refused = new Set(Failed.map(({ Id }) => Id));
    left = left.filter((_, index) => refused.has(String(index)));
  }
  return left.length === 0 ? undefined : `${left.length} refused: ${why}`;
}
