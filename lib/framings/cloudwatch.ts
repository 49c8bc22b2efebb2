// CloudWatch Logs: events one per line, whole responses, subscription records, Insights rows.
//
//   {"timestamp":1763000000123,"message":"…","logStreamName":"…","ingestionTime":…,"eventId":"…"}
//   {"events":[{"timestamp":…,"message":"…"},…],"nextToken":"…"}
//   {"messageType":"DATA_MESSAGE","logGroup":"…","logStream":"…","logEvents":[{"id":"…","timestamp":…,"message":"…"}]}
//
// Times are milliseconds: the finer time inside the message is preferred by the
// caller. Container Insights names a stream after the pod and the container.

import { isObject, type JsonObject, textAt } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed, objectLine, withoutLineEnd } from './framed-text.ts';
import { clusterOfLogGroup, identityOfLogStream } from './identities.ts';
import { anyStamp, epochStamp } from './stamps.ts';

export const cloudwatch: Framing = {
  name: 'cloudwatch',
  says: 'CloudWatch Logs events, responses of FilterLogEvents and GetLogEvents, subscription records.',
  examples: [
    {
      raw: '{"timestamp":1795311242123,"message":"INFO 11-22 01:34:02 [core.py:61] text","ingestionTime":1795311250000}',
      seen: 'aws logs get-log-events, one event per line by jq -c',
      at: '2026-11-22T01:34:02.123000000Z',
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
    {
      raw: '{"events":[{"logStreamName":"ip-10-0-0-1-application.var.log.containers.llm-0_serving_engine-7ac0fd3569af866e9a6a22eb592744200d2dbe098cf066162453f8d0b06c531f.log","timestamp":1795311242123,"message":"text\\n","ingestionTime":1795311250000,"eventId":"39"}],"searchedLogStreams":[]}',
      seen: 'FilterLogEvents of a Container Insights group',
      at: '2026-11-22T01:34:02.123000000Z',
      text: 'text',
    },
    {
      raw: '{"messageType":"DATA_MESSAGE","owner":"071959437513","logGroup":"/jesse/test","logStream":"test","subscriptionFilters":["Destination"],"logEvents":[{"id":"35683658089614582423604394983260738922885519999578275840","timestamp":1600110569039,"message":"text"}]}',
      seen: 'CloudWatch subscription record, Firehose',
      at: '2020-09-14T19:09:29.039000000Z',
      text: 'text',
    },
  ],
  open,
};

/** Firehose puts subscription records one behind the other; inside a message the quotes would be escaped. */
const SEAM = /(?<=\})(?=\{"messageType":)/;

function open(raw: string): readonly Framed[] | undefined {
  if (!raw.includes('}{"messageType":')) return openRecord(raw);
  const opened = raw.split(SEAM).map(openRecord);
  return opened.includes(undefined) ? undefined : opened.flatMap((framed) => framed ?? []);
}

function openRecord(raw: string): readonly Framed[] | undefined {
  const record = objectLine(raw, 'essage');
  if (record === undefined) return undefined;
  if (Array.isArray(record['events'])) return openAll(record['events'], {});
  if (record['messageType'] === 'CONTROL_MESSAGE') return [];
  if (Array.isArray(record['logEvents'])) return openAll(record['logEvents'], whereOf(record));
  return isEvent(record) ? openEvent(record, {}) : undefined;
}

/** Undefined when there are entries and none of them is a log event: then it is some other list. */
function openAll(entries: readonly unknown[], around: Where): readonly Framed[] | undefined {
  const opened = entries.filter(isObject).flatMap((entry) => openEvent(entry, around) ?? []);
  return opened.length === 0 && entries.length > 0 ? undefined : opened;
}

const MEMBERS: ReadonlySet<string> = new Set([
  'timestamp',
  'message',
  'logStreamName',
  'logStream',
  'logGroupName',
  'logGroup',
  'ingestionTime',
  'eventId',
  'id',
  'owner',
  '@timestamp',
  '@message',
  '@logStream',
  '@log',
  '@ptr',
  '@ingestionTime',
]);

/** Nothing beside the members of an event: another program's JSON may have a message and a timestamp too. */
function isEvent(record: JsonObject): boolean {
  const isInsights = typeof record['@message'] === 'string';
  const isPlain = typeof record['message'] === 'string' && typeof record['timestamp'] === 'number';
  return (isInsights || isPlain) && Object.keys(record).every((key) => MEMBERS.has(key));
}

interface Where {
  readonly stream?: string;
  readonly group?: string;
}

function whereOf(record: JsonObject): Where {
  const stream =
    textAt(record, 'logStreamName') ?? textAt(record, 'logStream') ?? textAt(record, '@logStream');
  const group = textAt(record, 'logGroupName') ?? textAt(record, 'logGroup') ?? textAt(record, '@log');
  return { ...(stream === undefined ? {} : { stream }), ...(group === undefined ? {} : { group }) };
}

function openEvent(event: JsonObject, around: Where): readonly Framed[] | undefined {
  const message = event['message'] ?? event['@message'];
  if (typeof message !== 'string') return undefined;
  const stamp = epochStamp(event['timestamp']) ?? insightsStamp(event['@timestamp']);
  const identity = identityOf({ ...around, ...whereOf(event) });
  return [framed({ text: withoutLineEnd(message), stamp, identity })];
}

/** A group alone tells no pod: such lines stay with the file that they are in. */
function identityOf({ stream, group }: Where): Framed['identity'] {
  const identity = stream === undefined ? undefined : identityOfLogStream(stream);
  const cluster = group === undefined ? undefined : clusterOfLogGroup(group);
  return identity === undefined || cluster === undefined ? identity : { ...identity, cluster };
}

/** Insights prints UTC without saying so: `2026-11-22 01:34:02.123`. */
function insightsStamp(value: unknown): Framed['stamp'] {
  const stamp = anyStamp(value);
  return stamp === undefined ? undefined : { ...stamp, zoned: true };
}
