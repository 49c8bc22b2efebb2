// The API server's audit log: every change of a pod with its author and its microsecond, and every repetition of an event.

import { isObject, type JsonObject, parseJson, textAt } from '../../base/json.ts';
import type { UnusableRecord } from '../objects/problem.ts';
import type { KubeRecord } from '../objects/record.ts';
import { type At, type AuditRequest, auditRequest } from './audit-request.ts';
import { eventRequest } from './event-requests.ts';
import { beginsAudit, mayBeAudit } from './looks-like-audit.ts';
import { podRequest } from './pod-requests.ts';

/**
 * What one line tells; undefined when it is no audit record, nothing when it is
 * one that changed no pod. One that is cut or broken is `unusable`.
 */
export function auditRecords(text: string, at: At): readonly KubeRecord[] | undefined {
  if (!mayBeAudit(text)) return undefined;
  const parsed = parseJson(text);
  if (!parsed.ok) return beginsAudit(text) ? [unreadable(at, parsed.error)] : undefined;
  return isObject(parsed.value) && isAuditRecord(parsed.value) ? recordsOfAudit(parsed.value, at) : undefined;
}

export const isAuditRecord = (object: JsonObject): boolean =>
  (textAt(object, 'apiVersion') ?? '').startsWith('audit.k8s.io/') && object['kind'] === 'Event';

/** The same for a record that was parsed already: an item of an `EventList`. */
export function recordsOfAudit(record: JsonObject, at: At): readonly KubeRecord[] {
  const request = auditRequest(record, at);
  if (request === 'untimed') return [untimed(at)];
  return request === undefined ? [] : recordsOfRequest(request);
}

function recordsOfRequest(request: AuditRequest): readonly KubeRecord[] {
  switch (request.resource) {
    case 'pods':
      return podRequest(request);
    case 'events':
    case 'events.k8s.io/events':
      return eventRequest(request);
    default:
      return [];
  }
}

const lineOf = ({ line }: At): string => (line === undefined ? 'an audit record' : `line ${line}`);

/** The parser's words may quote the text, which nobody has redacted: only what they say of the place is kept. */
const unreadable = (at: At, error: string): UnusableRecord => ({
  kind: 'unusable',
  problem: {
    where: lineOf(at),
    expected: 'a whole audit record in JSON',
    came: /unterminated|end of JSON/i.test(error) ? 'one that is cut off' : 'JSON with a mistake in it',
  },
});

const untimed = (at: At): UnusableRecord => ({
  kind: 'unusable',
  problem: {
    where: lineOf(at),
    expected: 'requestReceivedTimestamp and stageTimestamp of an audit record',
    came: 'none that can be read',
  },
});
