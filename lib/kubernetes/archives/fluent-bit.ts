// Fluent Bit's input kubernetes_events: the object as the API server gave it, in the envelopes of Fluent Bit's outputs.
//
// The record's time is lastTimestamp when there is one, else the creation
// (tests/runtime/data/in_kubernetes_events): of a repeated event it is the last
// occurrence, so it is not looked at.

import { isObject, type JsonObject } from '../../base/json.ts';
import { type EventArchive, isEvent } from './contract.ts';

const RECORD =
  '{"metadata":{"name":"demo.18ea3a7aacd231e0","namespace":"s-a-cold","uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","resourceVersion":"6718","creationTimestamp":"2026-11-22T01:41:40Z"},"involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","apiVersion":"v1","resourceVersion":"6712","fieldPath":"spec.containers{server}"},"reason":"Started","message":"Container started","source":{"component":"kubelet","host":"lab-node"},"firstTimestamp":"2026-11-22T01:41:40Z","lastTimestamp":"2026-11-22T01:41:40Z","count":1,"type":"Normal","eventTime":null,"reportingComponent":"kubelet","reportingInstance":"lab-node"}';

export const fluentBitEvents: EventArchive = {
  name: 'fluent-bit kubernetes_events',
  says: 'Fluent Bit, input kubernetes_events: outputs stdout, file, http with json or json_lines.',
  examples: [
    {
      line: `[1795311700.000000,${RECORD}]`,
      seen: 'fluent/fluent-bit a1c8dd5, tests/runtime/data/in_kubernetes_events/eventlist_v1_with_lastTimestamp.out (lib output)',
    },
    {
      line: `[[1795311700.000000,{}],${RECORD}]`,
      seen: 'Fluent Bit from 2.1 on: records carry metadata (output stdout, format json_stream of msgpack)',
    },
    {
      line: `{"date":1795311700.0,${RECORD.slice(1)}`,
      seen: 'fluent/fluent-bit, output file with format plain and stdout with json_lines: json_date_key is date',
    },
  ],
  objects,
};

/** An array may hold several records: format json. */
function objects(value: unknown): readonly JsonObject[] | undefined {
  if (isObject(value)) return isEvent(value) && isDate(value['date']) ? [value] : undefined;
  return Array.isArray(value) ? inArray(value) : undefined;
}

function inArray(value: readonly unknown[]): readonly JsonObject[] | undefined {
  const [first, second] = value;
  if (value.length === 2 && isStamp(first)) return isEvent(second) ? [second] : undefined;
  return value.length > 0 && value.every(isDated) ? value.filter(isEvent) : undefined;
}

const isDated = (value: unknown): boolean => isEvent(value) && isDate(value['date']);

const isDate = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';

const isStamp = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && typeof value[0] === 'number');
