// The API server's audit log: every change of a pod with its author and its microsecond, and every repetition of an event.

import { isObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../base/json.ts';
import { oddValues } from '../objects/odd-values.ts';
import type { UnusableRecord } from '../objects/problem.ts';
import type { KubeRecord } from '../objects/record.ts';
import { type At, type AuditRequest, auditRequest, isRefusedEviction } from './audit-request.ts';
import { foreignAudit } from './cloud-audit.ts';
import { eventRequest } from './event-requests.ts';
import { beginsAudit, mayBeAudit } from './looks-like-audit.ts';
import { podRequest } from './pod-requests.ts';

/**
 * What one line tells; undefined when it is no audit record, nothing when it is
 * one that changed no pod. One that is cut or broken is `unusable`.
 */
export function auditRecords(text: string, at: At): readonly KubeRecord[] | undefined {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (!mayBeAudit(bare)) return foreignAudit(bare, at);
  const parsed = parseJson(bare);
  if (!parsed.ok) return beginsAudit(bare) ? [unreadable(at, bare)] : undefined;
  return isObject(parsed.value) && isAuditRecord(parsed.value) ? recordsOfAudit(parsed.value, at) : undefined;
}

/** The items of a list that was cut off have lost what the list says of their version. */
export function isAuditRecord(object: JsonObject): boolean {
  const version = textAt(object, 'apiVersion') ?? (isShapedLikeOne(object) ? 'audit.k8s.io/' : '');
  return version.startsWith('audit.k8s.io/') && object['kind'] === 'Event';
}

const isShapedLikeOne = (object: JsonObject): boolean =>
  ['auditID', 'stage', 'verb'].every((key) => textAt(object, key) !== undefined);

/** The same for a record that was parsed already: an item of an `EventList`. */
export function recordsOfAudit(record: JsonObject, at: At): readonly KubeRecord[] {
  if (isRefusedEviction(record)) return [{ kind: 'note', counts: 'evictions.refused' }];
  const request = auditRequest(record, at);
  if (request === 'untimed') return [untimed(at)];
  return request === undefined ? [] : recordsOfRequest(request);
}

function recordsOfRequest(request: AuditRequest): readonly KubeRecord[] {
  switch (request.resource) {
    case 'pods':
      return [...podRequest(request), ...oddIn(request, 'Pod')];
    case 'events':
    case 'events.k8s.io/events':
      return [...eventRequest(request), ...oddIn(request, 'Event')];
    default:
      return [];
  }
}

/** Of both bodies, once: a patch names neither its object nor the kind of it. */
function oddIn({ target, body = {}, answer = {} }: AuditRequest, kind: string): readonly UnusableRecord[] {
  const metadata = { name: target.name, namespace: target.namespace };
  const items = listAt(answer, 'items').filter(isObject);
  const named = [answer, body, ...items].map((one) => ({
    ...one,
    kind,
    metadata: { ...metadata, ...objectAt(one, 'metadata') },
  }));
  return named.flatMap(oddValues).slice(0, 1);
}

const lineOf = ({ line }: At): string => (line === undefined ? 'an audit record' : `line ${line}`);

/** The parser's own words quote the text, which nobody has redacted. */
const unreadable = (at: At, text: string): UnusableRecord => ({
  kind: 'unusable',
  problem: {
    where: lineOf(at),
    expected: 'a whole audit record in JSON',
    came: /\}\s{0,8}$/.test(text.slice(-16))
      ? 'JSON with a mistake in it'
      : `text that ends after ${text.length} characters`,
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
