// Log lines that are no container's: what an API server, a node or an archive wrote down about pods.

import type { Stamp } from '../model/line.ts';
import type { MayTell } from './archives/contract.ts';
import { archiveRecords } from './archives/index.ts';
import { auditRecords } from './audit/audit-records.ts';
import type { KubeRecord } from './objects/record.ts';

/** A line out of its envelopes, or as it stands in its file. */
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

/** What a line is about; who may tell of it differs. */
export type LineTopic = 'audit' | 'events';

export interface ToldLine {
  readonly topic: LineTopic;
  /** Perhaps none. */
  readonly records: readonly KubeRecord[];
}

/** Undefined when the line is not of its kind: asked of every line, so it must say so fast. */
type LineReader = (line: EvidenceLine) => readonly KubeRecord[] | undefined;

/** The more specific first: an audit record may hold an event. */
const READERS: readonly (readonly [LineTopic, LineReader])[] = [
  ['audit', ({ text, source, line }) => auditRecords(text, { source, line })],
  ['events', ({ text, source, line }) => archiveRecords(text, { source, line })],
];

/** What the line tells of pods; undefined when it is a line like any other. */
export function lineRecords(line: EvidenceLine): ToldLine | undefined {
  if (isRequest(line.text)) return undefined;
  for (const [topic, reader] of READERS) {
    const records = reader(line);
    if (records !== undefined) return { topic, records };
  }
  return undefined;
}

/** What a line tells of pods that tells of other things too (a request of OTLP): it is read on. */
export function sharedRecords({ text, source, line }: EvidenceLine, may: MayTell): readonly KubeRecord[] {
  return isRequest(text) ? (archiveRecords(text, { source, line }, may) ?? []) : [];
}

/** Envelopes of container logs travel in it as well. */
const isRequest = (text: string): boolean => /^\s{0,20}\{\s{0,20}"resourceLogs"/.test(text);
