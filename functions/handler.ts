// What the four functions have in common: a world for each invocation, one line about it, errors without secrets.

import middy from '@middy/core';
import { redact } from '../lib/base/redact.ts';
import type { Result } from '../lib/base/result.ts';
import type { FunctionTold, FunctionWorld } from '../lib/function-types.ts';
import { runLine } from '../lib/run-line.ts';
import { now, type TimeLeft, worldOf } from './world.ts';

export interface Invocation extends TimeLeft {
  readonly awsRequestId: string;
}

export interface FunctionSpec {
  readonly name: 'collect' | 'analyze' | 'backfill' | 'work';
  readonly run: (event: unknown, world: FunctionWorld) => Promise<Result<FunctionTold, string>>;
  /** Of a queue: a failure is in the answer, message by message. */
  readonly answersFailure?: true;
}

export type Handler = (event: unknown, context: Invocation) => Promise<unknown>;

/** Throws what the caller is to be told: Lambda then counts an error, and whoever has sent the event tries again. */
export function handlerFor({ name, run, answersFailure }: FunctionSpec): Handler {
  const handler = middy()
    .use(saidInOneLine(name, answersFailure === true))
    .handler(async (event: unknown, context) => {
      const told = await run(event, worldOf(context));
      if (!told.ok) throw new Error(told.error);
      return told.value;
    });
  // Middy asks for all of Lambda's context; nothing but these two members of it is used.
  return (event, context) => Promise.resolve(Reflect.apply(handler, undefined, [event, context]));
}

/** After the run: its line, then its answer. What has failed is thrown once the line is out. */
function saidInOneLine(name: FunctionSpec['name'], answersFailure: boolean): middy.MiddlewareObj {
  const started = new WeakMap<object, ReturnType<typeof now>>();
  const say = (request: middy.Request, told: FunctionTold): void => {
    const { awsRequestId } = request.context;
    const times = { started: started.get(request) ?? now(), ended: now() };
    const service = process.env['COLDTRACE_SERVICE'] ?? 'coldtrace';
    process.stdout.write(
      `${runLine({ function: name, service, told, ...times, requestId: awsRequestId })}\n`,
    );
  };
  return {
    before: (request) => {
      started.set(request, now());
    },
    after: (request) => {
      const told: FunctionTold = request.response;
      request.response = told.answer;
      if (told.status === 'failed' && !answersFailure) throw new Failed(told);
      say(request, told);
    },
    onError: (request) => {
      const { error } = request;
      const told = error instanceof Failed ? error.told : failedWith(causes(error));
      say(request, told);
      request.error = new Error(redact(told.notes.join('; ')));
    },
  };
}

/** A run that has failed as a whole, on its way to its line. */
class Failed extends Error {
  readonly told: FunctionTold;

  constructor(told: FunctionTold) {
    super(told.notes[0] ?? 'the run has failed');
    this.told = told;
  }
}

const failedWith = (notes: readonly string[]): FunctionTold => ({
  status: 'failed',
  answer: undefined,
  counts: {},
  notes,
  measures: {},
});

/** The chain of causes, outermost first; no stack traces. */
function causes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message || error.name, ...(error.cause === undefined ? [] : causes(error.cause))];
}
