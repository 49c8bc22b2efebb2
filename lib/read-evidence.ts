// One file: what it is, and what it holds.
//
// The first bytes tell: a dump of Kubernetes objects is read object by object, a
// file of OTLP traces is read for vLLM's own spans, everything else is a log and read
// line by line. What is neither is counted, not an error.

import { type JsonObject, textAt } from './base/json.ts';
import type { Counter } from './base/tally.ts';
import type { ClockSettings } from './framings/program-clock.ts';
import { shippedBy } from './framings/shipped-from.ts';
import { type DumpRecords, type KubeRecord, looksLikeKubernetes, readDump } from './kubernetes/index.ts';
import type { Identity, LogRun } from './model/log-run.ts';
import type { NativeSpan } from './model/native-span.ts';
import { looksLikeSpans } from './native-spans/index.ts';
import { isContainersLog, type OwnLines, ownLines, type RejectedProblem } from './own-lines.ts';
import type { Problem } from './pipeline-types.ts';
import { readLog, saysAnything } from './read-log.ts';
import { spansFile } from './read-spans-file.ts';
import type { ByteStream } from './sources/index.ts';
import type { TrustedPods } from './who-tells.ts';
import type { Witnesses } from './witness-lines.ts';

export interface Evidence {
  readonly isEvidence: boolean;
  readonly records: readonly KubeRecord[];
  readonly logs: readonly LogRun[];
  /** What vLLM itself recorded of its starts. */
  readonly spans: readonly NativeSpan[];
  readonly problems: readonly Problem[];
}

export interface ReadContext {
  readonly counter: Counter;
  readonly clock: ClockSettings;
  /** What the user said of bare files: fills in what neither path nor envelope tell. */
  readonly identity: Identity;
  /** Pods whose logs may tell of other pods. */
  readonly trusted?: readonly TrustedPods[];
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

const NOTHING: Evidence = { isEvidence: false, records: [], logs: [], spans: [], problems: [] };

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
  const text = head.toString('utf8');
  const kind = looksLikeSpans(text) ? 'spans' : looksLikeKubernetes(text) ? 'objects' : 'log';
  // What a container prints is its log, whatever it looks like.
  if (kind === 'log' || isContainersLog(asFile(stream))) return logReader(stream, context, kind);
  return kind === 'spans' ? spansReader(stream, context) : dumpReader(head, stream, context);
}

type Kind = 'log' | 'spans' | 'objects';

const asFile = ({ where, identity }: ByteStream) => ({ where, pathIdentity: identity });

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

function spansReader(stream: ByteStream, context: ReadContext): Reader {
  const file = spansFile(stream, context);
  return { push: file.push, end: async () => ({ ...NOTHING, ...file.end() }) };
}

function logReader(stream: ByteStream, context: ReadContext, kind: Kind): Reader {
  const { counter, clock, identity, trusted = [], everyLine } = context;
  const log = readLog({
    source: stream.name,
    ...asFile(stream),
    identity: { ...identity, ...stream.identity },
    trusted,
    previous: stream.previous,
    everyLine,
    clock,
    counter,
  });
  return {
    push: log.push,
    end: async () => {
      const { runs, records, witnesses, rejected } = log.end();
      const logs = runs.filter((run) => saysAnything(run) || livedIn(run));
      const isEvidence = witnesses.lines > 0 || records.length > 0 || runs.some(saysAnything);
      const problems = [
        ...unreadableLines(stream, witnesses, counter),
        ...oddObjects(stream, witnesses, counter),
        ...rejectedLines(stream, { rejected, kind, isUsed: isEvidence }, counter),
      ];
      return { isEvidence, records, logs, spans: [], problems };
    },
  };
}

/** One problem for all lines of a file; every problem counts itself, the other lines are counted here. */
function unreadableLines(
  { where }: ByteStream,
  { unreadable: { count, first } }: Witnesses,
  counter: Counter,
): readonly Problem[] {
  if (first === undefined) return [];
  const { expected, came, where: at } = first.problem;
  const what = 'lines.unreadable';
  if (count > 1) counter.count(what, count - 1);
  const all = count === 1 ? came : `${count} lines that are none, the first is ${came}`;
  return [{ where: `${where}: ${at}`, expected, came: all, what, asked: false }];
}

/** An archive tells of one object many times: one problem a file. */
function oddObjects(
  { where }: ByteStream,
  { odd: { count, first } }: Witnesses,
  counter: Counter,
): readonly Problem[] {
  if (first === undefined) return [];
  const { where: of, expected, came } = first.problem;
  const what = 'objects.unusable';
  if (count > 1) counter.count(what, count - 1);
  const more = count === 1 ? '' : `, and ${count - 1} more such objects`;
  return [{ where: `${where}: ${of}`, expected, came: `${came}${more}`, what, asked: false }];
}

interface Unbelieved {
  readonly rejected: RejectedProblem | undefined;
  readonly kind: Kind;
  readonly isUsed: boolean;
}

/** One problem for all of them, which counts itself. */
function rejectedLines(
  { where }: ByteStream,
  { rejected, kind, isUsed }: Unbelieved,
  counter: Counter,
): readonly Problem[] {
  if (rejected !== undefined) {
    if (rejected.count > 1) counter.count('lines.rejected', rejected.count - 1);
    return [rejected.problem];
  }
  return kind === 'log' || isUsed ? [] : [misnamed(where, kind)];
}

/** A dump over several lines has none that could be rejected by itself. */
const misnamed = (where: string, kind: Exclude<Kind, 'log'>): Problem => ({
  where,
  expected: 'the log of a container, as its name says',
  came: kind === 'spans' ? 'traces' : 'objects of Kubernetes',
  what: 'files.rejected',
  remedy:
    'They were not believed: anybody can print such. If it is no container\'s log, give it a name without "_", such as pods.json.',
  asked: false,
});

/** The lines of a known pod tell at least when it lived: a rotated part may hold nothing else. */
const livedIn = ({ identity: { uid, pod }, marks }: LogRun): boolean =>
  (uid !== undefined || pod !== undefined) && marks.length > 0;

async function dumpReader(head: Buffer, stream: ByteStream, context: ReadContext): Promise<Reader> {
  const { where, name } = stream;
  const { identity, trusted = [], counter } = context;
  const own = ownLines({ ...asFile(stream), identity, trusted });
  const dump = await readDump(head, { where, name, mayTell: (value) => mayTell(own, value) });
  const end = async (): Promise<Evidence> => {
    const told = dumpEvidence(dump.end(), stream, context);
    const rejected = rejectedLines(stream, { rejected: own.problem(), kind: 'log', isUsed: true }, counter);
    return { ...told, problems: [...told.problems, ...rejected] };
  };
  return { push: dump.push, end };
}

/** A shipper that takes JSON apart names the container beside what it printed. */
function mayTell(own: OwnLines, value: JsonObject): boolean {
  const identity = shippedBy(value);
  if (identity === undefined) return true;
  const topic = textAt(value, 'apiVersion')?.startsWith('audit.') === true ? 'audit' : 'events';
  const isTold = own.believes(topic, [{ identity }]);
  if (!isTold) own.reject(topic, { writers: [{ identity }] });
  return isTold;
}

function dumpEvidence(dump: DumpRecords, { where }: ByteStream, { counter }: ReadContext): Evidence {
  const { records, problems, others } = dump;
  for (const [kind, count] of others) {
    counter.count('objects.other', count);
    counter.count(`objects.other.${kind}`, count);
  }
  for (const record of records) if (record.kind === 'note') counter.count(record.counts);
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
  return { isEvidence: records.length > 0, records, logs: [], spans: [], problems: told };
}
