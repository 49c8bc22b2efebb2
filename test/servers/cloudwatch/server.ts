// A strict stand-in for CloudWatch Logs: real HTTP, AWS JSON 1.1, the documented semantics, and no mercy for bad requests.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describeLogGroups, describeLogStreams } from './describe.ts';
import { filterLogEvents, getLogEvents } from './events.ts';
import { getQueryResults, startQuery, stopQuery } from './query.ts';
import { Refused } from './refusal.ts';
import { newStore } from './store.ts';
import { newTokens } from './tokens.ts';
import type { World } from './world.ts';

export interface Call {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds. */
  readonly at: number;
}

/** Throws what is to be answered instead, or does something to the world and lets the call go on. */
export type Fault = (call: Call, world: World, calls: readonly Call[]) => void;

export interface CloudwatchServer extends AsyncDisposable {
  readonly url: string;
  readonly world: World;
  readonly calls: readonly Call[];
  /** Bytes of the answers' bodies. */
  readonly sent: () => number;
}

const ACTIONS: Readonly<Record<string, (world: World, body: unknown) => unknown>> = {
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  StartQuery: startQuery,
  GetQueryResults: getQueryResults,
  StopQuery: stopQuery,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
};

export async function cloudwatchServer(fault: Fault = () => undefined): Promise<CloudwatchServer> {
  const world: World = {
    store: newStore(),
    tokens: newTokens(Date.now),
    queries: new Map(),
    pageLimit: () => 10_000,
    queryEnd: () => 'Complete',
  };
  const calls: Call[] = [];
  let sent = 0;
  const server = createServer(async (request, response) => {
    const { status, body } = await answerTo(request, (call) => {
      calls.push(call);
      fault(call, world, calls);
      const action = ACTIONS[call.action];
      if (action === undefined) throw new Refused('UnknownOperationException', call.action);
      return action(world, call.body);
    });
    sent += send(response, status, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    calls,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerTo(request: IncomingMessage, act: (call: Call) => unknown) {
  try {
    return { status: 200, body: act(await callOf(request)) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: error.status, body: { __type: error.type, message: error.message } };
  }
}

async function callOf(request: IncomingMessage): Promise<Call> {
  const { method, url, headers } = request;
  const text = (await buffer(request)).toString();
  const action = /^Logs_20140328\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1];
  if (
    method !== 'POST' ||
    url !== '/' ||
    action === undefined ||
    headers['content-type'] !== 'application/x-amz-json-1.1'
  )
    throw new Refused(
      'UnknownOperationException',
      'expected POST / with x-amz-target and application/x-amz-json-1.1',
    );
  if (
    !/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/logs\/aws4_request, /.test(
      String(headers.authorization),
    )
  )
    throw new Refused('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  return { action, body: bodyOf(text), at: Date.now() };
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('SerializationException', 'not JSON');
  }
}

function send(response: ServerResponse, status: number, body: unknown): number {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(text);
  return Buffer.byteLength(text);
}
