// One record of the audit log as a request: who asked the API server for what, when, and what it answered.
//
//   {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"…","stage":"ResponseComplete",
//    "requestURI":"/api/v1/namespaces/x/pods/demo/binding","verb":"create","user":{"username":"system:kube-scheduler"},
//    "objectRef":{"resource":"pods","namespace":"x","name":"demo","uid":"…","apiVersion":"v1","subresource":"binding"},
//    "responseStatus":{"code":201},"requestReceivedTimestamp":"2026-11-22T01:43:34.465774Z","stageTimestamp":"…"}
//
// Seen: kube-apiserver 1.36.3, --audit-log-path; EKS writes the same to the
// streams kube-apiserver-audit-* of /aws/eks/<cluster>/cluster. The level is not
// asked for: bodies are there or are not (a truncated record has lost them).

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { cut } from '../../base/text.ts';
import type { Moment, Proof } from '../../model/mark.ts';
import { momentOf } from '../objects/moments.ts';

/** Where a record was read. */
export interface At {
  readonly source: string;
  readonly line?: number;
}

export interface AuditRequest {
  readonly verb: string;
  /** `pods`, `events`; with the group in front when it is not the core one: `events.k8s.io/events`. */
  readonly resource: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** As far as the URL tells: a pod with a generated name has none when it is created. */
  readonly target: {
    readonly namespace: string | undefined;
    readonly name: string | undefined;
    readonly uid: string | undefined;
  };
  /** Redacted and cut; `alice as bob` when she impersonated him. */
  readonly author: string;
  readonly code: number;
  readonly received: Moment;
  /** When the answer was sent. */
  readonly completed: Moment;
  /** The body that was sent, and the one that came back: undefined when the policy keeps none, or it is no object. */
  readonly body: JsonObject | undefined;
  readonly answer: JsonObject | undefined;
  readonly where: Pick<Proof, 'source' | 'line'>;
}

const AUTHOR = 128;

/**
 * Undefined for what changed nothing: another stage than the last, a refusal, a
 * dry run. `'untimed'` when a time is missing, without which a record is worth nothing.
 */
export function auditRequest(record: JsonObject, at: At): AuditRequest | 'untimed' | undefined {
  const code = objectAt(record, 'responseStatus')['code'];
  if (record['stage'] !== 'ResponseComplete' || typeof code !== 'number' || isDryRun(record))
    return undefined;
  if (!(code >= 200 && code < 300)) return undefined;
  const received = momentOf(record['requestReceivedTimestamp']);
  const completed = momentOf(record['stageTimestamp']);
  if (received === undefined || completed === undefined) return 'untimed';
  const of = objectAt(record, 'objectRef');
  return {
    verb: textAt(record, 'verb') ?? '',
    resource: [textAt(of, 'apiGroup'), textAt(of, 'resource')].filter((part) => part !== undefined).join('/'),
    subresource: textAt(of, 'subresource') ?? '',
    target: { namespace: textAt(of, 'namespace'), name: textAt(of, 'name'), uid: textAt(of, 'uid') },
    author: authorOf(record),
    code,
    received,
    completed,
    body: bodyOf(record['requestObject']),
    answer: bodyOf(record['responseObject']),
    where: whereOf(record, at),
  };
}

/**
 * A disruption budget said no (429 TooManyRequests, "Cannot evict pod as it would violate
 * the pod's disruption budget."): nothing happened to the pod, whoever asked comes again.
 */
export function isRefusedEviction(record: JsonObject): boolean {
  const of = objectAt(record, 'objectRef');
  return (
    record['stage'] === 'ResponseComplete' &&
    record['verb'] === 'create' &&
    of['resource'] === 'pods' &&
    of['subresource'] === 'eviction' &&
    objectAt(record, 'responseStatus')['code'] === 429 &&
    !isDryRun(record)
  );
}

const bodyOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

/** `?dryRun=All` in the URL, or in the options that a deletion or an eviction has as its body. */
function isDryRun(record: JsonObject): boolean {
  const body = objectAt(record, 'requestObject');
  const options = [body, objectAt(body, 'deleteOptions')];
  const uri = textAt(record, 'requestURI') ?? '';
  return (
    /[?&]dryRun=All(?:&|$)/.test(uri) ||
    options.some((one) => listAt(one, 'dryRun').some((stage) => stage === 'All'))
  );
}

function authorOf(record: JsonObject): string {
  const user = textAt(objectAt(record, 'user'), 'username') ?? 'somebody';
  const as = textAt(objectAt(record, 'impersonatedUser'), 'username');
  return as === undefined ? named(user) : `${named(user)} as ${named(as)}`;
}

const named = (user: string): string => cut(redact(cut(user, 4 * AUTHOR)), AUTHOR);

/**
 * The record's own id, so that a copy of the log, or its way through CloudWatch,
 * changes nothing; `grep` finds it. Clients may choose it, so its shape is checked.
 */
function whereOf(record: JsonObject, { source, line }: At): Pick<Proof, 'source' | 'line'> {
  const id = textAt(record, 'auditID') ?? '';
  if (/^[\w.-]{8,64}$/.test(id)) return { source: `audit/${id}` };
  return line === undefined ? { source } : { source, line };
}

/** Text: `create pods/binding by system:kube-scheduler: 201`. Never a body. */
export function auditProof(request: AuditRequest, rule: string): Proof {
  const { verb, resource, subresource, author, code, where } = request;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  return { ...where, text: `${verb} ${what} by ${author}: ${code}`, rule: `audit.${rule}` };
}
