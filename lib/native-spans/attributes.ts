// Attributes of OTLP in JSON: a list of keys with typed values.

import { isObject, type JsonObject, listAt, objectAt } from '../base/json.ts';

export type Attributes = ReadonlyMap<string, string>;

/** A stranger's list is not read to its end. */
const MOST = 256;

/** Longest value that is looked at. */
const LONGEST = 1000;

/** Text, numbers and booleans as text; lists and objects say nothing here. */
export function attributesOf(holder: JsonObject): Attributes {
  const pairs = listAt(holder, 'attributes').slice(0, MOST).filter(isObject);
  return new Map(pairs.map((pair) => [String(pair['key']).slice(0, LONGEST), textOf(pair)] as const));
}

function textOf(pair: JsonObject): string {
  const value = objectAt(pair, 'value');
  const told = value['stringValue'] ?? value['intValue'] ?? value['doubleValue'] ?? value['boolValue'] ?? '';
  return typeof told === 'object' ? '' : String(told).slice(0, LONGEST);
}
