// What an archive of events is: a program that keeps them longer than the API server's hour, one line each.

import { isObject, type JsonObject } from '../../base/json.ts';

export interface ArchiveExample {
  readonly line: string;
  /** Who writes it: program, version or commit, file. */
  readonly seen: string;
}

export interface EventArchive {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly says: string;
  readonly examples: readonly ArchiveExample[];
  /**
   * The objects inside a parsed line, as the API server would give them; undefined
   * when the line is not of this archive. The time of the envelope is never an event's.
   */
  readonly objects: (value: unknown, may?: MayTell) => readonly JsonObject[] | undefined;
}

/**
 * Of records that name their own printer, each with its own: whether it may tell of pods.
 * Asked of those that tell, with the attributes of their resource and their own.
 */
export type MayTell = (resource: ReadonlyMap<string, string>, record: ReadonlyMap<string, string>) => boolean;

/** An event, core/v1 or events.k8s.io/v1, with or without its kind. Audit records are of kind Event too. */
export function isEvent(value: unknown): value is JsonObject {
  if (!isObject(value) || !isObject(value['metadata'])) return false;
  return isObject(value['involvedObject']) || isObject(value['regarding']);
}

const KINDS = new Set(['Pod', 'Node', 'Event']);

/** One of the objects that are read. */
export const isKubeObject = (value: unknown): value is JsonObject =>
  isEvent(value) ||
  (isObject(value) &&
    isObject(value['metadata']) &&
    KINDS.has(String(value['kind'])) &&
    !String(value['apiVersion']).startsWith('audit.'));
