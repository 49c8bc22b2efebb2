// Kubernetes dumps: JSON, NDJSON, YAML, watch streams; of any length, whole or cut off.

import type { JsonObject } from '../../base/json.ts';
import type { Problem } from '../objects/problem.ts';
import type { DumpReader, DumpStart } from './contract.ts';
import { jsonDump } from './json-dump.ts';

/** By how the text begins. The YAML parser is only loaded when it is not JSON. */
export async function dumpReader(head: Buffer, start: DumpStart): Promise<DumpReader> {
  if (isJson(head)) return jsonDump(start);
  const { yamlDump } = await import('./yaml-dump.ts');
  return yamlDump(start);
}

const isJson = (head: Buffer): boolean => /^\uFEFF?\s*[[{]/.test(head.toString('utf8', 0, 4096));

export interface Documents {
  readonly objects: readonly JsonObject[];
  readonly problems: readonly Problem[];
}

/** All objects in a text, lists flattened, and what could not be read. Never rejects. */
export async function readDocuments(text: string, where: string): Promise<Documents> {
  const bytes = Buffer.from(text);
  const objects: JsonObject[] = [];
  const reader = await dumpReader(bytes, { where, take: (object) => void objects.push(object) });
  reader.push(bytes);
  return { problems: reader.end(), objects };
}
