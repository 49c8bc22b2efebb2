// Log lines that are no container's: what an API server or a node wrote down about pods.

import type { Stamp } from '../model/line.ts';
import { auditRecords } from './audit/audit-records.ts';
import type { KubeRecord } from './objects/record.ts';

/** A line out of its envelopes. */
export interface EvidenceLine {
  readonly text: string;
  /** The instant that the envelope supplies. */
  readonly stamp?: Stamp;
  /** The node that the envelope names. */
  readonly node?: string;
  /** Logical name of the file. */
  readonly source: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Undefined when the line is not of its kind: asked of every line, so it must say so fast. */
export type LineReader = (line: EvidenceLine) => readonly KubeRecord[] | undefined;

/** No line belongs to two of them. */
const READERS: readonly LineReader[] = [({ text, source, line }) => auditRecords(text, { source, line })];

/** What the line tells of pods, perhaps nothing; undefined when it is a line like any other. */
export function lineRecords(line: EvidenceLine): readonly KubeRecord[] | undefined {
  for (const reader of READERS) {
    const records = reader(line);
    if (records !== undefined) return records;
  }
  return undefined;
}
