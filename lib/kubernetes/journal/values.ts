// Values in the fields of a kubelet record: pods, ids, names, PLEG events, times.

import { type Instant, parseInstant } from '../../base/instant.ts';
import { isObject, parseJson } from '../../base/json.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { Fields } from './journal-line.ts';

const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const UID = /^[0-9a-f-]{32,36}$/;
const ID = /^[0-9a-f]{64}$/;
const CONTAINER = /^[a-z0-9-]{1,63}$/;

/** `namespace/name`, or the object that JSON logging prints; with the uid of another field. */
export function podIn(fields: Fields, uidKey = 'podUID'): PodReference | undefined {
  const pod = podNamed(fields.get('pod') ?? '');
  const uid = uidOf(fields.get(uidKey));
  return pod === undefined ? undefined : { ...pod, uid };
}

function podNamed(text: string): PodReference | undefined {
  const named = text.startsWith('{') ? objectNamed(text) : text.split('/', 3);
  const [namespace = '', name = ''] = named;
  const isPod = named.length === 2 && OBJECT_NAME.test(namespace) && OBJECT_NAME.test(name);
  return isPod ? { uid: undefined, namespace, name } : undefined;
}

function objectNamed(text: string): readonly string[] {
  const parsed = parseJson(text);
  return parsed.ok ? namesOf(parsed.value) : [];
}

const namesOf = (value: unknown): readonly string[] =>
  isObject(value) ? [String(value['namespace']), String(value['name'])] : [];

/** `["ns/a","ns/b"]`, `[ns/a ns/b]` (up to klog 2.90), `[{"name":"a","namespace":"ns"}]` (JSON logging). */
export function podsIn(fields: Fields): readonly PodReference[] {
  const text = fields.get('pods') ?? '';
  const parsed = parseJson(text);
  const names = parsed.ok && Array.isArray(parsed.value) ? parsed.value.map(asText) : bareNames(text);
  return names.flatMap((name) => podNamed(name) ?? []);
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : namesOf(value).join('/'));

const bareNames = (text: string): readonly string[] => text.slice(1, -1).split(' ');

const matching = (pattern: RegExp, text: string | undefined): string | undefined =>
  text !== undefined && pattern.test(text) ? text : undefined;

export const uidOf = (text: string | undefined): string | undefined => matching(UID, text);

export const idOf = (text: string | undefined): string | undefined => matching(ID, text);

export const containerIn = (fields: Fields): string | undefined =>
  matching(CONTAINER, fields.get('containerName'));

/** `containerd://8f…`, `{"Type":"containerd","ID":"8f…"}`, `{Type:containerd ID:8f…}`. */
export const idWithin = (text: string | undefined): string | undefined =>
  /(?<![0-9a-f])(?<id>[0-9a-f]{64})(?![0-9a-f])/.exec((text ?? '').slice(0, 400))?.groups?.['id'];

export interface PlegEvent {
  readonly uid: string;
  readonly type: 'ContainerStarted' | 'ContainerDied';
  readonly id: string;
}

const PLEG =
  /^&?\{"?ID"?:"?(?<uid>[0-9a-f-]{32,36})"?[, ]"?Type"?:"?(?<type>ContainerStarted|ContainerDied)"?[, ]"?Data"?:"?(?<id>[0-9a-f]{64})"?\}$/;

/** `{"ID":"…","Type":"ContainerStarted","Data":"…"}`; `&{ID:… Type:… Data:…}` up to klog 2.90. */
export function plegEvent(text: string | undefined): PlegEvent | undefined {
  const groups = PLEG.exec(text ?? '')?.groups;
  if (groups === undefined) return undefined;
  const { uid = '', id = '' } = groups;
  return { uid, id, type: groups['type'] === 'ContainerDied' ? 'ContainerDied' : 'ContainerStarted' };
}

/** Whole and not negative; undefined for everything else. */
export function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const GO_TIME =
  /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d(?:\.\d{1,9})?) (?<zone>[+-]\d{4}) [A-Za-z0-9+-]{1,8}(?: m=[+-][\d.]{1,30})?$/;

export interface GoTime {
  readonly at: Instant;
  /** `+0000`: of the clock of the node. */
  readonly zone: string;
}

/** `2026-11-22 01:41:45.784769374 +0000 UTC m=+889.678`, as Go prints a time; undefined for the zero time (year 1). */
export function goTime(text: string | undefined): GoTime | undefined {
  const { date = '', time = '', zone = '' } = GO_TIME.exec(text ?? '')?.groups ?? {};
  const at = parseInstant(`${date}T${time}${zone}`);
  return at === undefined || at <= 0n ? undefined : { at, zone };
}
