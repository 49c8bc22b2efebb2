// Lines in which an archive wrote down what the API server said of pods: taken out of a log before they are anybody's.
//
// What a container prints is not trusted: a prompt that an engine logs may look
// like an event. So what stands in the log of an engine tells nothing of pods; it
// is counted. An exporter of events starts no engine.

import { append } from './base/append.ts';
import type { Counter } from './base/tally.ts';
import { type KubeRecord, lineRecords, sharedRecords } from './kubernetes/index.ts';

export interface WitnessLine {
  readonly text: string;
  readonly line: number;
  /** Which stream of the file it would belong to. */
  readonly stream: string;
}

export interface WitnessLines {
  /** True when the line was one: then it belongs to no container's log. */
  readonly take: (line: WitnessLine) => boolean;
  /** What all of them told, but for those of streams that are an engine's. */
  readonly end: (isEngine: (stream: string) => boolean) => readonly KubeRecord[];
}

export function witnessLines(source: string, counter: Counter): WitnessLines {
  const byStream = new Map<string, KubeRecord[]>();
  const shared: KubeRecord[] = [];
  const keep = (stream: string, records: readonly KubeRecord[]): void => {
    const list = byStream.get(stream) ?? [];
    byStream.set(stream, list);
    append(list, records);
  };
  return {
    take: ({ text, line, stream }) => {
      append(shared, sharedRecords({ text, source, line }));
      const records = lineRecords({ text, source, line });
      if (records === undefined) return false;
      counter.count('lines.witness');
      keep(stream, records);
      return true;
    },
    end: (isEngine) => [
      ...shared,
      ...[...byStream].flatMap(([stream, records]) => {
        if (!isEngine(stream)) return records;
        counter.count('events.rejected', records.length);
        return [];
      }),
    ],
  };
}
