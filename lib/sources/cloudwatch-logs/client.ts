// CloudWatch Logs through the AWS SDK: the one file that loads it, and the only one that knows its names.

import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type LogGroup as SdkLogGroup,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { answered } from '../aws/refusal.ts';
import type { LogEvent, LogGroup, LogsApi, Page, QueryAnswer, Selection } from './api.ts';

export interface ClientConfig {
  /** Undefined: the profile's. */
  readonly region: string | undefined;
  /** Another server than AWS'. */
  readonly endpoint: string | undefined;
  /** Ends requests that are in flight. */
  readonly signal: AbortSignal;
  /** Undefined: the SDK's own chain, as the aws command has it. */
  readonly credentials?: CloudWatchLogsClientConfig['credentials'];
}

export function logsApi({ region, endpoint, signal, credentials }: ClientConfig): LogsApi {
  const client = new CloudWatchLogsClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    // patient.ts tries again: it knows the budget that all share.
    maxAttempts: 1,
  });
  const abort = { abortSignal: signal };
  return {
    region: async () => region ?? (await client.config.region().catch(() => '')),
    filterLogEvents: ({ group, selection, pattern, bounds, token }) =>
      answered(
        () =>
          client.send(
            new FilterLogEventsCommand({
              ...groupOf(group),
              ...selectionOf(selection),
              ...(pattern === undefined ? {} : { filterPattern: pattern }),
              ...bounds,
              ...tokenOf(token),
            }),
            abort,
          ),
        filteredPage,
      ),
    getLogEvents: ({ group, stream, bounds, token }) =>
      answered(
        () =>
          client.send(
            new GetLogEventsCommand({
              ...groupOf(group),
              logStreamName: stream,
              ...bounds,
              ...tokenOf(token),
              // Without it the first page is the last one.
              startFromHead: true,
            }),
            abort,
          ),
        ({ events = [], nextForwardToken }): Page => ({
          events: events.flatMap((event) => eventOf({ ...event, logStreamName: stream })),
          next: nextForwardToken,
        }),
      ),
    startQuery: ({ group, text, bounds, limit }) =>
      answered(
        () =>
          client.send(
            new StartQueryCommand({ ...queriedGroup(group), queryString: text, ...bounds, limit }),
            abort,
          ),
        ({ queryId = '' }) => queryId,
      ),
    queryResults: (queryId, token) =>
      answered(
        () => client.send(new GetQueryResultsCommand({ queryId, ...tokenOf(token) }), abort),
        queryAnswer,
      ),
    stopQuery: (queryId) =>
      answered(
        () => client.send(new StopQueryCommand({ queryId })),
        () => undefined,
      ),
    logGroups: (logGroupNamePrefix, token) =>
      answered(
        () => client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, ...tokenOf(token) }), abort),
        ({ logGroups = [], nextToken }) => ({
          items: logGroups.map(groupFrom),
          next: nextToken,
        }),
      ),
    logStreams: ({ group, prefix, token }) =>
      answered(
        () =>
          client.send(
            new DescribeLogStreamsCommand({ ...groupOf(group), ...streamOrder(prefix), ...tokenOf(token) }),
            abort,
          ),
        ({ logStreams = [], nextToken }) => ({
          items: logStreams.map(({ logStreamName = '', lastEventTimestamp }) => ({
            name: logStreamName,
            lastEvent: lastEventTimestamp,
          })),
          next: nextToken,
        }),
      ),
  };
}

const groupFrom = ({
  logGroupName = '',
  logGroupClass,
  retentionInDays,
  kmsKeyId,
  storedBytes,
  creationTime,
}: SdkLogGroup): LogGroup => ({
  name: logGroupName,
  class: logGroupClass,
  retentionDays: retentionInDays,
  kmsKey: kmsKeyId,
  storedBytes,
  created: creationTime,
});

const isArn = (group: string): boolean => group.startsWith('arn:');

/** The star at the end of an ARN is for policies: the API refuses it. */
const bareArn = (arn: string): string => arn.replace(/:\*$/, '');

const groupOf = (group: string) =>
  isArn(group) ? { logGroupIdentifier: bareArn(group) } : { logGroupName: group };

const queriedGroup = (group: string) =>
  isArn(group) ? { logGroupIdentifiers: [bareArn(group)] } : { logGroupName: group };

const tokenOf = (token: string | undefined) => (token === undefined ? {} : { nextToken: token });

const streamOrder = (prefix: string | undefined) =>
  prefix === undefined
    ? { orderBy: 'LastEventTime' as const, descending: true }
    : { logStreamNamePrefix: prefix };

function selectionOf(selection: Selection) {
  switch (selection.kind) {
    case 'all':
      return {};
    case 'prefix':
      return { logStreamNamePrefix: selection.prefix };
    case 'names':
      return { logStreamNames: [...selection.names] };
  }
}

const filteredPage = ({ events = [], nextToken }: FilterLogEventsCommandOutput): Page => ({
  events: events.flatMap(eventOf),
  next: nextToken,
});

interface SdkEvent {
  readonly timestamp?: number | undefined;
  readonly message?: string | undefined;
  readonly logStreamName?: string | undefined;
  readonly ingestionTime?: number | undefined;
  readonly eventId?: string | undefined;
}

/** An event always has a time and a message; one without is none. */
function eventOf({
  timestamp,
  message,
  logStreamName = '',
  ingestionTime,
  eventId,
}: SdkEvent): readonly LogEvent[] {
  if (timestamp === undefined || message === undefined) return [];
  return [{ timestamp, message, stream: logStreamName, ingested: ingestionTime, id: eventId }];
}

function queryAnswer({
  status = 'Unknown',
  results = [],
  nextToken,
  statistics,
}: GetQueryResultsCommandOutput): QueryAnswer {
  const rows = results.map((row) =>
    Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])),
  );
  return {
    status,
    rows,
    next: nextToken,
    matched: statistics?.recordsMatched,
    scanned: statistics?.bytesScanned,
  };
}
