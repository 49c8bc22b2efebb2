// Lines in which an API server or an archive wrote down what happened to pods: taken out of a log before they are anybody's.
//
// What a container prints is not trusted: a prompt that an engine logs may look
// like an event. So what stands in the log of an engine tells nothing of pods; it
// is counted. Neither an API server nor an exporter of events starts an engine.

import { append } from './base/append.ts';
import type { Counter } from './base/tally.ts';
import {
  type EvidenceLine,
  type KubeRecord,
  lineRecords,
  recordSharing,
  sharedRecords,
  type UnusableRecord,
} from './kubernetes/index.ts';

export interface WitnessLine extends Omit<EvidenceLine, 'source'> {
  /** Which stream of the file it would belong to. */
  readonly stream: string;
}

export interface WitnessLines {
  /** True when the line was one: then it belongs to no container's log. */
  readonly take: (line: WitnessLine) => boolean;
  /** What all of them told, but for those of streams that are an engine's. */
  readonly end: (isEngine: (stream: string) => boolean) => Witnesses;
}

export interface Witnesses {
  readonly records: readonly KubeRecord[];
  /** Lines that were believed. */
  readonly lines: number;
  /** Lines that should be read and cannot; the first one stands for all. */
  readonly unreadable: { readonly count: number; readonly first: UnusableRecord | undefined };
}

interface Heard {
  readonly records: KubeRecord[];
  lines: number;
}

export function witnessLines(source: string, counter: Counter): WitnessLines {
  const byStream = new Map<string, Heard>();
  const shared: KubeRecord[] = [];
  const kept = recordSharing();
  const heardOn = (stream: string): Heard => {
    const heard = byStream.get(stream) ?? { records: [], lines: 0 };
    byStream.set(stream, heard);
    return heard;
  };
  return {
    take: ({ stream, ...line }) => {
      append(shared, sharedRecords({ ...line, source }).map(kept));
      const records = lineRecords({ ...line, source });
      if (records === undefined) return false;
      counter.count('lines.witness');
      const heard = heardOn(stream);
      heard.lines += 1;
      append(heard.records, records.map(kept));
      return true;
    },
    end: (isEngine) => {
      const all = [...byStream];
      for (const [, { lines }] of all.filter(([stream]) => isEngine(stream)))
        counter.count('lines.rejected', lines);
      const believed = all.filter(([stream]) => !isEngine(stream)).map(([, heard]) => heard);
      return witnessesOf(shared, believed, counter);
    },
  };
}

function witnessesOf(shared: readonly KubeRecord[], heard: readonly Heard[], counter: Counter): Witnesses {
  const told = [...shared, ...heard.flatMap(({ records }) => records)];
  const unusable = told.filter((record) => record.kind === 'unusable');
  for (const record of told) if (record.kind === 'note') counter.count(record.counts);
  return {
    records: told.filter(({ kind }) => kind !== 'unusable' && kind !== 'note'),
    lines: heard.reduce((sum, { lines }) => sum + lines, 0) + (shared.length > 0 ? 1 : 0),
    unreadable: { count: unusable.length, first: unusable[0] },
  };
}
