// s5cmd, which copies the model out of a bucket: one line per finished object.
//
// It prints no time, no size and nothing at the start (1.4 to 2.3: the same), so
// each line means "the download was under way and had come this far". The last
// one is the end; per-object durations cannot be had.

import type { Saying } from '../model/mark.ts';
import type { LogFormat, MarkSpec, Printed, Rule } from './contract.ts';

const DOWNLOAD = 's5cmd_download';

const FINISHED: readonly MarkSpec[] = [
  { kind: 'during', phase: DOWNLOAD },
  { kind: 'ended', phase: DOWNLOAD },
];

const UNDER_WAY: readonly MarkSpec[] = [{ kind: 'during', phase: DOWNLOAD }];

const printed = (file: string, from = '1.4.0'): Printed => ({ program: 's5cmd', file, from });

const failed = (cause: 'download_failed' | 'model_not_found' | 'bad_arguments'): readonly MarkSpec[] => [
  { kind: 'failed', cause, root: true },
];

/** What S3 answers when the path is wrong rather than the way to it. */
const NOT_THERE = '(?:no object found|NoSuchKey|NoSuchBucket)';

/** Keys may hold blanks and are printed bare, so source and destination cannot be told apart; an upload can. */
const objects: readonly Rule[] = [
  {
    id: 's5cmd.cp',
    printed: printed('log/message.go'),
    files: [],
    literal: 'cp s3://',
    pattern: /^cp s3:\/\/\S+ +(?!s3:\/\/)\S/,
    example:
      'cp s3://bucket/model/model-00001-of-00002.safetensors model_files/model-00001-of-00002.safetensors',
    marks: FINISHED,
  },
  {
    id: 's5cmd.mv',
    printed: printed('log/message.go'),
    files: [],
    literal: 'mv s3://',
    pattern: /^mv s3:\/\/\S+ +(?!s3:\/\/)\S/,
    example: 'mv s3://bucket/model/config.json model_files/config.json',
    marks: FINISHED,
  },
  {
    id: 's5cmd.json_object',
    printed: printed('log/message.go'),
    files: [],
    literal: '{"operation":"',
    // Quotes inside a key are escaped, so `"size":` can only be the field.
    pattern:
      /^\{"operation":"(?:cp|mv)","success":true,"source":"s3:\/\/(?:[^"\\]|\\.)*","destination":"(?!s3:)(?:[^"\\]|\\.)*","object":\{[^{}]*"size":(?<bytes>\d{1,18})[,}]/,
    example:
      '{"operation":"cp","success":true,"source":"s3://bucket/model/config.json","destination":"model_files/config.json","object":{"type":"file","size":666}}',
    marks: [
      ...FINISHED,
      { kind: 'fact', name: 's5cmd.object_bytes', group: 'bytes', as: 'number', phase: DOWNLOAD },
    ],
  },
];

const failures: readonly Rule[] = [
  {
    id: 's5cmd.not_there',
    printed: printed('log/message.go'),
    files: [],
    literal: 'ERROR "',
    pattern: new RegExp(`^ERROR "(?:cp|mv|sync) s3:\\/\\/.*": ${NOT_THERE}`),
    example: 'ERROR "cp s3://scale-ml/nothing/* model_files": no object found',
    marks: failed('model_not_found'),
  },
  {
    id: 's5cmd.error',
    printed: printed('log/message.go'),
    files: [],
    literal: 'ERROR "',
    pattern: new RegExp(`^ERROR "(?:cp|mv|sync) (?!.*": ${NOT_THERE}).*": \\S`),
    example:
      'ERROR "cp s3://scale-ml/models/model-00003-of-00004.safetensors model_files/model-00003-of-00004.safetensors": AccessDenied: Access Denied status code: 403, request id: , host id:',
    marks: failed('download_failed'),
  },
  {
    id: 's5cmd.json_not_there',
    printed: printed('log/message.go'),
    files: [],
    literal: '{"operation":"',
    pattern: new RegExp(`^\\{"operation":"(?:cp|mv|sync)","command":".*","error":"${NOT_THERE}`),
    example: '{"operation":"cp","command":"cp s3://bucket/nothing/* model_files","error":"no object found"}',
    marks: failed('model_not_found'),
  },
  {
    id: 's5cmd.json_error',
    printed: printed('log/message.go'),
    files: [],
    literal: '{"operation":"',
    pattern: new RegExp(
      `^\\{"operation":"(?:cp|mv|sync)","command":"(?!.*","error":"${NOT_THERE}).*","error":"\\S`,
    ),
    example:
      '{"operation":"cp","command":"cp s3://b/model-00003-of-00004.safetensors model_files/model-00003-of-00004.safetensors","error":"AccessDenied: Access Denied status code: 403, request id: , host id:"}',
    marks: failed('download_failed'),
  },
  {
    // 2.0.0 given --include, which came with 2.2.0: the complaint and the help go to stdout.
    id: 's5cmd.usage',
    printed: printed('command/app.go'),
    files: [],
    literal: 'Incorrect Usage: ',
    pattern: /^Incorrect Usage: \S/,
    example: 'Incorrect Usage: flag provided but not defined: -include',
    marks: failed('bad_arguments'),
  },
];

const progress: readonly Rule[] = [
  {
    // Two lines: the second is `\tstatus code: 503, …` or `caused by: Get "http…": … reset by peer`.
    id: 's5cmd.retry',
    printed: printed('storage/s3.go'),
    files: [],
    literal: 'DEBUG retryable error: ',
    pattern: /^DEBUG retryable error: (?<reason>\S.{0,300})/,
    example: 'DEBUG retryable error: SlowDown: Please reduce your request rate.',
    marks: [
      ...UNDER_WAY,
      { kind: 'fact', name: 's5cmd.retries', group: 'reason', as: 'text', phase: DOWNLOAD },
    ],
  },
  {
    id: 's5cmd.already_there',
    printed: printed('command/sync_strategy.go', '2.0.0'),
    files: [],
    literal: 'DEBUG "',
    pattern: /^DEBUG "(?:sync|cp) s3:\/\/.*": object (?:is newer or same age|already exists|size matches)/,
    example:
      'DEBUG "sync s3://scale-ml/models/config.json mw/config.json": object is newer or same age and object size matches',
    marks: [...UNDER_WAY, { kind: 'fact', name: 's5cmd.already_there', value: true, phase: DOWNLOAD }],
  },
  {
    id: 's5cmd.stat',
    printed: printed('log/stat/stat.go', '2.0.0'),
    files: [],
    literal: 'Operation\tTotal\tError\tSuccess',
    pattern: /^Operation\tTotal\tError\tSuccess\s{0,4}$/,
    example: 'Operation\tTotal\tError\tSuccess',
    marks: [{ kind: 'ended', phase: DOWNLOAD }],
  },
  ...['cp', 'sync', 'mv'].map(statRow),
  {
    id: 's5cmd.json_stat',
    printed: printed('log/stat/stat.go', '2.0.0'),
    files: [],
    literal: '{"operation":"',
    pattern: /^\{"operation":"(?:cp|mv|sync)","success":\d{1,12},"error":\d{1,12}\}$/,
    example: '{"operation":"cp","success":1,"error":0}',
    marks: [{ kind: 'ended', phase: DOWNLOAD }],
  },
];

/** Counts commands, not objects: one wildcard `cp` is 1. */
function statRow(operation: string): Rule {
  return {
    id: `s5cmd.stat_${operation}`,
    printed: printed('log/stat/stat.go', '2.0.0'),
    files: [],
    literal: `${operation}\t`,
    pattern: new RegExp(`^${operation}\\t{1,2}\\d{1,12}\\t\\d{1,12}\\t\\d{1,12}\\s{0,4}$`),
    example: `${operation}\t\t1\t0\t1`,
    marks: [{ kind: 'ended', phase: DOWNLOAD }],
  };
}

/**
 * --show-progress without a terminal: every update of the bar glued into one
 * line, printed at the end. It begins with the first percentage, hence a rule
 * per digit. Sizes are SI (MB = 10⁶); the elapsed time is a Go duration.
 */
function progressBar(digit: string): Rule {
  return {
    id: `s5cmd.progress_${digit}`,
    printed: printed('progressbar/progressbar.go', '2.2.0'),
    files: [],
    literal: digit,
    pattern:
      /^\d{1,3}\.\d\d% {2}[━─](?:.*[━─])? {2}(?<total>\d{1,9}(?:\.\d{1,3})? [kMGTP]?B) \/ \k<total> \([^()]{1,40}\) (?<took>[\dhmsµ.]{1,20}) \((?<objects>\d{1,9})\/\k<objects>\)$/,
    example: `${digit}.00%  ━━──  1.00 MB / 206.17 MB ? p/s ? (6/11)100.00%  ━━━━  206.17 MB / 206.17 MB (191.19 MB/s) 1.3s (11/11)`,
    marks: [
      { kind: 'lasted', phase: DOWNLOAD, group: 'took', unit: 'go', whole: true },
      { kind: 'fact', name: 's5cmd.objects', group: 'objects', as: 'number', phase: DOWNLOAD },
    ],
    tell: totalBytes,
  };
}

const SI: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };

/** The total of the finished bar in bytes, as exact as its two decimals. */
function totalBytes(message: string): readonly Saying[] {
  const [, number = '', unit = ''] =
    /^ \/ (\d{1,9}(?:\.\d{1,3})?) ([kMGTP]?B) \([^()]{1,40}\) \S{1,20} \(\d{1,9}\/\d{1,9}\)$/.exec(
      message.slice(Math.max(0, message.lastIndexOf(' / '))),
    ) ?? [];
  const scale = SI[unit];
  if (scale === undefined) return [];
  return [
    { kind: 'fact', name: 's5cmd.total_bytes', value: Math.round(Number(number) * scale), phase: DOWNLOAD },
  ];
}

export const s5cmd: LogFormat = {
  name: 's5cmd',
  says: 'The download before the engine: one line per finished object, errors, retries, and the totals at the end.',
  rules: [...objects, ...failures, ...progress, ...[...'0123456789'].map(progressBar)],
};
