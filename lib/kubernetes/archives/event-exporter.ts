// kubernetes-event-exporter (opsgenie, then resmoio), sinks stdout, file, S3, Kinesis … without a `layout`.
//
// It marshals its EnhancedEvent: a core/v1 event without its kind, with the name of the cluster, and with the
// labels of the object that it is about. It ignores updates of an event (pkg/kube/watcher.go, OnUpdate): what
// it kept is the first occurrence, count and all. With a `layout` every user has a format of his own.

import { type ArchiveExample, type EventArchive, isEvent } from './contract.ts';

const examples: readonly ArchiveExample[] = [
  {
    line: '{"metadata":{"name":"demo.18ea3a7aacd231e0","namespace":"s-a-cold","uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","resourceVersion":"6718","creationTimestamp":"2026-11-22T01:41:40Z"},"reason":"Pulling","message":"Pulling image \\"127.0.0.1:5000/work:a1\\"","source":{"component":"kubelet","host":"lab-node"},"firstTimestamp":"2026-11-22T01:41:40Z","lastTimestamp":"2026-11-22T01:41:40Z","count":1,"type":"Normal","eventTime":null,"reportingComponent":"kubelet","reportingInstance":"lab-node","clusterName":"lab","involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","apiVersion":"v1","resourceVersion":"6712","fieldPath":"spec.containers{server}","labels":{"app":"demo"},"deleted":false}}',
    seen: 'resmoio/kubernetes-event-exporter 907ce91 (v1.7), pkg/kube/event.go, pkg/sinks/stdout.go',
  },
];

export const eventExporter: EventArchive = {
  name: 'kubernetes-event-exporter',
  says: 'kubernetes-event-exporter without a layout: one event per line, the first occurrence of each.',
  examples,
  objects: (value) => (isEvent(value) && 'clusterName' in value ? [value] : undefined),
};
