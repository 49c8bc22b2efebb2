// OpenTelemetry: receivers k8s_events (attributes) and k8sobjects (the whole object), as OTLP in JSON or through the CloudWatch exporter.

import { type Instant, instant } from '../../base/instant.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import { flatten } from '../dumps/flatten.ts';
import { type EventArchive, isKubeObject, type MayTell } from './contract.ts';
import { type Attributes, eventOf } from './otel-event.ts';

const RESOURCE =
  '{"attributes":[{"key":"k8s.node.name","value":{"stringValue":"lab-node"}},{"key":"k8s.object.kind","value":{"stringValue":"Pod"}},{"key":"k8s.object.name","value":{"stringValue":"demo"}},{"key":"k8s.object.uid","value":{"stringValue":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599"}},{"key":"k8s.object.fieldpath","value":{"stringValue":"spec.containers{server}"}},{"key":"k8s.object.api_version","value":{"stringValue":"v1"}}]}';

export const otlpRequest: EventArchive = {
  name: 'otlp',
  says: 'OTLP logs in JSON (Collector, file exporter): receivers k8s_events and k8sobjects, pulled or watched.',
  examples: [
    {
      line: `{"resourceLogs":[{"resource":${RESOURCE},"scopeLogs":[{"scope":{"name":"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/k8seventsreceiver"},"logRecords":[{"timeUnixNano":"1795311700000000000","severityNumber":9,"severityText":"Normal","body":{"stringValue":"Pulling image \\"127.0.0.1:5000/work:a1\\""},"attributes":[{"key":"k8s.event.reason","value":{"stringValue":"Pulling"}},{"key":"k8s.event.action","value":{"stringValue":""}},{"key":"k8s.event.start_time","value":{"stringValue":"2026-11-22 01:41:40 +0000 UTC"}},{"key":"k8s.event.name","value":{"stringValue":"demo.18ea3a7aacd231e0"}},{"key":"k8s.event.uid","value":{"stringValue":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5"}},{"key":"k8s.namespace.name","value":{"stringValue":"s-a-cold"}},{"key":"k8s.event.count","value":{"intValue":"1"}}]}]}]}]}`,
      seen: 'opentelemetry-collector-contrib c274a00, receiver/k8seventsreceiver/k8s_event_to_logdata.go, testdata/e2e/expected/watch_events.yaml',
    },
    {
      line: '{"resourceLogs":[{"resource":{"attributes":[{"key":"k8s.namespace.name","value":{"stringValue":"s-a-cold"}}]},"scopeLogs":[{"scope":{},"logRecords":[{"observedTimeUnixNano":"1795311701858452887","body":{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"ADDED"}},{"key":"object","value":{"kvlistValue":{"values":[{"key":"apiVersion","value":{"stringValue":"v1"}},{"key":"kind","value":{"stringValue":"Event"}},{"key":"metadata","value":{"kvlistValue":{"values":[{"key":"name","value":{"stringValue":"demo.18ea3a7a7343cbc9"}},{"key":"namespace","value":{"stringValue":"s-a-cold"}},{"key":"uid","value":{"stringValue":"7c2c49f8-eb1e-496b-8894-3447efa0546c"}},{"key":"creationTimestamp","value":{"stringValue":"2026-11-22T01:41:39Z"}}]}}},{"key":"involvedObject","value":{"kvlistValue":{"values":[{"key":"kind","value":{"stringValue":"Pod"}},{"key":"name","value":{"stringValue":"demo"}},{"key":"uid","value":{"stringValue":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599"}}]}}},{"key":"reason","value":{"stringValue":"Scheduled"}},{"key":"message","value":{"stringValue":"Successfully assigned s-a-cold/demo to lab-node"}},{"key":"firstTimestamp","value":{}},{"key":"eventTime","value":{"stringValue":"2026-11-22T01:41:39.054797Z"}}]}}}]}},"attributes":[{"key":"k8s.resource.name","value":{"stringValue":"events"}}]}]}]}]}',
      seen: 'opentelemetry-collector-contrib 1baf90e, receiver/k8sobjectsreceiver/testdata/e2e/expected/watch_events_core.yaml',
    },
  ],
  objects: (value, may = everybody) => {
    if (!isObject(value) || !Array.isArray(value['resourceLogs'])) return undefined;
    const found = objectsAt(value, 'resourceLogs').flatMap((logs) => fromResource(logs, may));
    return found.length === 0 ? undefined : found;
  },
};

export const otelCloudWatch: EventArchive = {
  name: 'otel cloudwatch',
  says: 'The same through the CloudWatch exporter of the Collector: body, attributes and resource as plain JSON.',
  examples: [
    {
      line: '{"body":"Container started","severity_number":9,"severity_text":"Normal","attributes":{"k8s.event.action":"","k8s.event.count":1,"k8s.event.name":"demo.18ea3a7aacd231e0","k8s.event.reason":"Started","k8s.event.start_time":"2026-11-22 01:41:40 +0000 UTC","k8s.event.uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","k8s.namespace.name":"s-a-cold"},"resource":{"k8s.node.name":"lab-node","k8s.object.fieldpath":"spec.containers{server}","k8s.object.kind":"Pod","k8s.object.name":"demo","k8s.object.uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599"}}',
      seen: 'opentelemetry-collector-contrib, exporter/awscloudwatchlogsexporter/exporter.go, cwLogBody',
    },
  ],
  objects: (value) => {
    if (!isObject(value) || !isObject(value['attributes']) || !('body' in value)) return undefined;
    const whole = wholeObject(value['body']);
    if (whole !== undefined) return whole;
    const attributes = new Map([
      ...plainTexts(objectAt(value, 'resource')),
      ...plainTexts(value['attributes']),
    ]);
    const type = textAt(value, 'severity_text') ?? '';
    const event = eventOf({ attributes, message: textAt(value, 'body') ?? '', type, at: undefined });
    return event === undefined ? undefined : [event];
  },
};

const objectsAt = (object: JsonObject, key: string): readonly JsonObject[] =>
  listAt(object, key).filter(isObject);

const everybody: MayTell = () => true;

function fromResource(logs: JsonObject, may: MayTell): readonly JsonObject[] {
  const resource = attributesOf(objectAt(logs, 'resource'));
  const scopes = [...objectsAt(logs, 'scopeLogs'), ...objectsAt(logs, 'instrumentationLibraryLogs')];
  return scopes
    .flatMap((scope) => objectsAt(scope, 'logRecords'))
    .flatMap((record) => {
      const own = attributesOf(record);
      const found = fromRecord(record, new Map([...resource, ...own]));
      return found.length === 0 || may(resource, own) ? found : [];
    });
}

function fromRecord(record: JsonObject, attributes: Attributes): readonly JsonObject[] {
  const body = plainValue(record['body'], DEPTH);
  const whole = wholeObject(body);
  if (whole !== undefined) return whole;
  const message = typeof body === 'string' ? body : '';
  const type = textAt(record, 'severityText') ?? '';
  const event = eventOf({ attributes, message, type, at: timeOf(record['timeUnixNano']) });
  return event === undefined ? [] : [event];
}

/** Of k8sobjects: pulled, the object itself; watched, inside `{type, object}`. */
function wholeObject(body: unknown): readonly JsonObject[] | undefined {
  if (!isObject(body)) return undefined;
  const inner = isObject(body['object']) ? body['object'] : body;
  return isKubeObject(inner) ? flatten(body) : undefined;
}

function timeOf(value: unknown): Instant | undefined {
  const text = String(value ?? '');
  return /^\d{1,19}$/.test(text) ? instant(BigInt(text)) : undefined;
}

const attributesOf = (holder: JsonObject): Attributes =>
  new Map(
    objectsAt(holder, 'attributes').flatMap(({ key, value }) => asText(key, plainValue(value, 1)) ?? []),
  );

const plainTexts = (values: JsonObject): readonly (readonly [string, string])[] =>
  Object.entries(values).flatMap(([key, value]) => asText(key, value) ?? []);

/** An attribute without a text is none. */
function asText(key: unknown, value: unknown): readonly (readonly [string, string])[] {
  const isPlain = typeof value === 'string' || typeof value === 'number';
  return typeof key === 'string' && isPlain && value !== '' ? [[key, String(value)]] : [];
}

/** An object in a kvlist in a kvlist …: pods are some twelve deep. */
const DEPTH = 40;

/** An AnyValue as JSON: an empty one is null, which is how a null firstTimestamp travels. */
function plainValue(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth === 0) return null;
  if (isObject(value['kvlistValue'])) return plainObject(value['kvlistValue'], depth);
  if (isObject(value['arrayValue']))
    return listAt(value['arrayValue'], 'values').map((one) => plainValue(one, depth - 1));
  if (value['intValue'] !== undefined) return Number(value['intValue']);
  return value['stringValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? null;
}

const plainObject = (list: JsonObject, depth: number): JsonObject =>
  Object.fromEntries(
    objectsAt(list, 'values').map(({ key, value }) => [String(key), plainValue(value, depth - 1)]),
  );
