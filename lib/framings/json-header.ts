// The header of a record of JSON logging: who, how bad, when, from which file.

import { duration } from '../base/instant.ts';
import { type JsonObject, textAt } from '../base/json.ts';
import type { ProgramClock, RecordHeader, Stamp } from '../model/line.ts';
import { NOBODY } from '../model/line.ts';
import type { Speaker } from '../model/mark.ts';
import { epochStamp, nanosecondStamp, rfc3339Stamp } from './stamps.ts';

const PREFIX =
  /^\((?<name>[A-Za-z][\w.:-]{0,80}(?: [\w=]{1,40})?) pid=(?<pid>\d{1,10})(?:, ip=(?<ip>[^)\s]{1,64}))?\) ?/;

/** `(RayWorkerWrapper pid=7, ip=10.0.0.2) (Worker_TP0 pid=7) `: the innermost speaks; undefined when other text stands there. */
export function peelSpeaker(head: string): Speaker | undefined {
  let rest = head.trimStart();
  let speaker: Speaker | undefined;
  for (let match = PREFIX.exec(rest); match?.groups !== undefined; match = PREFIX.exec(rest)) {
    const { name = '', pid, ip = speaker?.ip } = match.groups;
    speaker = { name, pid: Number(pid), ...(ip === undefined ? {} : { ip }) };
    rest = rest.slice(match[0].length);
  }
  return rest.trim() === '' ? speaker : undefined;
}

/** A prefix in front of the object wins over what the object says. */
export function headerOf(record: JsonObject, prefix?: Speaker): RecordHeader {
  const clock = clockOf(record);
  return {
    speaker: prefix ?? speakerOf(record),
    level: levelOf(record),
    file: fileOf(record),
    logger: first(record, ['name', 'logger', 'logger_name', 'target']) ?? '',
    ...(clock === undefined ? {} : { clock }),
  };
}

const first = (record: JsonObject, keys: readonly string[]): string | undefined =>
  keys.map((key) => textAt(record, key)).find((value) => value !== undefined);

/** `vllm_process_name` is what the text form's prefix has; multiprocessing's MainProcess says nothing. */
function speakerOf(record: JsonObject): Speaker {
  const name = first(record, ['vllm_process_name', 'processName']);
  const pid = Number(record['process'] ?? record['pid'] ?? Number.NaN);
  if (name === undefined || (name === 'MainProcess' && record['vllm_process_name'] === undefined))
    return NOBODY;
  return { name, ...(Number.isInteger(pid) && pid > 0 ? { pid } : {}) };
}

const LEVELS: Readonly<Record<string, string>> = { WARN: 'WARNING', FATAL: 'CRITICAL', ERR: 'ERROR' };

function levelOf(record: JsonObject): string {
  const level = (first(record, ['levelname', 'level', 'severity']) ?? '').toUpperCase();
  return LEVELS[level] ?? level;
}

/** Base name, without a line number that some formats glue on. */
function fileOf(record: JsonObject): string {
  const path = first(record, ['filename', 'fileinfo', 'file_path', 'pathname', 'file']) ?? '';
  return path.slice(path.lastIndexOf('/') + 1).replace(/:\d{1,9}$/, '');
}

const CLOCK_KEYS = ['asctime', 'time', 'timestamp', '@timestamp', 'ts'];

const CLOCK =
  /^(?:(?<year>\d{4})-)?(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:(?<mark>[.,])(?<fraction>\d{1,9}))?$/;

function clockOf(record: JsonObject): ProgramClock | undefined {
  const groups = CLOCK.exec(first(record, CLOCK_KEYS) ?? '')?.groups;
  if (groups === undefined) return undefined;
  const { year, fraction = '', mark } = groups;
  const number = (key: string): number => Number(groups[key]);
  const [month, day, hour, minute, second] = ['month', 'day', 'hour', 'minute', 'second'].map(number);
  if (month === undefined || day === undefined || hour === undefined || minute === undefined)
    return undefined;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || (second ?? 0) > 60)
    return undefined;
  const below = belowSecond(fraction, year === undefined && mark === '.');
  return {
    ...(year === undefined ? {} : { year: Number(year) }),
    month,
    day,
    hour,
    minute,
    second: second ?? 0,
    ...below,
  };
}

/** NIM prints milliseconds as a bare number: `22:28:15.16` is .016, `22:28:15.0` is .000. */
function belowSecond(fraction: string, isNim: boolean): Pick<ProgramClock, 'nanosecond' | 'precision'> {
  const digits = isNim && fraction.length > 0 && fraction.length < 3 ? fraction.padStart(3, '0') : fraction;
  return { nanosecond: Number(digits.padEnd(9, '0')), precision: duration(10n ** BigInt(9 - digits.length)) };
}

/** A time with a zone, when the record has one: Ray's timestamp_ns, ISO text, `created` of Python's LogRecord. */
export function stampOfRecord(record: JsonObject): Stamp | undefined {
  const text = first(record, CLOCK_KEYS);
  const written = text === undefined ? undefined : rfc3339Stamp(text.replace(' ', 'T'));
  return nanosecondStamp(record['timestamp_ns']) ?? written ?? epochStamp(record['created']);
}
