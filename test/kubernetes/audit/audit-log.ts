// The recorded audit logs, whole or one request of them, and ways to change a record.

import { readFileSync } from 'node:fs';
import { isObject, type JsonObject, objectAt } from '../../../lib/base/json.ts';
import { type KubeRecord, lineRecords } from '../../../lib/kubernetes/index.ts';
import type { SightingRecord } from '../../../lib/kubernetes/objects/sighting.ts';

export type AuditLog =
  | 'crashloop.request-response'
  | 'crashloop.request'
  | 'crashloop.metadata'
  | 'vllm.eks'
  | 'deletions.eks'
  | 'odd';

export const linesOf = (log: AuditLog): readonly string[] =>
  readFileSync(`fixtures/kubernetes-audit/${log}.log`, 'utf8').trimEnd().split('\n');

/** One line, counted from 1. */
export function lineOf(log: AuditLog, line: number): string {
  const text = linesOf(log)[line - 1];
  if (text === undefined) throw new Error(`${log} has no line ${line}`);
  return text;
}

export function objectOf(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('expected an object');
  return value;
}

/** The line with some members of the record replaced; undefined takes one away. */
export const changed = (text: string, members: JsonObject): string =>
  JSON.stringify({ ...objectOf(text), ...members });

/** The same inside one member: `responseStatus`, `objectRef`. */
export const changedIn = (text: string, key: string, members: JsonObject): string =>
  changed(text, { [key]: { ...objectAt(objectOf(text), key), ...members } });

export const told = (text: string, line = 1): readonly KubeRecord[] | undefined =>
  lineRecords({ text, source: 'audit.log', line })?.records;

export const allTold = (lines: readonly string[]): readonly KubeRecord[] =>
  lines.flatMap((text, index) => told(text, index + 1) ?? []);

export const isSighting = (record: KubeRecord): record is SightingRecord => record.kind === 'sighting';

/** `what 2026-…Z by whom`, one line per record, for tables. */
export function inWords(record: KubeRecord): string {
  switch (record.kind) {
    case 'sighting': {
      const { what, ...rest } = record.saw;
      const pod = `${record.pod.namespace}/${record.pod.name} ${record.pod.uid ?? 'no uid'}`;
      return [what, ...Object.values(rest), record.when.at, pod, record.proof.rule].join(' ');
    }
    case 'pod':
      return `${record.isPatch === true ? 'patch' : 'pod'} ${record.uid} ${record.version} ${record.seen?.rule} ${record.seen?.when.at}`;
    case 'event':
      return `event ${record.name} ${record.reason} ${record.count} ${record.pod.uid}`;
    case 'event_patch':
      return `event_patch ${record.namespace}/${record.name} ${record.count} ${record.at.at}`;
    case 'unusable':
      return `unusable ${record.problem.where}: expected ${record.problem.expected}, got ${record.problem.came}`;
    case 'note':
      return `note ${record.counts}`;
    case 'journal':
      return 'journal';
    case 'node':
      return `node ${record.name}`;
  }
}
