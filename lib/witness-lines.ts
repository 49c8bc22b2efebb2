// Lines in which an API server or a node wrote down what happened to pods: taken out of a log before it is anybody's.

import { append } from './base/append.ts';
import type { Counter } from './base/tally.ts';
import { type KubeRecord, lineRecords, type UnusableRecord } from './kubernetes/index.ts';
import type { Framed } from './model/line.ts';

export interface WitnessLines {
  /** True when the line was one: then it belongs to no container's log. */
  readonly take: (framed: Framed, line: number) => boolean;
  /** What all of them told. */
  readonly end: () => Witnesses;
}

export interface Witnesses {
  /** How many lines were taken. */
  readonly lines: number;
  readonly records: readonly KubeRecord[];
  /** Lines that should be read and cannot; the first one stands for all. */
  readonly unreadable: { readonly count: number; readonly first: UnusableRecord | undefined };
}

export function witnessLines(source: string, counter: Counter): WitnessLines {
  const records: KubeRecord[] = [];
  let lines = 0;
  let count = 0;
  let first: UnusableRecord | undefined;
  const keep = (record: KubeRecord): boolean => {
    if (record.kind !== 'unusable') return true;
    count += 1;
    first ??= record;
    return false;
  };
  return {
    take: ({ text, stamp, identity }, line) => {
      const node = identity?.node;
      const told = lineRecords({ text, source, line, ...(stamp && { stamp }), ...(node && { node }) });
      if (told === undefined) return false;
      lines += 1;
      counter.count('lines.witness');
      append(records, told.filter(keep));
      return true;
    },
    end: () => ({ lines, records, unreadable: { count, first } }),
  };
}
