// The stand-in holds what AWS documents: otherwise what is tested against it proves nothing.

import { describe, expect, it } from 'vitest';
import { matcherOf } from './filter-pattern.ts';
import { type CloudwatchServer, cloudwatchServer } from './server.ts';

const GROUP = '/aws/test';

async function post(
  { url }: CloudwatchServer,
  action: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'X-Amz-Target': `Logs_20140328.${action}`,
      'Content-Type': 'application/x-amz-json-1.1',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/logs/aws4_request, SignedHeaders=host, Signature=0',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown> & {
      events: { timestamp: number; message: string }[];
    },
  };
}

async function withEvents(times: readonly number[], group = GROUP): Promise<CloudwatchServer> {
  const server = await cloudwatchServer();
  server.world.store.addGroup(group);
  server.world.store.put(
    group,
    's',
    times.map((timestamp) => ({ timestamp, message: `at ${timestamp}` })),
  );
  return server;
}

describe('what endTime means', () => {
  it.each([
    ['FilterLogEvents', {}, [1000, 1999, 2000]],
    ['GetLogEvents', { logStreamName: 's', startFromHead: true }, [1000, 1999]],
  ])('%s', async (action, more, times) => {
    await using server = await withEvents([999, 1000, 1999, 2000, 2001]);
    const { body } = await post(server, action, {
      logGroupName: GROUP,
      startTime: 1000,
      endTime: 2000,
      ...more,
    });
    expect(body.events.map(({ timestamp }) => timestamp)).toEqual(times);
  });

  it('StartQuery: whole seconds, both in', async () => {
    await using server = await withEvents([999, 1000, 1999, 2000, 2999, 3000]);
    const asked = {
      logGroupName: GROUP,
      startTime: 1,
      endTime: 2,
      queryString: 'fields @message | sort @timestamp asc',
    };
    const { body } = await post(server, 'StartQuery', asked);
    const states: unknown[] = [];
    let results: unknown = [];
    for (let tries = 0; tries < 3; tries += 1) {
      const told = await post(server, 'GetQueryResults', { queryId: body['queryId'] });
      states.push(told.body['status']);
      results = told.body['results'];
    }
    expect(states).toEqual(['Running', 'Running', 'Complete']);
    expect(JSON.stringify(results)).toContain('1970-01-01 00:00:02.999');
    expect(results).toHaveLength(4);
  });
});

describe('pages', () => {
  it('an empty page has a token, the last page of FilterLogEvents has none', async () => {
    await using server = await withEvents([1, 2, 3]);
    server.world.pageLimit = () => 0;
    const empty = await post(server, 'FilterLogEvents', { logGroupName: GROUP });
    expect(empty.body).toMatchObject({ events: [], nextToken: expect.any(String) });
    server.world.pageLimit = () => 2;
    const second = await post(server, 'FilterLogEvents', {
      logGroupName: GROUP,
      nextToken: empty.body['nextToken'],
    });
    expect(second.body.events).toHaveLength(2);
    const third = await post(server, 'FilterLogEvents', {
      logGroupName: GROUP,
      nextToken: second.body['nextToken'],
    });
    expect(third.body.events).toHaveLength(1);
    expect(third.body).not.toHaveProperty('nextToken');
  });

  it('GetLogEvents ends with the token that was passed', async () => {
    await using server = await withEvents([1, 2, 3]);
    const asked = { logGroupName: GROUP, logStreamName: 's', startFromHead: true };
    const first = await post(server, 'GetLogEvents', asked);
    const second = await post(server, 'GetLogEvents', {
      ...asked,
      nextToken: first.body['nextForwardToken'],
    });
    expect(first.body.events).toHaveLength(3);
    expect(second.body).toMatchObject({ events: [], nextForwardToken: first.body['nextForwardToken'] });
    expect(first.body.events[0]).not.toHaveProperty('eventId');
  });

  it('1 MB is the most', async () => {
    await using server = await cloudwatchServer();
    server.world.store.addGroup(GROUP);
    const message = 'x'.repeat(400_000);
    server.world.store.put(
      GROUP,
      's',
      [1, 2, 3].map((timestamp) => ({ timestamp, message })),
    );
    expect((await post(server, 'FilterLogEvents', { logGroupName: GROUP })).body.events).toHaveLength(2);
  });

  it('what was ingested late stands at its own time', async () => {
    await using server = await withEvents([1000, 3000]);
    server.world.store.put(GROUP, 'other', [{ timestamp: 2000, message: 'late' }], 9_000_000);
    const { body } = await post(server, 'FilterLogEvents', { logGroupName: GROUP });
    expect(body.events.map(({ timestamp }) => timestamp)).toEqual([1000, 2000, 3000]);
  });
});

describe('refuses', () => {
  const stranger = { logGroupName: GROUP, nextToken: 'stranger' };
  it.each([
    ['FilterLogEvents', { logGroupName: '/none' }, 'ResourceNotFoundException'],
    ['FilterLogEvents', { logGroupName: GROUP, limit: 10_001 }, 'InvalidParameterException'],
    [
      'FilterLogEvents',
      { logGroupName: GROUP, logStreamNames: ['s'], logStreamNamePrefix: 's' },
      'InvalidParameterException',
    ],
    ['FilterLogEvents', { logGroupName: GROUP, startTime: 2, endTime: 1 }, 'InvalidParameterException'],
    ['FilterLogEvents', { logGroupName: GROUP, from: 1 }, 'InvalidParameterException'],
    ['FilterLogEvents', { logGroupName: GROUP, startTime: 1.5 }, 'InvalidParameterException'],
    ['FilterLogEvents', { logGroupName: GROUP, filterPattern: '"open' }, 'InvalidParameterException'],
    ['FilterLogEvents', stranger, 'InvalidParameterException'],
    [
      'GetLogEvents',
      { logGroupName: GROUP, logStreamName: 'none', startFromHead: true },
      'ResourceNotFoundException',
    ],
    [
      'DescribeLogStreams',
      { logGroupName: GROUP, orderBy: 'LastEventTime', logStreamNamePrefix: 's' },
      'InvalidParameterException',
    ],
    [
      'StartQuery',
      { logGroupName: GROUP, startTime: 1, endTime: 2, queryString: 'fields' },
      'MalformedQueryException',
    ],
    ['GetQueryResults', { queryId: 'none' }, 'ResourceNotFoundException'],
    ['PutAnything', {}, 'UnknownOperationException'],
    ['FilterLogEvents', '{', 'SerializationException'],
  ])('%s %j: %s', async (action, body, type) => {
    await using server = await withEvents([1]);
    expect(await post(server, action, body)).toMatchObject({ status: 400, body: { __type: type } });
  });

  it('a token of another question, and one that has expired', async () => {
    await using server = await withEvents([1, 2, 3]);
    server.world.pageLimit = () => 1;
    const { nextToken } = (await post(server, 'FilterLogEvents', { logGroupName: GROUP })).body;
    const other = await post(server, 'FilterLogEvents', { logGroupName: GROUP, startTime: 1, nextToken });
    expect(other.body['__type']).toBe('InvalidParameterException');
    server.world.tokens.expireAll();
    const late = await post(server, 'FilterLogEvents', { logGroupName: GROUP, nextToken });
    expect(late.body).toMatchObject({
      __type: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    });
  });

  it('a request without a signature', async () => {
    await using server = await withEvents([1]);
    expect((await post(server, 'FilterLogEvents', {}, { Authorization: '' })).status).toBe(403);
  });

  it.each(['INFREQUENT_ACCESS', 'DELIVERY'])('events of class %s', async (logClass) => {
    await using server = await cloudwatchServer();
    server.world.store.addGroup(GROUP, { class: logClass });
    expect((await post(server, 'FilterLogEvents', { logGroupName: GROUP })).status).toBe(400);
  });
});

describe('filter patterns', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR core', 'core: ERROR', true],
    ['ERROR core', 'ERROR', false],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['-"GET /health"', 'x "GET /health HTTP/1.1"', false],
    ['-"GET /health"', 'x', true],
    ['"init engine" -DEBUG', 'DEBUG init engine', false],
    ['{ $.kubernetes.pod_name = "llm-0" }', '{"kubernetes":{"pod_name":"llm-0"}}', true],
    ['{ $.kubernetes.pod_name = "llm-0" }', '{"kubernetes":{"pod_name":"llm-1"}}', false],
    ['{ $.kubernetes.pod_name = "llm-0" }', 'llm-0', false],
  ])('%s on %s: %s', (pattern, message, matches) => {
    expect(matcherOf(pattern)?.(message)).toBe(matches);
  });

  it.each(['"open', '{ $.x', '%regex%', 'a*b', 'x'.repeat(1025)])('%s is refused', (pattern) => {
    expect(matcherOf(pattern)).toBeUndefined();
  });
});
