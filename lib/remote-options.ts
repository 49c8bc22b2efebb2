// The options that name logs elsewhere: log groups of CloudWatch, and buckets.

import * as z from 'zod';
import type { Duration, Instant } from './base/instant.ts';
import type { CloudwatchConfig } from './cloudwatch-types.ts';
import { given } from './given.ts';
import { matching, positiveTime, reading } from './option-kinds.ts';
import type { RemoteConfig } from './remote-types.ts';
import { widened } from './remote-window.ts';
import type { S3LogsConfig } from './s3-logs-types.ts';
import type { Env } from './terminal.ts';

/** 1 to 512 characters of names, or `arn:aws:logs:eu-west-1:123456789012:log-group:NAME`. */
const LOG_GROUP = /^(?:arn:[\w-]{1,20}:logs:[\w-]{1,30}:\d{12}:log-group:)?[\w./#-]{1,512}(?::\*)?$/;

/** Also the ARN or the alias of an access point. A prefix is one as S3 means it: no slash is added. */
const PLACE =
  /^s3:\/\/(?<bucket>arn:[\w-]{1,20}:s3:[\w-]{1,30}:\d{12}:accesspoint\/[a-z0-9-]{1,63}|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.{0,1024}))?$/su;

const PLACE_EXPECTED = 's3://bucket/prefix';

export const REMOTE_OPTIONS = {
  cloudwatchLogGroup: z
    .array(matching(LOG_GROUP, 'the name of a log group, or its ARN'), { error: 'the name of a log group' })
    .exactOptional(),
  cloudwatchStreamPrefix: matching(/^[^:*]{1,512}$/, 'the beginning of names of streams').exactOptional(),
  cloudwatchFilter: matching(/^.{1,1024}$/s, 'a filter pattern of at most 1024 characters').exactOptional(),
  cloudwatchInsights: z.boolean().default(false),
  s3Logs: z.array(matching(PLACE, PLACE_EXPECTED), { error: PLACE_EXPECTED }).exactOptional(),
  s3Late: reading('a time such as 45m or 2h', positiveTime),
  awsRegion: matching(/^[a-z]{2}[a-z0-9-]{1,30}$/, 'a region such as eu-west-1').exactOptional(),
};

interface RemoteOptions {
  readonly cloudwatchLogGroup?: readonly string[];
  readonly cloudwatchStreamPrefix?: string;
  readonly cloudwatchFilter?: string;
  readonly cloudwatchInsights: boolean;
  readonly s3Logs?: readonly string[];
  readonly s3Late?: Duration | undefined;
  readonly awsRegion?: string;
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
}

export const remoteContradictions = (options: RemoteOptions): readonly string[] => [
  ...cloudwatchContradictions(options),
  ...s3Contradictions(options),
  ...(options.awsRegion !== undefined &&
  options.cloudwatchLogGroup === undefined &&
  options.s3Logs === undefined
    ? ['--aws-region: expected --cloudwatch-log-group or --s3-logs beside it']
    : []),
];

function cloudwatchContradictions(options: RemoteOptions): readonly string[] {
  const { cloudwatchLogGroup, cloudwatchFilter, cloudwatchInsights, since } = options;
  if (cloudwatchLogGroup === undefined) {
    const alone = cloudwatchFilter ?? options.cloudwatchStreamPrefix ?? (cloudwatchInsights || undefined);
    return alone === undefined
      ? []
      : ['--cloudwatch-log-group: expected beside the other options of CloudWatch Logs, got none'];
  }
  return [
    ...(since === undefined ? ['--cloudwatch-log-group: expected --since beside it: how far back?'] : []),
    ...(cloudwatchFilter !== undefined && cloudwatchInsights
      ? ['--cloudwatch-filter: expected no --cloudwatch-insights beside it, which has no filter patterns']
      : []),
  ];
}

function s3Contradictions({ s3Logs, s3Late, since }: RemoteOptions): readonly string[] {
  if (s3Logs === undefined) return s3Late === undefined ? [] : ['--s3-late: expected --s3-logs beside it'];
  return since === undefined ? ['--s3-logs: expected --since beside it: how far back?'] : [];
}

export interface Around {
  readonly env: Env;
  readonly now: Instant;
}

/** Undefined: everything lies in the paths. */
export function remoteOf(options: RemoteOptions, around: Around): RemoteConfig | undefined {
  const remote = given({ cloudwatch: cloudwatchOf(options, around), s3Logs: s3LogsOf(options, around) });
  return Object.keys(remote).length === 0 ? undefined : remote;
}

function cloudwatchOf(options: RemoteOptions, { env, now }: Around): CloudwatchConfig | undefined {
  const { cloudwatchLogGroup: groups, since, until = now } = options;
  if (groups === undefined || since === undefined) return undefined;
  return {
    groups: [...new Set(groups)],
    ...widened({ since, until }),
    insights: options.cloudwatchInsights,
    ...given({
      prefix: options.cloudwatchStreamPrefix,
      pattern: options.cloudwatchFilter,
      region: regionOf(options, env),
      endpoint: firstOf(env, 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'AWS_ENDPOINT_URL'),
    }),
  };
}

function s3LogsOf(options: RemoteOptions, { env, now }: Around): S3LogsConfig | undefined {
  const { s3Logs, since, until = now } = options;
  if (s3Logs === undefined || since === undefined) return undefined;
  return {
    places: [...new Set(s3Logs)].flatMap(placeOf),
    ...widened({ since, until }),
    ...given({
      late: options.s3Late,
      region: regionOf(options, env),
      endpoint: firstOf(env, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
    }),
  };
}

function placeOf(text: string): S3LogsConfig['places'] {
  const { bucket, prefix = '' } = PLACE.exec(text)?.groups ?? {};
  return bucket === undefined ? [] : [{ bucket, prefix }];
}

const regionOf = ({ awsRegion }: RemoteOptions, env: Env): string | undefined =>
  awsRegion ?? firstOf(env, 'AWS_REGION', 'AWS_DEFAULT_REGION');

/** Empty is not set, as everywhere in AWS' tools. */
const firstOf = (env: Env, ...names: readonly string[]): string | undefined =>
  names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
