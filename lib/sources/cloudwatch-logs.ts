// CloudWatch Logs: the events of log groups in a window, as lines that the framing of its exports opens.

import type { Duration, Instant } from '../base/instant.ts';
import type { Refusal } from './aws/refusal.ts';
import type { LogEvent, LogsApi, Selection } from './cloudwatch-logs/api.ts';
import { linesOf } from './cloudwatch-logs/lines.ts';
import type { Meter } from './cloudwatch-logs/meter.ts';
import { readPages } from './cloudwatch-logs/pages.ts';
import { namesPod, planReads, type Read } from './cloudwatch-logs/plan.ts';
import { preflight } from './cloudwatch-logs/preflight.ts';
import { isHopeless, placeOf, refused } from './cloudwatch-logs/problem.ts';
import { MOST_ROWS, readQuery } from './cloudwatch-logs/query.ts';
import { filterBounds, getBounds, isEmpty, type Window, windowOf } from './cloudwatch-logs/window.ts';
import type { ByteStream, Source, SourceProblem } from './contract.ts';

export interface GroupQuestion {
  /** A name, or the ARN of a group in another account. */
  readonly group: string;
  /** Events of [from, to). */
  readonly from: Instant;
  readonly to: Instant;
  readonly prefix: string | undefined;
  /** CloudWatch's own filter pattern. What it leaves out is not evidence: see docs/sources.md. */
  readonly pattern: string | undefined;
  /** Ask by Insights, whatever the group's class. */
  readonly insights: boolean;
  readonly now: Instant;
}

export interface LogsAccess {
  /** Patient, counted, within the budget. */
  readonly api: LogsApi;
  readonly meter: Meter;
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
  readonly mostPages?: number;
  readonly mostRows?: number;
}

/** 14 hours at four pages a second: a guard against servers without an end, not a limit. */
const MOST_PAGES = 200_000;

/** Preflight and a list of streams when it is opened; events only when a stream is read. */
export function cloudwatchLogs(access: LogsAccess, question: GroupQuestion): Source {
  const late: Late = { problems: [], isHopeless: false };
  return {
    name: 'cloudwatch-logs',
    async *open() {
      const window = windowOf(question.from, question.to);
      if (isEmpty(window)) return;
      const { by, problems } = await preflight(access.api, { ...question, window });
      yield* problems;
      if (by === undefined) return;
      const reads = await planReads(access.api, { ...question, window });
      if (!reads.ok) {
        yield refused(reads.error, await askedOf(access, question, 'DescribeLogStreams'));
        return;
      }
      const isQuery = by === 'query' || question.insights;
      for (const read of reads.value) yield streamOf({ access, question, window, isQuery, late }, read);
    },
    afterwards: () => late.problems,
    counts: access.meter.told,
  };
}

interface Reading {
  readonly access: LogsAccess;
  readonly question: GroupQuestion;
  readonly window: Window;
  readonly isQuery: boolean;
  readonly late: Late;
}

/** What becomes clear only while it is read. */
interface Late {
  readonly problems: SourceProblem[];
  /** The streams that are left need not be asked for: a thousand would be refused one by one. */
  isHopeless: boolean;
}

const askedOf = async ({ api }: LogsAccess, { group }: GroupQuestion, action: string) => ({
  action,
  group,
  region: await api.region(),
});

function streamOf(reading: Reading, read: Read): ByteStream {
  const { group, now } = reading.question;
  return {
    kind: 'stream',
    where: read.stream === undefined ? placeOf(group) : `${placeOf(group)}, stream ${read.stream}`,
    // Logical: lines that tell their pod are named by it.
    name: read.stream ?? group,
    identity: {},
    previous: false,
    modified: now,
    size: 0,
    hasSize: false,
    asked: true,
    chunks: (onRead) => chunksOf(reading, read, onRead),
  };
}

async function* chunksOf(
  reading: Reading,
  read: Read,
  onRead?: (bytes: number) => void,
): AsyncIterable<Buffer> {
  const { access, question, late } = reading;
  if (late.isHopeless) {
    access.meter.count('cloudwatch_streams.unreadable');
    return;
  }
  const strays = new Set<string>();
  const events = eventsOf(reading, read);
  for (;;) {
    const step = await events.next();
    if (step.done === true) {
      if (step.value !== undefined) await noteEnd(reading, read, step.value);
      break;
    }
    const lines = linesOf(question.group, wanted(step.value, { read, question, strays }));
    onRead?.(lines.length);
    if (lines.length > 0) yield lines;
  }
  if (strays.size > 0) late.problems.push(strayProblem(question.group, strays));
  access.meter.count('cloudwatch_streams.read');
}

function eventsOf(
  { access, question, window, isQuery }: Reading,
  { selection, stream }: Read,
): AsyncGenerator<readonly LogEvent[], Refusal | undefined> {
  const { group } = question;
  if (isQuery) return readQuery({ ...access, group, selection, limit: access.mostRows ?? MOST_ROWS }, window);
  const paging = { meter: access.meter, mostPages: access.mostPages ?? MOST_PAGES };
  if (stream !== undefined && question.pattern === undefined)
    return readPages({ ...paging, ask: getting(access.api, group, stream), endsWithSameToken: true }, window);
  return readPages(
    { ...paging, ask: filtering(access.api, question, selection), endsWithSameToken: false },
    window,
  );
}

/** Twice the quota of FilterLogEvents, but it can neither filter nor read several streams. */
const getting =
  (api: LogsApi, group: string, stream: string) => (window: Window, token: string | undefined) =>
    api.getLogEvents({ group, stream, bounds: getBounds(window), token });

const filtering =
  (api: LogsApi, { group, pattern }: GroupQuestion, selection: Selection) =>
  (window: Window, token: string | undefined) =>
    api.filterLogEvents({ group, selection, pattern, bounds: filterBounds(window), token });

interface Wanting {
  readonly read: Read;
  readonly question: GroupQuestion;
  readonly strays: Set<string>;
}

/**
 * Only events of the streams that were asked for: stand-ins give others too. A stream that was born after the list
 * and tells no pod would mix with others: it is left for the next run, and told.
 */
function wanted(events: readonly LogEvent[], { read, question, strays }: Wanting): readonly LogEvent[] {
  const { prefix = '' } = question;
  return events.filter(({ stream }) => {
    if (read.stream !== undefined) return stream === read.stream;
    if (!stream.startsWith(prefix)) return false;
    if (!namesPod(stream)) strays.add(stream);
    return namesPod(stream);
  });
}

async function noteEnd(reading: Reading, read: Read, refusal: Refusal): Promise<void> {
  const { access, question, late } = reading;
  const asked = await askedOf(access, question, actionOf(reading, read));
  late.problems.push(refused(refusal, asked, streamOf(reading, read).where));
  late.isHopeless ||= isHopeless(refusal);
}

const usesGet = ({ question }: Reading, { stream }: Read): boolean =>
  stream !== undefined && question.pattern === undefined;

function actionOf(reading: Reading, read: Read): string {
  if (reading.isQuery) return 'StartQuery';
  return usesGet(reading, read) ? 'GetLogEvents' : 'FilterLogEvents';
}

const strayProblem = (group: string, strays: ReadonlySet<string>): SourceProblem => ({
  kind: 'problem',
  where: placeOf(group),
  expected: 'the streams that it had when the reading began',
  came: `${strays.size} more, such as ${[...strays][0]}, whose names tell no pod`,
  asked: true,
  what: 'cloudwatch_streams.dropped',
  remedy: 'Run it again: then each of them is read.',
});
