// eventrouter (heptiolabs, OpenShift logging's fork): sinks stdout, glog, HTTP.
//
// A new event is ADDED, a repetition UPDATED with the version before it in
// old_event: both are what the API server said at their time. It tells nothing
// of DELETED, since events only expire.

import { isObject, type JsonObject } from '../../base/json.ts';
import { type EventArchive, isEvent } from './contract.ts';

export const eventrouter: EventArchive = {
  name: 'eventrouter',
  says: 'eventrouter: a verb, the event, and for a repetition the event before it; bare, behind a glog header, or below the name of a namespace.',
  examples: [
    {
      line: '{"verb":"ADDED","event":{"metadata":{"name":"demo.18ea3a7aacd231e0","namespace":"s-a-cold","uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","resourceVersion":"6718","creationTimestamp":"2026-11-22T01:41:40Z"},"involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","apiVersion":"v1","resourceVersion":"6712","fieldPath":"spec.containers{server}"},"reason":"Pulling","message":"Pulling image \\"127.0.0.1:5000/work:a1\\"","source":{"component":"kubelet","host":"lab-node"},"firstTimestamp":"2026-11-22T01:41:40Z","lastTimestamp":"2026-11-22T01:41:40Z","count":1,"type":"Normal","eventTime":null,"reportingComponent":"","reportingInstance":""}}',
      seen: 'heptiolabs/eventrouter eec9229, sinks/eventdata.go, sinks/stdoutsink.go; OpenShift logging, cluster-logging-eventrouter',
    },
    {
      line: 'I1122 01:41:40.912345       1 glogsink.go:43] {"verb":"ADDED","event":{"metadata":{"name":"demo.18ea3a7aacd231e0","namespace":"s-a-cold","uid":"4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5","resourceVersion":"6718","creationTimestamp":"2026-11-22T01:41:40Z"},"involvedObject":{"kind":"Pod","namespace":"s-a-cold","name":"demo","uid":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599"},"reason":"Created","message":"Container created","source":{"component":"kubelet","host":"lab-node"},"firstTimestamp":"2026-11-22T01:41:40Z","lastTimestamp":"2026-11-22T01:41:40Z","count":1,"type":"Normal","eventTime":null}}',
      seen: 'heptiolabs/eventrouter eec9229, sinks/glogsink.go',
    },
  ],
  objects,
};

function objects(value: unknown): readonly JsonObject[] | undefined {
  if (!isObject(value)) return undefined;
  return versions(value) ?? named(value);
}

function versions({ verb, event, old_event: before }: JsonObject): readonly JsonObject[] | undefined {
  if ((verb !== 'ADDED' && verb !== 'UPDATED') || !isEvent(event)) return undefined;
  return isEvent(before) ? [before, event] : [event];
}

/** stdout-namespace: `{"<name>":{"verb":…}}`. */
function named(value: JsonObject): readonly JsonObject[] | undefined {
  const [inner, ...others] = Object.values(value);
  return others.length === 0 && isObject(inner) ? versions(inner) : undefined;
}
