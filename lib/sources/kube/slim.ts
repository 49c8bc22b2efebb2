// An object as it is kept: without secrets, and without what says nothing of a start.

import { type JsonObject, objectAt } from '../../base/json.ts';
import { redactObject } from '../../base/redact-object.ts';

/** managedFields is half of an object: who has written which field. */
export function slim(item: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(item, 'metadata');
  return redactObject({ ...item, metadata });
}
