// Whose line a record is that a shipper took apart: what the container printed stands among the shipper's own members.
//
//   {"kind":"Event","involvedObject":{…},"kubernetes":{"pod_name":"…","namespace_name":"…"},"stream":"stdout"}
//
// Fluent Bit's Merge_Log without a key, Vector's parse_json and Fluentd lift the members of a JSON
// line into the record, so an object that a container printed looks like one of the API server's. The
// Collector's CloudWatch exporter has resource and attributes beside the body.

import { isObject, type JsonObject, objectAt, parseJson, textAt } from '../base/json.ts';
import type { Identity } from '../model/log-run.ts';
import { identityOfKubernetes, identityOfPath, mergeIdentities } from './identities.ts';
import { type OtelAttributes, otelWriter } from './otel-attributes.ts';

/** The same as `shippedBy` for a line. Asked of few lines: it parses. */
export function shippedFrom(text: string): Identity | undefined {
  if (!/"(?:kubernetes|resource|filename|filepath|path|file)"/.test(text)) return undefined;
  const parsed = parseJson(text);
  const record = parsed.ok ? recordIn(parsed.value) : undefined;
  return record === undefined ? undefined : shippedBy(record);
}

/** Undefined when the record names nobody: no object of Kubernetes has these members. */
export function shippedBy(record: JsonObject): Identity | undefined {
  const named = mergeIdentities(identityOfKubernetes(objectAt(record, 'kubernetes')), fromPath(record));
  return mergeIdentities(named, fromResource(record));
}

/** An object, or Fluent Bit's `[time, object]`. */
function recordIn(value: unknown): JsonObject | undefined {
  const record: unknown = Array.isArray(value) && value.length === 2 ? value[1] : value;
  return isObject(record) ? record : undefined;
}

const fromPath = (record: JsonObject): Identity | undefined =>
  ['filename', 'filepath', 'path', 'file']
    .map((key) => identityOfPath(textAt(record, key) ?? ''))
    .find((identity) => identity !== undefined);

const fromResource = (record: JsonObject): Identity | undefined =>
  isObject(record['resource'])
    ? otelWriter(plainAttributes(record['resource']), plainAttributes(objectAt(record, 'attributes')))
    : undefined;

const plainAttributes = (holder: JsonObject): OtelAttributes =>
  new Map(Object.keys(holder).flatMap((key) => [[key, textAt(holder, key) ?? ''] as const]));
