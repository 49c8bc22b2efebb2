// A recorded start as each writer lays it out in a bucket: key by key what would lie there.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parseInstant } from '../../../lib/base/instant.ts';
import { type RecordedStream, recordedStreams } from '../cloudwatch/recorded.ts';

export const LOGS = 'fixtures/vllm-cold-image/evidence/var-log-pods';

/** The start is of 2026-11-22, 02:04 to 02:06. */
export const WINDOW = ['--since', '2026-11-22T02:00:00Z', '--until', '2026-11-22T02:30:00Z'];

export type Objects = Readonly<Record<string, string | Buffer>>;

export interface Layout {
  readonly name: string;
  readonly prefix: string;
  readonly objects: () => Objects;
}

interface Shipped {
  readonly time: string;
  readonly stream: string;
  readonly _p: string;
  readonly log: string;
  readonly kubernetes: Readonly<Record<string, string>>;
}

const recordsOf = ({ events }: RecordedStream): readonly Shipped[] =>
  events.map(({ message }) => JSON.parse(message));

const allRecords = (): readonly Shipped[] =>
  recordedStreams()
    .flatMap(recordsOf)
    .toSorted((a, b) => Number((parseInstant(a.time) ?? 0n) - (parseInstant(b.time) ?? 0n)));

const tagOf = ({ stream }: RecordedStream): string => `kube.${stream.slice(stream.indexOf('var.log'))}`;

const ndjson = (records: readonly object[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');

/** Two halves: what one container says lies in several objects. */
const halves = <T>(items: readonly T[]): readonly (readonly T[])[] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

const dated = (record: Shipped): object => ({ date: record.time, ...record });

const vectors = ({ time, stream, log, kubernetes }: Shipped): object => ({
  file: `/var/log/pods/${kubernetes['namespace_name']}_${kubernetes['pod_name']}_${kubernetes['pod_id']}/${kubernetes['container_name']}/0.log`,
  kubernetes: {
    container_name: kubernetes['container_name'],
    pod_name: kubernetes['pod_name'],
    pod_namespace: kubernetes['namespace_name'],
    pod_uid: kubernetes['pod_id'],
    pod_node_name: kubernetes['host'],
  },
  message: log,
  source_type: 'kubernetes_logs',
  stream,
  timestamp: time,
});

const subscription = ({ stream, events }: RecordedStream): readonly string[] =>
  halves(events).map((some) =>
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/aws/containerinsights/demo/application',
      logStream: stream,
      subscriptionFilters: ['to-s3'],
      logEvents: some.map(({ timestamp, message }, index) => ({ id: `${index}`, timestamp, message })),
    }),
  );

const CONTROL =
  '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1795311242123,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}';

const UUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'Fluent Bit, one tag for each container',
    prefix: 'fluent-bit-logs/',
    objects: () =>
      Object.fromEntries(
        recordedStreams().flatMap((stream) =>
          halves(recordsOf(stream)).map((some, index) => {
            const text = ndjson(some.map(dated));
            const key = `fluent-bit-logs/${tagOf(stream)}/2026/11/22/02/0${4 + index}/00-objectA1b2C3d${index}`;
            return [key, index === 0 ? gzipSync(text) : text];
          }),
        ),
      ),
  },
  {
    name: 'Vector',
    prefix: 'date=',
    objects: () =>
      Object.fromEntries(
        halves(allRecords()).map((some, index) => [
          `date=2026-11-22/${1795313040 + index}-${UUID}.log.gz`,
          index === 0 ? gzipSync(ndjson(some.map(vectors))) : zstdCompressSync(ndjson(some.map(vectors))),
        ]),
      ),
  },
  {
    name: 'Firehose, records without line ends, several members of gzip',
    prefix: 'prod/',
    objects: () => ({
      [`prod/2026/11/22/02/logs-1-2026-11-22-02-04-05-${UUID}`]: Buffer.concat(
        halves(allRecords()).map((some) => gzipSync(some.map((one) => JSON.stringify(one)).join(''))),
      ),
    }),
  },
  {
    name: 'a subscription of CloudWatch Logs through Firehose',
    prefix: '',
    objects: () => ({
      [`2026/11/22/02/logs-1-2026-11-22-02-04-05-${UUID}`]: gzipSync(
        [CONTROL, ...recordedStreams().flatMap(subscription)].join(''),
      ),
    }),
  },
  {
    name: 'an export of CloudWatch Logs',
    prefix: 'exportedlogs',
    objects: () => ({
      'exportedlogs/aws-logs-write-test': 'Permission Check Successful',
      ...Object.fromEntries(
        recordedStreams().flatMap(({ stream, events }) =>
          halves(events).map((some, index) => [
            `exportedlogs/${UUID}/${stream}/00000${index}.gz`,
            gzipSync(
              some
                .map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${message}\n`)
                .join(''),
            ),
          ]),
        ),
      ),
    }),
  },
  {
    name: 'a copy of /var/log/pods',
    prefix: 'nodes/',
    objects: () =>
      Object.fromEntries(
        readdirSync(LOGS, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.log'))
          .map((file) => [`nodes/node-1/var/log/pods/${file}`, readFileSync(join(LOGS, file))]),
      ),
  },
  {
    name: 'Fluent Bit with log_key: bare lines, whose pod only the tag tells',
    prefix: 'raw/',
    objects: () =>
      Object.fromEntries(
        readdirSync(LOGS, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.log'))
          .flatMap((file) => {
            const lines = readFileSync(join(LOGS, file), 'utf8').trimEnd().split('\n');
            return halves(lines).map((some, index) => [
              `raw/kube.var.log.pods.${file.replaceAll('/', '.')}/2026/11/22/02/0${4 + index}/00-objectA1b2C3d${index}`,
              some.join('\n'),
            ]);
          }),
      ),
  },
];
