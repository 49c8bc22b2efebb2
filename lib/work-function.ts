// `work`: the slices of a backfill, one per message of the queue. A message that comes again does no harm.

import type { RunTold } from './analyze-types.ts';
import { backfillSlice } from './backfill.ts';
import { type Duration, parseInstant, seconds } from './base/instant.ts';
import { parseJson } from './base/json.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { CloudwatchConfig } from './cloudwatch-types.ts';
import type { ReplayConfig } from './config.ts';
import {
  type QueueEvent,
  queueEvent,
  readEvent,
  type SliceMessage,
  sliceMessage,
} from './function-events.ts';
import { functionConfig } from './function-settings.ts';
import type { FunctionTold, FunctionWorld } from './function-types.ts';
import { deadLetters } from './ledger/dead-letters.ts';
import type { Slice } from './ledger/window.ts';
import { openFunctionRun, timingOf } from './open-function.ts';
import { type OpenedRun, readingFrom } from './open-run.ts';
import { measuresOf, sumOf, worstOf } from './told-of-run.ts';

type Message = QueueEvent['Records'][number];

/** With less time than this no slice is begun: it comes back, and that is no fault of it. */
const LEAST_TIME: Duration = seconds(60);

/**
 * The answer is what SQS wants: the messages that are to come again. The error says what is missing to
 * begin, and then all of them do.
 */
export async function workFunction(
  given: unknown,
  world: FunctionWorld,
): Promise<Result<FunctionTold, string>> {
  const event = readEvent(queueEvent, given);
  if (!event.ok) return event;
  const config = functionConfig('backfill', world);
  if (!config.ok) return config;
  const opened = await openFunctionRun(config.value, world);
  if (!opened.ok) return opened;
  const working = { opened: opened.value, config: config.value, world };
  const done: Done[] = [];
  for (const message of event.value.Records) done.push(await workOne(message, working));
  await opened.value.run.shipping.close();
  return ok(toldOf(done, working));
}

interface Working {
  readonly opened: OpenedRun;
  readonly config: ReplayConfig;
  readonly world: FunctionWorld;
}

interface Done {
  readonly messageId: string;
  /** SQS hands it out again, and after some times to the dead-letter queue. */
  readonly comesAgain: boolean;
  readonly told: Pick<RunTold, 'status' | 'counts' | 'notes'>;
}

async function workOne({ messageId, body }: Message, working: Working): Promise<Done> {
  const todo = sliceIn(body, working.config);
  if (!todo.ok) return layAside({ messageId, body }, todo.error, working);
  if (working.world.remaining() < LEAST_TIME) return later(messageId, 'no time was left for it');
  const told = await toldSlice(todo.value, working);
  return { messageId, told, comesAgain: told.status === 'failed' || told.status === 'skipped' };
}

const later = (messageId: string, why: string): Done => ({
  messageId,
  comesAgain: true,
  told: { status: 'skipped', counts: {}, notes: [`message ${messageId}: ${why}`] },
});

interface Todo {
  readonly window: Slice;
  readonly groups: SliceMessage['sources'];
}

function sliceIn(body: string, { remote }: ReplayConfig): Result<Todo, string> {
  const parsed = parseJson(body);
  if (!parsed.ok) return failed('expected a slice of a plan as JSON, got broken JSON');
  const message = readEvent(sliceMessage, parsed.value, 'message');
  if (!message.ok) return message;
  const { from, to, sources } = message.value;
  const window = { from: parseInstant(from), to: parseInstant(to) };
  if (window.from === undefined || window.to === undefined || window.from >= window.to)
    return failed('message.from: expected a time before message.to, got another');
  const strange = sources?.find((source) => remote?.cloudwatch?.groups.includes(source) !== true);
  if (strange !== undefined)
    return failed(`message.sources: expected log groups that are configured, got ${JSON.stringify(strange)}`);
  return ok({ window: { from: window.from, to: window.to }, groups: sources });
}

function toldSlice({ window, groups }: Todo, { opened, config, world }: Working): Promise<RunTold> {
  const { job, run } = opened;
  const read =
    groups === undefined || config.remote?.cloudwatch === undefined
      ? run.read
      : readingOf(groups, { config, cloudwatch: config.remote.cloudwatch, opened, world });
  return backfillSlice(window, { ...job, ...timingOf(world) }, { ...run, read });
}

interface Reading extends Working {
  readonly cloudwatch: CloudwatchConfig;
}

const readingOf = (groups: readonly string[], { config, cloudwatch, opened, world }: Reading) =>
  readingFrom(
    {
      paths: [],
      request: config.request,
      remote: { ...config.remote, cloudwatch: { ...cloudwatch, groups } },
    },
    opened.run.ledger,
    world,
  );

/** It can never succeed. Where it cannot even be laid aside it comes again, so that it is not lost. */
async function layAside({ messageId, body }: Message, why: string, { opened }: Working): Promise<Done> {
  const letter = { source: 'backfill', locator: { messageId }, reason: why, excerpt: body };
  const laid = await deadLetters(opened.run.ledger).lay(letter);
  const isLaid = laid.status === 'laid' || laid.status === 'known';
  return {
    messageId,
    comesAgain: !isLaid,
    told: {
      status: 'partial',
      counts: { [`dead_letters.${laid.status}`]: 1 },
      notes: [`message ${messageId}: ${why}`],
    },
  };
}

function toldOf(done: readonly Done[], { config, world }: Working): FunctionTold {
  const counts = { ...sumOf(done.map(({ told }) => told.counts)), messages: done.length };
  const status = worstOf(done.map(({ told }) => told));
  const again = done.filter(({ comesAgain }) => comesAgain);
  return {
    status,
    answer: { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) },
    counts: { ...counts, messages_again: again.length },
    notes: done.flatMap(({ told }) => told.notes),
    measures: measuresOf({ status, counts }, { now: world.now(), isReading: config.remote !== undefined }),
  };
}
