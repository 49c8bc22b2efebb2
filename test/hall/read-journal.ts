// Reads files as the pipeline does, and hands over what the journals in them say.

import type { Tally } from '../../lib/base/tally.ts';
import { newCounter } from '../../lib/base/tally.ts';
import type { JournalRecord } from '../../lib/kubernetes/index.ts';
import type { Identity, LogRun } from '../../lib/model/log-run.ts';
import { readEvidence } from '../../lib/read-evidence.ts';
import { files } from '../../lib/sources/index.ts';

export interface Journals {
  readonly records: readonly JournalRecord[];
  readonly logs: readonly LogRun[];
  readonly tally: Tally;
  readonly isEvidence: readonly boolean[];
}

interface Asked {
  readonly year?: number;
  readonly identity?: Identity;
  readonly everyLine?: boolean;
}

export async function journalsIn(
  paths: readonly string[],
  { year, identity = {}, everyLine = false }: Asked = {},
): Promise<Journals> {
  const counter = newCounter();
  const records: JournalRecord[] = [];
  const logs: LogRun[] = [];
  const isEvidence: boolean[] = [];
  for await (const stream of files(paths).open()) {
    if (stream.kind !== 'stream') throw new Error(`expected files, got ${stream.came}`);
    const clock = { year, zone: undefined, modified: stream.modified };
    const told = await readEvidence(stream, { counter, clock, identity, everyLine, onRead: () => undefined });
    for (const record of told.records) if (record.kind === 'journal') records.push(record);
    logs.push(...told.logs);
    isEvidence.push(told.isEvidence);
  }
  return { records, logs, tally: counter.tally, isEvidence };
}
