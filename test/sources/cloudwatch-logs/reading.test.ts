// CloudWatch Logs as a source, over the SDK's client and real HTTP, against the strict stand-in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessTo, podStream, readAll, type Told } from '../../servers/cloudwatch/reading.ts';
import { Refused } from '../../servers/cloudwatch/refusal.ts';
import { type CloudwatchServer, cloudwatchServer, type Fault } from '../../servers/cloudwatch/server.ts';

const GROUP = '/aws/containerinsights/prod/application';
const [A, B] = [podStream('llm-0'), podStream('llm-1')];
const T = 1_795_311_240_000;

interface Given {
  readonly stream: string;
  readonly times: readonly number[];
  readonly ingested?: number;
}

async function serverWith(
  given: readonly Given[],
  { fault, ...options }: { fault?: Fault; class?: string; retentionInDays?: number } = {},
) {
  const server = await cloudwatchServer(fault);
  server.world.store.addGroup(GROUP, options);
  let count = 0;
  for (const { stream, times, ingested } of given) {
    const events = times.map((timestamp) => {
      count += 1;
      return { timestamp: T + timestamp, message: `line ${count}` };
    });
    server.world.store.put(GROUP, stream, events, ingested);
  }
  return server;
}

const range = (count: number, step = 1): readonly number[] =>
  Array.from({ length: count }, (_, at) => at * step);

const ask = (
  server: CloudwatchServer,
  options: Parameters<typeof accessTo>[1] = {},
  more: object = {},
): Promise<Told> =>
  readAll(accessTo(server.url, options), { group: GROUP, from: T, to: T + 1_000_000, ...more });

const said = ({ events }: Told): readonly string[] => events.map(({ message }) => message);
const lines = (count: number): readonly string[] => range(count).map((at) => `line ${at + 1}`);
const actions = ({ calls }: CloudwatchServer): ReadonlySet<string> =>
  new Set(calls.map(({ action }) => action));

/** How the same events are reached. */
const WAYS = [
  { name: 'FilterLogEvents', stream: A, options: {}, more: {} },
  { name: 'GetLogEvents', stream: 'ecs/app/4f2e', options: {}, more: {} },
  { name: 'StartQuery', stream: A, options: { class: 'INFREQUENT_ACCESS' }, more: {} },
] as const;

describe.each(WAYS)('by $name', ({ name, stream, options, more }) => {
  it('gives the events of [from, to), as the stream has them', async () => {
    await using server = await serverWith([{ stream, times: [-1, 0, 1, 999, 1000, 1001] }], options);
    const told = await ask(server, {}, { to: T + 1000, ...more });
    expect(said(told)).toEqual(['line 2', 'line 3', 'line 4']);
    expect(told.problems).toEqual([]);
    expect([...actions(server)]).toContain(name);
  });

  it('any split of a window gives each event exactly once', async () => {
    const times = [0, 1, 1, 2, 499, 500, 500, 500, 501, 999, 1000, 1000, 1001, 1999, 2000, 2500];
    await using server = await serverWith([{ stream, times }], options);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 2999 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer({ min: 1, max: 4 }), async (inner, page) => {
        server.world.pageLimit = () => page;
        const edges = [0, ...inner.toSorted((a, b) => a - b), 3000];
        const got: string[] = [];
        for (const [at, to] of edges.slice(1).entries())
          got.push(...said(await ask(server, {}, { from: T + (edges[at] ?? 0), to: T + to, ...more })));
        expect(got).toEqual(lines(times.length));
      }),
      { numRuns: 25 },
    );
  });

  it('an empty window asks nothing', async () => {
    await using server = await serverWith([{ stream, times: [0] }], options);
    expect(said(await ask(server, {}, { to: T, ...more }))).toEqual([]);
    expect(server.calls).toEqual([]);
  });

  it('is patient with a server that throttles four calls of ten', async () => {
    let calls = 0;
    const fault: Fault = () => {
      calls += 1;
      if ((calls * 4) % 10 < 4) throw new Refused('ThrottlingException', 'Rate exceeded');
    };
    await using server = await serverWith([{ stream, times: range(40) }], { ...options, fault });
    server.world.pageLimit = () => 3;
    const told = await ask(server, {}, more);
    expect(said(told)).toEqual(lines(40));
    expect(told.problems).toEqual([]);
    expect(told.counts['cloudwatch_calls.throttled']).toBeGreaterThan(0);
  });
});

describe.each(WAYS.slice(0, 2))('pages of $name', ({ stream, options }) => {
  it('thirty empty ones in a row are not the end', async () => {
    let page = 0;
    await using server = await serverWith([{ stream, times: range(10) }], options);
    server.world.pageLimit = () => {
      page += 1;
      return page < 3 || page > 33 ? 4 : 0;
    };
    const told = await ask(server);
    expect(said(told)).toEqual(lines(10));
    expect(told.counts['cloudwatch_pages.empty']).toBeGreaterThanOrEqual(30);
  });

  it('a token that expires, even twice in one millisecond, loses nothing and gives nothing twice', async () => {
    const times = [0, 1, ...range(12).map(() => 2), 3, 4];
    const property = fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 4, max: 14 }), { maxLength: 3 }),
      fc.integer({ min: 3, max: 6 }),
      async (expiring, page) => {
        const fault: Fault = (_, world, calls) => {
          if (expiring.includes(calls.length)) world.tokens.expireAll();
        };
        await using server = await serverWith([{ stream, times }], { ...options, fault });
        server.world.pageLimit = () => page;
        const told = await ask(server);
        expect(said(told)).toEqual(lines(16));
        expect(told.problems).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('equal lines in one millisecond are as many as they were', async () => {
    let calls = 0;
    const fault: Fault = (_, world) => {
      calls += 1;
      if (calls === 5) world.tokens.expireAll();
    };
    await using server = await serverWith([], { ...options, fault });
    server.world.store.put(
      GROUP,
      stream,
      range(7).map(() => ({ timestamp: T, message: 'same' })),
    );
    server.world.pageLimit = () => 2;
    expect(said(await ask(server))).toHaveLength(7);
  });

  it('a token that never holds is told, and what came before is given', async () => {
    const fault: Fault = (_, world) => world.tokens.expireAll();
    await using server = await serverWith([{ stream, times: range(9) }], { ...options, fault });
    server.world.pageLimit = () => 3;
    const told = await ask(server);
    // Each new beginning gives a page, as long as that brings something new.
    expect(said(told)).toEqual(lines(9));
    server.world.pageLimit = () => 1;
    const stuck = await ask(server);
    // The page after a new beginning is the one that is known already: four times the same is enough.
    expect(said(stuck)).toEqual(['line 1']);
    expect(stuck.problems).toMatchObject([{ came: expect.stringContaining('nextToken is invalid') }]);
  });

  it('more pages than were allowed are told', async () => {
    await using server = await serverWith([{ stream, times: range(9) }], options);
    server.world.pageLimit = () => 1;
    const told = await ask(server, { mostPages: 4 });
    expect(said(told)).toEqual(lines(4));
    expect(told.problems).toMatchObject([
      { what: 'cloudwatch.unreadable', came: expect.stringContaining('TooManyPages') },
    ]);
  });
});

it.each([
  ['FilterLogEvents', A, T + 999],
  ['GetLogEvents', 'ecs/app/4f2e', T + 1000],
])('%s is asked for no more than the window', async (name, stream, endTime) => {
  await using server = await serverWith([{ stream, times: [0] }]);
  await ask(server, {}, { to: T + 1000 });
  const asked = server.calls.filter(({ action }) => action === name);
  expect(asked.map(({ body }) => [body['startTime'], body['endTime']])[0]).toEqual([T, endTime]);
});

describe('streams', () => {
  it('those that name their pod are read together, the others one by one', async () => {
    await using server = await serverWith([
      { stream: A, times: [0, 10] },
      { stream: 'ecs/app/1', times: [1, 11] },
      { stream: B, times: [2, 12] },
      { stream: 'ecs/app/2', times: [3, 13] },
    ]);
    const told = await ask(server);
    const byPlace = Map.groupBy(told.events, ({ where }) => where);
    expect([...byPlace.values()].map((events) => events.map(({ timestamp }) => timestamp - T))).toEqual([
      [0, 2, 10, 12],
      [1, 11],
      [3, 13],
    ]);
  });

  it('a prefix chooses', async () => {
    await using server = await serverWith([
      { stream: A, times: [0] },
      { stream: 'ecs/app/1', times: [1] },
      { stream: 'other', times: [2] },
    ]);
    expect(said(await ask(server, {}, { prefix: 'ecs/' }))).toEqual(['line 2']);
    expect(said(await ask(server, {}, { prefix: 'ip-10', insights: true }))).toEqual(['line 1']);
  });

  it('a pattern is applied by the server, also to a single stream', async () => {
    await using server = await serverWith([]);
    for (const stream of [A, 'ecs/app/1'])
      server.world.store.put(GROUP, stream, [
        { timestamp: T, message: `${stream} start` },
        { timestamp: T + 1, message: 'GET /health' },
      ]);
    const told = await ask(server, {}, { pattern: '-"GET /health"' });
    expect(said(told)).toEqual([`${A} start`, 'ecs/app/1 start']);
    expect([...actions(server)]).not.toContain('GetLogEvents');
  });

  it('one that is born while the group is read, and tells no pod, is told', async () => {
    const fault: Fault = ({ action }, { store }) => {
      if (action === 'FilterLogEvents') store.put(GROUP, 'newborn', [{ timestamp: T + 5, message: 'x' }]);
    };
    await using server = await serverWith([{ stream: A, times: [0] }], { fault });
    const told = await ask(server);
    expect(said(told)).toEqual(['line 1']);
    expect(told.problems).toMatchObject([
      { what: 'cloudwatch_streams.dropped', came: expect.stringContaining('newborn') },
    ]);
  });

  it('a page of old streams ends the list, and one whose last event is not known yet is read', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }]);
    for (const at of range(130))
      server.world.store.put(GROUP, `old/${at}`, [{ timestamp: T - 86_400_000 - at, message: 'x' }]);
    expect(said(await ask(server))).toEqual(['line 1']);
    expect(server.calls.filter(({ action }) => action === 'DescribeLogStreams')).toHaveLength(2);
  });

  it('what was ingested half an hour late is there', async () => {
    await using server = await serverWith([
      { stream: A, times: [0, 2000] },
      { stream: B, times: [1000], ingested: T + 2_100_000 },
    ]);
    expect(said(await ask(server))).toEqual(['line 1', 'line 3', 'line 2']);
  });
});

describe('queries', () => {
  const rare = { class: 'INFREQUENT_ACCESS' };

  it('more rows than a query gives: the window is split until they fit', async () => {
    await using server = await serverWith([{ stream: A, times: range(500, 97) }], rare);
    const told = await ask(server, { mostRows: 30 });
    expect(said(told)).toEqual(lines(500));
    expect(told.problems).toEqual([]);
    expect(told.counts['cloudwatch.bytes_scanned']).toBeGreaterThan(0);
  });

  it('a second that holds more than a query gives is told, and the rest is there', async () => {
    await using server = await serverWith(
      [{ stream: A, times: [0, ...range(50).map((at) => 5000 + at), 9000] }],
      rare,
    );
    const told = await ask(server, { mostRows: 20 });
    expect(said(told)).toEqual([...lines(21), 'line 52']);
    expect(told.problems).toMatchObject([{ came: expect.stringContaining('TooManyRows') }]);
  });

  it('more than one page of results', async () => {
    await using server = await serverWith([{ stream: A, times: range(12_345) }], rare);
    expect(said(await ask(server))).toEqual(lines(12_345));
  });

  it.each(['Failed', 'Cancelled'])('one that ends as %s is told', async (status) => {
    await using server = await serverWith([{ stream: A, times: [0] }], rare);
    server.world.queryEnd = () => status;
    const told = await ask(server);
    expect(said(told)).toEqual([]);
    expect(told.problems).toMatchObject([{ came: expect.stringContaining(status), asked: true }]);
  });

  it('one that takes too long is halved', async () => {
    await using server = await serverWith([{ stream: A, times: range(10, 1000) }], rare);
    let queries = 0;
    server.world.queryEnd = () => {
      queries += 1;
      return queries < 3 ? 'Timeout' : 'Complete';
    };
    const told = await ask(server);
    expect(said(told)).toEqual(lines(10));
  });

  it('one that nobody waits for any more is stopped', async () => {
    const stop = new AbortController();
    await using server = await serverWith([{ stream: A, times: [0] }], rare);
    let slept = 0;
    const onSleep = (): void => {
      slept += 1;
      if (actions(server).has('GetQueryResults')) stop.abort();
    };
    const told = await ask(server, { signal: stop.signal, onSleep });
    expect(slept).toBeGreaterThan(0);
    expect([...server.world.queries.values()].map(({ status }) => status)).toEqual(['Cancelled']);
    expect(told.problems).toHaveLength(1);
  });
});

describe('the budget', () => {
  it('four calls a second, whoever asks', async () => {
    await using server = await serverWith([{ stream: A, times: range(40) }]);
    server.world.pageLimit = () => 1;
    const access = accessTo(server.url);
    await readAll(access, { group: GROUP, from: T, to: T + 1000 });
    const calls = server.calls.filter(({ action }) => action === 'FilterLogEvents').length;
    expect(access.slept()).toBeGreaterThanOrEqual((calls - 1) / 4 - 0.01);
  });

  it('a server that only throttles is given up, after a bounded time', async () => {
    const fault: Fault = ({ action }) => {
      if (action === 'FilterLogEvents') throw new Refused('ThrottlingException', 'Rate exceeded');
    };
    await using server = await serverWith([{ stream: A, times: [0] }], { fault });
    const access = accessTo(server.url);
    const told = await readAll(access, { group: GROUP, from: T, to: T + 1000 });
    expect(told.problems).toMatchObject([{ came: 'ThrottlingException: Rate exceeded' }]);
    expect(access.slept()).toBeLessThan(600);
    expect(server.calls.length).toBeLessThan(20);
  });
});

describe('preflight', () => {
  const DENIED = `User: arn:aws:iam::123456789012:user/x is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}:log-stream: because no identity-based policy allows it`;

  const denying =
    (denied: string): Fault =>
    ({ action }) => {
      if (action === denied)
        throw new Refused('AccessDeniedException', action === 'FilterLogEvents' ? DENIED : 'no');
    };

  it('a group that is not there: those beside it are named', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }]);
    const { problems } = await ask(server, {}, { group: '/aws/containerinsights/prod/aplication' });
    expect(problems).toMatchObject([
      { asked: true, came: `none, but ${GROUP}`, expected: expect.stringContaining('eu-west-1') },
    ]);
  });

  it('a group of class DELIVERY cannot be read', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }], { class: 'DELIVERY' });
    expect((await ask(server)).problems).toMatchObject([{ came: expect.stringContaining('DELIVERY') }]);
  });

  it('a retention that is shorter than the window', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }], { retentionInDays: 1 });
    const told = await ask(server);
    expect(said(told)).toEqual(['line 1']);
    expect(told.problems).toMatchObject([{ what: 'cloudwatch_retention.truncated', asked: false }]);
    expect((await ask(server, {}, { from: T + 900_000 })).problems).toHaveLength(1);
  });

  it('a permission that is missing: the statement to add', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }], { fault: denying('FilterLogEvents') });
    const statement = `{"Effect":"Allow","Action":"logs:FilterLogEvents","Resource":"arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}:*"}`;
    expect((await ask(server)).problems).toMatchObject([
      { what: 'cloudwatch.refused', asked: true, remedy: expect.stringContaining(statement) },
    ]);
  });

  it('is told once, however many streams would be refused', async () => {
    const streams = range(30).map((at) => ({ stream: `ecs/app/${at}`, times: [at] }));
    await using server = await serverWith(streams, { fault: denying('GetLogEvents') });
    const told = await ask(server);
    expect(told.problems).toMatchObject([{ remedy: expect.stringContaining('logs:GetLogEvents') }]);
    expect(told.counts['cloudwatch_streams.unreadable']).toBe(29);
    expect(server.calls.filter(({ action }) => action === 'GetLogEvents')).toHaveLength(1);
  });

  it('who may not list groups may still read one', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }], {
      fault: denying('DescribeLogGroups'),
    });
    const told = await ask(server);
    expect(said(told)).toEqual(['line 1']);
    expect(told.problems).toMatchObject([
      { asked: false, remedy: expect.stringContaining('logs:DescribeLogGroups') },
    ]);
  });

  it('who may not list streams is told', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }], {
      fault: denying('DescribeLogStreams'),
    });
    expect((await ask(server)).problems).toMatchObject([
      { remedy: expect.stringContaining('logs:DescribeLogStreams') },
    ]);
  });

  it('nobody there', async () => {
    const server = await serverWith([]);
    await server[Symbol.asyncDispose]();
    const { problems } = await ask(server);
    expect(problems).toMatchObject([{ asked: true, came: expect.stringContaining('ECONNREFUSED') }]);
  });

  it('an ARN reads a group of another account', async () => {
    await using server = await serverWith([{ stream: A, times: [0] }]);
    const group = `arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}:*`;
    expect(said(await ask(server, {}, { group }))).toEqual(['line 1']);
  });
});
