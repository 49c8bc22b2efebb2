// One file: what it is, and what it holds.
//
// The first bytes tell: a dump of Kubernetes objects is read object by object,
// everything else is a log and read line by line. What is neither is counted, not an error.

import type { Counter } from './base/tally.ts';
import type { ClockSettings } from './framings/program-clock.ts';
import { type DumpRecords, type KubeRecord, looksLikeKubernetes, readDump } from './kubernetes/index.ts';
import type { Identity, LogRun } from './model/log-run.ts';
import type { Problem } from './pipeline-types.ts';
import { readLog } from './read-log.ts';
import type { ByteStream } from './sources/index.ts';

export interface Evidence {
  readonly isEvidence: boolean;
  readonly records: readonly KubeRecord[];
  readonly logs: readonly LogRun[];
  readonly problems: readonly Problem[];
}

export interface ReadContext {
  readonly counter: Counter;
  readonly clock: ClockSettings;
  /** What the user said of bare files: fills in what neither path nor envelope tell. */
  readonly identity: Identity;
  readonly everyLine: boolean;
  readonly onRead: (bytes: number) => void;
}

/** Enough to tell what a file is. */
const HEAD = 4096;

interface Reader {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => Promise<Evidence>;
}

export async function readEvidence(stream: ByteStream, context: ReadContext): Promise<Evidence> {
  let reader: Reader | undefined;
  const problems: Problem[] = [];
  try {
    for await (const chunk of stream.chunks(context.onRead)) {
      reader ??= await readerFor(chunk, stream, context);
      reader.push(chunk);
    }
  } catch (error) {
    problems.push(brokenOff(stream, error));
  }
  const told = (await reader?.end()) ?? NOTHING;
  return { ...told, problems: [...problems, ...told.problems] };
}

const NOTHING: Evidence = { isEvidence: false, records: [], logs: [], problems: [] };

function brokenOff({ where }: ByteStream, error: unknown): Problem {
  const came = error instanceof Error ? error.message.replace(/^[A-Z_]{3,20}: /, '') : String(error);
  return {
    where,
    expected: 'a file that can be read to its end',
    came,
    what: 'files.truncated',
    asked: true,
  };
}

async function readerFor(chunk: Buffer, stream: ByteStream, context: ReadContext): Promise<Reader> {
  const head = chunk.subarray(0, HEAD);
  if (isBinary(head)) return binary(context);
  return looksLikeKubernetes(head.toString('utf8'))
    ? dumpReader(head, stream, context)
    : logReader(stream, context);
}

/** Control characters that no log has; NUL does not count, since copytruncate leaves runs of it. */
function isBinary(head: Uint8Array): boolean {
  let odd = 0;
  for (const byte of head) if (byte < 32 && byte !== 0 && (byte < 7 || byte > 13) && byte !== 27) odd += 1;
  return odd * 50 > head.length;
}

function binary({ counter }: ReadContext): Reader {
  counter.count('files.binary');
  return { push: () => undefined, end: async () => NOTHING };
}

function logReader(stream: ByteStream, { counter, clock, identity, everyLine }: ReadContext): Reader {
  const own = { ...identity, ...stream.identity };
  const log = readLog({
    source: stream.name,
    identity: own,
    previous: stream.previous,
    everyLine,
    clock,
    counter,
  });
  return {
    push: log.push,
    end: async () => {
      const { runs, records } = log.end();
      const logs = runs.filter((run) => saysAnything(run) || livedIn(run));
      const isEvidence = records.length > 0 || runs.some(saysAnything);
      return { isEvidence, records, logs, problems: unreadableLines(stream, records, counter) };
    },
  };
}

/** One problem for all lines of a file that begin like an archive's and cannot be read; it counts itself, the others are counted here. */
function unreadableLines(
  { where }: ByteStream,
  records: readonly KubeRecord[],
  counter: Counter,
): readonly Problem[] {
  const [first, ...others] = records.filter((record) => record.kind === 'unusable');
  if (first === undefined) return [];
  const what = 'lines.unreadable';
  if (others.length > 0) counter.count(what, others.length);
  const more = others.length === 0 ? '' : ` (and ${others.length} more such lines)`;
  const { where: line, expected, came } = first.problem;
  return [{ where: `${where}: ${line}`, expected, came: `${came}${more}`, what, asked: false }];
}

const saysAnything = ({ marks, unknown }: LogRun): boolean =>
  unknown.length > 0 || marks.some(({ says }) => says.kind !== 'seen');

/** The lines of a known pod tell at least when it lived: a rotated part may hold nothing else. */
const livedIn = ({ identity: { uid, pod }, marks }: LogRun): boolean =>
  (uid !== undefined || pod !== undefined) && marks.length > 0;

async function dumpReader(head: Buffer, stream: ByteStream, context: ReadContext): Promise<Reader> {
  const dump = await readDump(head, stream);
  return { push: dump.push, end: async () => dumpEvidence(dump.end(), stream, context) };
}

function dumpEvidence(dump: DumpRecords, { where }: ByteStream, { counter }: ReadContext): Evidence {
  const { records, problems, others } = dump;
  for (const [kind, count] of others) {
    counter.count('objects.other', count);
    counter.count(`objects.other.${kind}`, count);
  }
  const unusable = records.flatMap((record) => (record.kind === 'unusable' ? [record.problem] : []));
  const told = [
    ...problems.map((one) => ({ ...one, what: 'documents.unreadable', asked: true })),
    ...unusable.map((one) => ({
      ...one,
      where: `${where}: ${one.where}`,
      what: 'objects.unusable',
      asked: false,
    })),
  ];
  return { isEvidence: records.length > 0, records, logs: [], problems: told };
}
