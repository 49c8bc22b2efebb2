// One version of an object: what names it, and what of it is kept.

import { createHash } from 'node:crypto';
import { type JsonObject, objectAt, textAt } from '../base/json.ts';

/**
 * The same text for the same version, in whichever shape: both groups of events show one object with one uid and
 * one version. A node's own version changes with every heartbeat (each 5 min, kubelet 1.36), so a node is known by
 * what does not; and so is what has no version.
 */
export function versionId(object: JsonObject): string {
  const metadata = objectAt(object, 'metadata');
  const [uid, version] = [textAt(metadata, 'uid'), textAt(metadata, 'resourceVersion')];
  const isNamed = uid !== undefined && version !== undefined && !isNode(object);
  const said = isNamed ? ['version', uid, version] : ['content', JSON.stringify(steady(object))];
  return createHash('sha256').update(said.join('\0')).digest('hex').slice(0, 24);
}

/** Without the list of images on the node: half of the object, changing with every pull, and it tells of no start. */
export function keptOf(object: JsonObject): JsonObject {
  if (!isNode(object)) return object;
  const { images: _, ...status } = objectAt(object, 'status');
  return { ...object, status };
}

const isNode = ({ kind }: JsonObject): boolean => kind === 'Node';

function steady(object: JsonObject): JsonObject {
  if (!isNode(object)) return object;
  const { resourceVersion: _, ...metadata } = objectAt(object, 'metadata');
  return { metadata, spec: object['spec'] };
}
