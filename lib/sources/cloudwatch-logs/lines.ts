// Events as lines of JSON, one each: what the framing of CloudWatch Logs opens, as it does in files.

import type { LogEvent } from './api.ts';

/** The group tells the cluster, the stream the pod. */
export const linesOf = (group: string, events: readonly LogEvent[]): Buffer =>
  Buffer.from(events.map((event) => `${lineOf(group, event)}\n`).join(''));

const lineOf = (group: string, { timestamp, message, stream, ingested, id }: LogEvent): string =>
  JSON.stringify({
    timestamp,
    message,
    logStreamName: stream,
    logGroupName: group,
    ingestionTime: ingested,
    eventId: id,
  });
