// What one object of a dump tells: a pod, an event, a node, or a request that the audit log kept.

import type { JsonObject } from '../base/json.ts';
import { isAuditRecord, recordsOfAudit } from './audit/audit-records.ts';
import { type KubeRecord, recordOf } from './objects/record.ts';

/** `source`: logical name of the file. Empty for every other kind. */
export function recordsOf(object: JsonObject, source: string): readonly KubeRecord[] {
  if (isAuditRecord(object)) return recordsOfAudit(object, { source });
  const record = recordOf(object);
  return record === undefined ? [] : [record];
}
