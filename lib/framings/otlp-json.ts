// OTLP logs as JSON: one export request per line, as the collector's file exporter writes it.
//
//   {"resourceLogs":[{"resource":{"attributes":[…]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"…","body":{"stringValue":"…"}}]}]}]}
//
// The filelog receiver's container parser puts the pod into the resource
// (k8s.pod.uid, k8s.container.restart_count, …), the stream into log.iostream
// and, before it joins parts, CRI's F or P into logtag.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../base/json.ts';
import type { Framed, Stamp } from '../model/line.ts';
import type { Identity } from '../model/log-run.ts';
import type { Framing } from './contract.ts';
import { framed, objectLine, withoutLineEnd } from './framed-text.ts';
import { mergeIdentities } from './identities.ts';
import { identityOfAttributes, type OtelAttributes } from './otel-attributes.ts';
import { nanosecondStamp } from './stamps.ts';

export const otlpJson: Framing = {
  name: 'otlp-json',
  says: 'OTLP logs in JSON, one export request per line (OpenTelemetry Collector file exporter).',
  examples: [
    {
      raw: '{"resourceLogs":[{"resource":{"attributes":[{"key":"k8s.pod.uid","value":{"stringValue":"d936022a-9252-412a-9633-75b6c7ad4e8b"}},{"key":"k8s.container.name","value":{"stringValue":"engine"}},{"key":"k8s.container.restart_count","value":{"stringValue":"0"}}]},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1795311242123456789","body":{"stringValue":"INFO 11-22 01:34:02 [core.py:61] text"},"attributes":[{"key":"log.iostream","value":{"stringValue":"stdout"}}]}]}]}]}',
      seen: 'OpenTelemetry Collector, filelog receiver with the container operator, file exporter',
      at: '2026-11-22T01:34:02.123456789Z',
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const request = objectLine(raw, '"resourceLogs"');
  if (request === undefined || !Array.isArray(request['resourceLogs'])) return undefined;
  const opened = objectsAt(request, 'resourceLogs').flatMap(openResource);
  return opened.length === 0 ? undefined : opened;
}

const objectsAt = (object: JsonObject, key: string): readonly JsonObject[] =>
  listAt(object, key).filter(isObject);

function openResource(resourceLogs: JsonObject): readonly Framed[] {
  const identity = identityOfAttributes(attributesOf(objectAt(resourceLogs, 'resource')));
  const scopes = [
    ...objectsAt(resourceLogs, 'scopeLogs'),
    ...objectsAt(resourceLogs, 'instrumentationLibraryLogs'),
  ];
  return scopes
    .flatMap((scope) => objectsAt(scope, 'logRecords'))
    .flatMap((record) => openRecord(record, identity));
}

/** A body that is not text (an event, a whole object) is not a line. */
function openRecord(record: JsonObject, resource: Identity | undefined): readonly Framed[] {
  const text = objectAt(record, 'body')['stringValue'];
  if (typeof text !== 'string') return [];
  const attributes = attributesOf(record);
  const stream = attributes.get('log.iostream') ?? attributes.get('stream') ?? '';
  const partial = (attributes.get('logtag') ?? '').startsWith('P');
  const identity = mergeIdentities(resource, identityOfAttributes(attributes));
  return [framed({ text: withoutLineEnd(text), stamp: stampOf(record), stream, partial, identity })];
}

const stampOf = (record: JsonObject): Stamp | undefined =>
  nanosecondStamp(record['timeUnixNano']) ?? nanosecondStamp(record['observedTimeUnixNano']);

/** Text and whole numbers; everything else says nothing here. */
function attributesOf(holder: JsonObject): OtelAttributes {
  const pairs = objectsAt(holder, 'attributes').map(({ key, value }): readonly [string, string] => {
    const holderOfValue = isObject(value) ? value : {};
    return [String(key), textAt(holderOfValue, 'stringValue') ?? String(holderOfValue['intValue'] ?? '')];
  });
  return new Map(pairs);
}
