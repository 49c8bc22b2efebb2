// Requests that write events: the first time in full, every repetition as a patch of its own.

import { type JsonObject, objectAt } from '../../base/json.ts';
import { type EventPatchRecord, eventPatchRecord } from '../objects/event-patch-record.ts';
import { eventRecord } from '../objects/event-record.ts';
import type { KubeRecord } from '../objects/record.ts';
import { type AuditRequest, auditProof } from './audit-request.ts';

/** EKS keeps no events at all, kubeadm-like policies neither; where they are kept, bodies need level Request. */
export function eventRequest(request: AuditRequest): readonly KubeRecord[] {
  if (request.subresource !== '') return [];
  switch (request.verb) {
    case 'create':
      return whole(request, request.answer ?? request.body);
    case 'update':
      return [...whole(request, request.answer ?? request.body), ...repetition(request)];
    case 'patch':
      return [...whole(request, request.answer), ...repetition(request)];
    default:
      return [];
  }
}

/** The body of a request may leave out what its URL says. */
function whole({ target }: AuditRequest, event: JsonObject | undefined): readonly KubeRecord[] {
  if (event === undefined) return [];
  const { namespace, name } = target;
  const metadata = { ...present({ namespace, name }), ...objectAt(event, 'metadata') };
  const record = eventRecord({ ...event, metadata });
  return record === undefined ? [] : [record];
}

const present = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function repetition(request: AuditRequest): readonly EventPatchRecord[] {
  const patch = request.body ?? request.answer;
  const { namespace, name } = request.target;
  if (patch === undefined || namespace === undefined || name === undefined) return [];
  const proof = auditProof(request, 'event_patch');
  return [eventPatchRecord(patch, { namespace, name, at: request.received, proof })];
}
