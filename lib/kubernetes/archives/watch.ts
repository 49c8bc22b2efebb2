// Watch lines: `kubectl get -w --output-watch-events`, the API's own ?watch=1, recorders, and coldtrace's evidence store.
//
//   {"arrival_ns":1795311699093789501,"type":"ADDED","object":{…}}
//
// That line, with the arrival in nanoseconds since the epoch, is also the form
// in which coldtrace itself keeps what it saw of a cluster. DELETED of an event
// is its hour running out, and takes nothing back. ERROR and BOOKMARK carry no object.

import { isObject, textAt } from '../../base/json.ts';
import { flatten } from '../dumps/flatten.ts';
import { type EventArchive, isKubeObject } from './contract.ts';

const TYPES = new Set(['ADDED', 'MODIFIED', 'DELETED']);

export const watchLines: EventArchive = {
  name: 'watch',
  says: 'A line of a watch, with or without the instant at which it came in.',
  examples: [
    {
      line: '{"arrival_ns":1795311699093789501,"type":"ADDED","object":{"kind":"Event","apiVersion":"v1","metadata":{"name":"demo.18ea3a7a7343cbc9","namespace":"s-a-cold","uid":"7c2c49f8-eb1e-496b-8894-3447efa0546c","resourceVersion":"6714","creationTimestamp":"2026-11-22T01:41:39Z"},"involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","apiVersion":"v1","resourceVersion":"6712"},"reason":"Scheduled","message":"Successfully assigned s-a-cold/demo to lab-node","source":{},"firstTimestamp":null,"lastTimestamp":null,"type":"Normal","eventTime":"2026-11-22T01:41:39.054797Z","action":"Binding","reportingComponent":"default-scheduler","reportingInstance":"default-scheduler-vm"}}',
      seen: 'our own recorder on Kubernetes 1.36.2',
    },
  ],
  objects: (value) => {
    if (!isObject(value) || !TYPES.has(textAt(value, 'type') ?? '') || !isKubeObject(value['object']))
      return undefined;
    return flatten(value);
  },
};
