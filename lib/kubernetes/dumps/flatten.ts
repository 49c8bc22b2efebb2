// Takes Kubernetes objects out of what they travel in: lists, watch lines, recordings.

import { isObject, type JsonObject, textAt } from '../../base/json.ts';

/** A list in a list in a watch line is the deepest that tools write. */
const DEPTH = 4;

/** BOOKMARK carries an empty object, ERROR a Status (etcd 3.4.23: "Too large resource version"). */
const CARRIES = new Set(['ADDED', 'MODIFIED', 'DELETED']);

/**
 * The objects inside a value: of a `List` or `PodList`, of an array, of a watch
 * line `{"type":"ADDED","object":{…}}` (with or without `arrival_ns`), or itself.
 *
 * DELETED is no retraction: an event that outlives its TTL is sent that way.
 */
export function flatten(value: unknown, depth = DEPTH): readonly JsonObject[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => flatten(item, depth - 1));
  if (!isObject(value)) return [];
  const type = textAt(value, 'type');
  if (type !== undefined && isObject(value['object'])) {
    return CARRIES.has(type) ? flatten(value['object'], depth - 1) : [];
  }
  return isList(value) ? itemsOf(value, depth) : [value];
}

const isList = (value: JsonObject): boolean =>
  Array.isArray(value['items']) && (textAt(value, 'kind') ?? 'List').endsWith('List');

/** Items of a `PodList` from the raw API have neither kind nor apiVersion: the list tells them. */
function itemsOf(list: JsonObject, depth: number): readonly JsonObject[] {
  const kind = textAt(list, 'kind')?.slice(0, -'List'.length);
  const told = kind === undefined || kind === '' ? {} : { kind, apiVersion: list['apiVersion'] };
  return flatten(list['items'], depth - 1).map((item) => ('kind' in item ? item : { ...told, ...item }));
}
