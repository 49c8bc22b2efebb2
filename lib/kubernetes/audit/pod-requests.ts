// Requests that make, bind, change and remove pods.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import type { Moment } from '../../model/mark.ts';
import { type PodRecord, podRecord, untimedConditions } from '../objects/pod-record.ts';
import type { KubeRecord } from '../objects/record.ts';
import type { PodReference, Saw, SightingRecord } from '../objects/sighting.ts';
import { type AuditRequest, auditProof } from './audit-request.ts';
import { statusSightings } from './status-sightings.ts';

type Teller = (request: AuditRequest) => readonly KubeRecord[];

const TELLERS: ReadonlyMap<string, Teller> = new Map<string, Teller>([
  ['create pods', created],
  ['create pods/binding', bound],
  ['create pods/eviction', (request) => deleted(request, 'evict')],
  ['delete pods', (request) => [...deleted(request, 'delete'), ...versions(request, 'delete')]],
  ['deletecollection pods', allDeleted],
  ['patch pods/status', statusWritten],
  ['update pods/status', statusWritten],
]);

/** What any other change leaves behind: an image that was set, a label, resources that were resized. */
const changed: Teller = (request) => versions(request, request.verb);

export function podRequest(request: AuditRequest): readonly KubeRecord[] {
  const { verb, subresource } = request;
  const known = TELLERS.get(`${verb} pods${subresource === '' ? '' : `/${subresource}`}`);
  const tell = known ?? (verb === 'patch' || verb === 'update' ? changed : undefined);
  return tell?.(request) ?? [];
}

function created(request: AuditRequest): readonly KubeRecord[] {
  return [...sighting(request, { what: 'created' }, 'create'), ...versions(request, 'create')];
}

/** The scheduler's decision holds once it is answered; the node stands in the body only. */
function bound(request: AuditRequest): readonly SightingRecord[] {
  const node = textAt(objectAt(request.body ?? {}, 'target'), 'name');
  const saw: Saw = { what: 'scheduled', ...(node === undefined ? {} : { node }) };
  return sighting(request, saw, 'binding', request.completed);
}

/**
 * A deletion comes twice: by whoever asked, and, once the containers have
 * stopped, by the kubelet (`system:node:…`, grace 0), which removes the object.
 */
const deleted = (request: AuditRequest, how: 'delete' | 'evict'): readonly SightingRecord[] =>
  sighting(request, { what: 'deleted', by: request.author, how }, how === 'evict' ? 'eviction' : 'delete');

/** The answer lists the pods as they were before; without it nobody knows which ones they were. */
function allDeleted(request: AuditRequest): readonly KubeRecord[] {
  return listAt(request.answer ?? {}, 'items')
    .filter(isObject)
    .flatMap((pod) => {
      const one = { ...request, answer: { ...pod, kind: 'Pod' }, body: undefined };
      return [...deleted(one, 'delete'), ...versions(one, 'delete')];
    });
}

function statusWritten(request: AuditRequest): readonly KubeRecord[] {
  const { body, answer } = request;
  const told = body ?? podIn(answer);
  if (told === undefined) return sighting(request, { what: 'status_written' }, 'status');
  const isWhole = request.verb === 'update' || body === undefined;
  const seen = statusSightings(objectAt(told, 'status'), { heard: request.received, isWhole });
  return [
    ...seen.flatMap(({ saw, said }) =>
      sighting(request, saw, saw.what).map((one) => (said === undefined ? one : { ...one, said })),
    ),
    ...versions(request, 'status_patch'),
  ];
}

/** The pod as it was afterwards, else what a patch of its status says. */
function versions(request: AuditRequest, rule: string): readonly PodRecord[] {
  const { verb, subresource, body, answer, received, where } = request;
  const seen = { when: received, rule: `audit.${rule}`, ...where };
  const whole = podIn(answer) ?? (verb === 'update' ? podIn(body) : undefined);
  if (whole !== undefined) return podsOf(whole).map((pod) => ({ ...pod, seen }));
  if (verb !== 'patch' || subresource !== 'status' || body === undefined) return [];
  const status = objectAt(body, 'status');
  const { uid, namespace, name } = referenceOf(request);
  const untimed = untimedConditions(status);
  const patched = podsOf({ metadata: { uid, namespace, name }, status });
  return patched.map((pod) => ({
    ...pod,
    seen,
    isPatch: true as const,
    ...(untimed.length > 0 ? { untimed } : {}),
  }));
}

const podIn = (object: JsonObject | undefined): JsonObject | undefined =>
  object !== undefined && textAt(object, 'kind') === 'Pod' ? object : undefined;

/** A manifest that has no uid yet is no version of a pod. */
function podsOf(object: JsonObject): readonly PodRecord[] {
  const record = podRecord(object);
  return record.kind === 'pod' ? [record] : [];
}

function sighting(
  request: AuditRequest,
  saw: Saw,
  rule: string,
  when: Moment = request.received,
): readonly SightingRecord[] {
  const pod = referenceOf(request);
  if (pod.uid === undefined && pod.name === undefined) return [];
  return [{ kind: 'sighting', pod, saw, when, proof: auditProof(request, rule), node: undefined }];
}

/** The answer knows best: a generated name stands nowhere else. A deletion may carry the uid that it means. */
function referenceOf({ target, body = {}, answer = {} }: AuditRequest): PodReference {
  const [made, sent] = [objectAt(podIn(answer) ?? {}, 'metadata'), objectAt(body, 'metadata')];
  const uid =
    textAt(made, 'uid') ??
    textAt(sent, 'uid') ??
    target.uid ??
    textAt(objectAt(answer, 'details'), 'uid') ??
    textAt(objectAt(body, 'preconditions'), 'uid');
  return {
    uid,
    namespace: textAt(made, 'namespace') ?? target.namespace,
    name: textAt(made, 'name') ?? target.name ?? textAt(sent, 'name'),
  };
}
