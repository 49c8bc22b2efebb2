// An object as it is, one line each: a shipper that runs `kubectl get events -w -o json`, Vector's exec source, a sidecar of one's own.

import { type EventArchive, isKubeObject } from './contract.ts';

export const plainObjects: EventArchive = {
  name: 'plain',
  says: 'A pod, an event or a node as the API server gives it, on one line.',
  examples: [
    {
      line: '{"apiVersion":"v1","kind":"Event","metadata":{"name":"demo.18ea3a7aacd231e0","namespace":"s-a-cold","uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","resourceVersion":"6718","creationTimestamp":"2026-11-22T01:41:40Z"},"involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","fieldPath":"spec.containers{server}"},"reason":"Started","message":"Container started","source":{"component":"kubelet","host":"lab-node"},"firstTimestamp":"2026-11-22T01:41:40Z","lastTimestamp":"2026-11-22T01:41:40Z","count":1,"type":"Normal","eventTime":null}',
      seen: 'kubectl 1.36 get events -o json, jq -c .items[]',
    },
  ],
  objects: (value) => (isKubeObject(value) ? [value] : undefined),
};
