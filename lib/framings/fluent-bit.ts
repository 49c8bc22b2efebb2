// Records of Fluent Bit and of Container Insights, one JSON object per line.
//
//   {"time":"2026-…Z","stream":"stdout","_p":"F","log":"text","kubernetes":{"pod_name":"…","pod_id":"…",…}}
//   {"date":1597871185.922652,"log":"2020-08-19T21:06:24.337499838Z stderr F text"}
//
// `_p` (or `logtag`) is CRI's F or P. With the Docker parser on CRI files `log`
// itself begins with a CRI header: the inner text is opened again by the caller.
// With Merge_Log the program's JSON has taken the place of `log`. The record's
// own `time` has nanoseconds; `date` and `@timestamp` are what the shipper read.

import { isObject, type JsonObject, objectAt, parseJson, textAt } from '../base/json.ts';
import type { Framed, Stamp } from '../model/line.ts';
import type { Identity } from '../model/log-run.ts';
import type { Framing } from './contract.ts';
import { framed, streamOf, withoutLineEnd } from './framed-text.ts';
import { identityOfKubernetes, identityOfPath, mergeIdentities } from './identities.ts';
import { headerOf } from './json-header.ts';
import { anyStamp, epochStamp } from './stamps.ts';

export const fluentBit: Framing = {
  name: 'fluent-bit',
  says: 'Records of Fluent Bit and CloudWatch Container Insights, with the pod they are from.',
  examples: [
    {
      raw: '{"time":"2026-11-22T01:34:02.123456789Z","stream":"stdout","_p":"F","log":"INFO 11-22 01:34:02 [core.py:61] text","kubernetes":{"pod_name":"llm-0","namespace_name":"serving","pod_id":"d936022a-9252-412a-9633-75b6c7ad4e8b","host":"ip-10-0-0-1","container_name":"engine","docker_id":"c98"}}',
      seen: 'Container Insights, aws-samples fluent-bit.yaml',
      at: '2026-11-22T01:34:02.123456789Z',
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
    {
      raw: '{"date":1597871185.922652,"log":"2020-08-19T21:06:24.33754077Z stderr F text"}',
      seen: 'Fluent Bit file output, Docker parser on a CRI file',
      at: '2020-08-19T21:06:25.922652000Z',
      text: '2020-08-19T21:06:24.33754077Z stderr F text',
    },
    {
      raw: '[1554141513.598656,{"log":"Fluent Bit is logging\\n","stream":"stdout","kubernetes":{"pod_name":"base","namespace_name":"core","container_name":"fluent-bit"}}]',
      seen: 'Fluent Bit lib output',
      at: '2019-04-01T17:58:33.598656000Z',
      text: 'Fluent Bit is logging',
    },
    {
      raw: '{"@timestamp":"2026-11-22T01:34:00.853Z","levelname":"INFO","name":"vllm.config.model","message":"Using max model len 2048","stream":"stdout","kubernetes":{"pod_name":"llm-0","namespace_name":"serving","container_name":"engine"}}',
      seen: 'Fluent Bit with Merge_Log On and Keep_Log Off: the log member is gone',
      at: '2026-11-22T01:34:00.853000000Z',
      text: 'Using max model len 2048',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  if (!/^ {0,64}[{[]/.test(raw) || !/"(?:log|kubernetes|log_processed|_p|logtag)"/.test(raw))
    return undefined;
  const parsed = parseJson(raw);
  if (!parsed.ok) return undefined;
  const entry = entryOf(parsed.value);
  if (entry === undefined || !isShipped(entry.record)) return undefined;
  const told = textOf(entry.record);
  if (told === undefined) return undefined;
  const stamp = stampOf(entry.record) ?? entry.stamp;
  return [framed({ ...told, stamp, ...envelopeOf(entry.record) })];
}

interface Entry {
  readonly record: JsonObject;
  readonly stamp: Stamp | undefined;
}

/** An object, or `[time, object]`; newer versions write `[[time, {}], object]`. */
function entryOf(value: unknown): Entry | undefined {
  if (isObject(value)) return { record: value, stamp: undefined };
  if (!Array.isArray(value) || value.length !== 2 || !isObject(value[1])) return undefined;
  const time: unknown = Array.isArray(value[0]) ? value[0][0] : value[0];
  return { record: value[1], stamp: epochStamp(time) };
}

/** Docker's own lines, Vector's and Google's are not. */
function isShipped(record: JsonObject): boolean {
  if (isVectors(record) || record['jsonPayload'] !== undefined || record['textPayload'] !== undefined)
    return false;
  if (isObject(record['kubernetes']) || record['_p'] !== undefined || record['logtag'] !== undefined)
    return true;
  return typeof record['log'] === 'string' && !isDockers(record);
}

function isVectors(record: JsonObject): boolean {
  const kubernetes = objectAt(record, 'kubernetes');
  return (
    record['source_type'] !== undefined ||
    kubernetes['pod_uid'] !== undefined ||
    kubernetes['pod_namespace'] !== undefined
  );
}

/** `log` first, `time` text, and nothing but `stream` and `attrs` beside them. */
function isDockers(record: JsonObject): boolean {
  const keys = Object.keys(record);
  const known = keys.every((key) => key === 'log' || key === 'stream' || key === 'time' || key === 'attrs');
  return known && keys[0] === 'log' && typeof record['time'] === 'string';
}

type Told = Pick<Framed, 'text'> & Partial<Pick<Framed, 'header'>>;

/** The line as the program wrote it, else the message of its merged JSON. */
function textOf(record: JsonObject): Told | undefined {
  const line = record['log'];
  if (typeof line === 'string') return { text: withoutLineEnd(line) };
  if (line !== undefined) return undefined;
  const processed = objectAt(record, 'log_processed');
  return mergedText(processed) ?? mergedText(record);
}

function mergedText(record: JsonObject): Told | undefined {
  const message = record['message'];
  if (typeof message !== 'string') return undefined;
  const isLogging = ['levelname', 'level', 'vllm_process_name', 'asctime'].some(
    (key) => record[key] !== undefined,
  );
  return { text: withoutLineEnd(message), ...(isLogging ? { header: headerOf(record) } : {}) };
}

/** `time` is the runtime's, with nanoseconds; the others are the shipper's. */
function stampOf(record: JsonObject): Stamp | undefined {
  return ['time', '@timestamp', 'date', 'timestamp']
    .map((key) => anyStamp(record[key]))
    .find((stamp) => stamp !== undefined);
}

interface Envelope {
  readonly stream: string;
  readonly partial: boolean;
  readonly identity: Identity | undefined;
}

function envelopeOf(record: JsonObject): Envelope {
  const tag = textAt(record, '_p') ?? textAt(record, 'logtag') ?? 'F';
  const path = textAt(record, 'filename') ?? textAt(record, 'filepath') ?? textAt(record, 'path') ?? '';
  const identity = mergeIdentities(
    identityOfKubernetes(objectAt(record, 'kubernetes')),
    identityOfPath(path),
  );
  return { stream: streamOf(record), partial: tag.startsWith('P'), identity };
}
