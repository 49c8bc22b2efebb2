// A Kubernetes object reduced to what a startup needs of it; most of it never is kept.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import type { EventPatchRecord } from './event-patch-record.ts';
import { type EventRecord, eventRecord } from './event-record.ts';
import type { JournalRecord } from './journal-record.ts';
import { type NodeRecord, nodeRecord } from './node-record.ts';
import type { NoteRecord } from './note.ts';
import { type PodRecord, podRecord } from './pod-record.ts';
import type { UnusableRecord } from './problem.ts';
import type { SightingRecord } from './sighting.ts';

export type KubeRecord =
  | PodRecord
  | EventRecord
  | EventPatchRecord
  | NodeRecord
  | SightingRecord
  | JournalRecord
  | NoteRecord
  | UnusableRecord;

/**
 * The slim record of a Pod, an Event about a pod, or a Node; undefined for
 * every other kind. A pod or event without a pod uid is `unusable`.
 */
export function recordOf(object: JsonObject): KubeRecord | undefined {
  switch (textAt(object, 'kind') ?? kindByShape(object)) {
    case 'Pod':
      return podRecord(object);
    case 'Event':
      return eventRecord(object);
    case 'Node':
      return nodeRecord(object);
    default:
      return undefined;
  }
}

/** Of an object without a kind: Go programs that marshal a typed object leave it out. */
export function kindByShape(object: JsonObject): string | undefined {
  if ('involvedObject' in object || 'regarding' in object) return 'Event';
  return Array.isArray(objectAt(object, 'spec')['containers']) ? 'Pod' : undefined;
}
