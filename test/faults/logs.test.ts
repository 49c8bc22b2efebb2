// Logs that come empty, late, twice, broken, or not at all: scenarios 1 to 9 and 26, over CloudWatch Logs.

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { backfillSlice } from '../../lib/backfill.ts';
import { asKey } from '../../lib/ledger/key.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { type Sink, sink, taken } from '../exporters/sink.ts';
import { GROUP, recordedStreams } from '../servers/cloudwatch/recorded.ts';
import { Refused } from '../servers/cloudwatch/refusal.ts';
import { type CloudwatchServer, cloudwatchServer, type Fault } from '../servers/cloudwatch/server.ts';
import type { Put } from '../servers/cloudwatch/store.ts';
import { expectDelivered, pointsIn, spansIn } from './delivered.ts';
import {
  at,
  LATER,
  minutes,
  newScene,
  openScene,
  pass,
  recover,
  runnable,
  runOnce,
  type Scene,
  targetOf,
  toldBy,
} from './scene.ts';

const RECORDINGS = ['vllm-cold-image'] as const;

let startups: readonly Startup[] = [];
beforeAll(async () => {
  startups = await toldBy(RECORDINGS);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

interface World extends AsyncDisposable {
  readonly server: CloudwatchServer;
  readonly destination: Sink;
  readonly scene: Scene;
}

interface WorldOptions {
  readonly fault?: Fault;
  readonly class?: string;
  readonly retentionInDays?: number;
  readonly group?: string;
  /** What becomes of each recorded event on its way in. */
  readonly shipped?: (events: readonly Put[]) => readonly Put[];
  /** False: pods and events are not collected, so that the logs are all there is. */
  readonly isCollected?: boolean;
}

async function world({
  fault,
  shipped,
  group = GROUP,
  isCollected = true,
  ...options
}: WorldOptions = {}): Promise<World> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  const server = await cloudwatchServer(fault);
  server.world.store.addGroup(GROUP, options);
  if (shipped !== undefined) ship(server, shipped);
  const destination = await sink(taken);
  const at = { url: destination.url, recordings: RECORDINGS };
  const scene = isCollected ? await openScene(at) : newScene(at);
  const read = { groups: [group], since: LATER, until: LATER, insights: false };
  scene.logs = { paths: [], cloudwatch: { ...read, region: 'eu-west-1', endpoint: server.url } };
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await destination[Symbol.asyncDispose]();
  };
  return { server, destination, scene, [Symbol.asyncDispose]: dispose };
}

const asTheyAre = (events: readonly Put[]): readonly Put[] => events;

function ship(
  server: CloudwatchServer,
  shipped: NonNullable<WorldOptions['shipped']>,
  ingested?: number,
): void {
  for (const { stream, events } of recordedStreams())
    server.world.store.put(GROUP, stream, shipped(events), ingested);
}

async function expectConverged({ scene, destination }: World): Promise<void> {
  const runs = await recover(scene);
  expect(runs.at(-1)).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
  expectDelivered(destination.received, startups);
}

const isFilter = ({ action }: { readonly action: string }): boolean => action === 'FilterLogEvents';

describe('scenario 1: thirty empty pages before the data', () => {
  it('are turned until there is no token any more', async () => {
    let pages = 0;
    const fault: Fault = (call, stand) => {
      if (isFilter(call)) pages += 1;
      stand.pageLimit = () => (pages <= 30 ? 0 : 10_000);
    };
    await using all = await world({ fault, shipped: asTheyAre });
    expect((await runOnce(all.scene)).status).toBe('ok');
    expect(pages).toBeGreaterThan(30);
    await expectConverged(all);
  });
});

describe('scenario 2: the same token again at the end', () => {
  it('ends the reading of a stream whose name tells no pod; an empty page with a new token does not', async () => {
    let pages = 0;
    const fault: Fault = (call, stand) => {
      if (call.action === 'GetLogEvents') pages += 1;
      stand.pageLimit = () => (pages % 2 === 1 ? 0 : 40);
    };
    await using all = await world({ fault });
    for (const { events } of recordedStreams()) all.server.world.store.put(GROUP, 'ecs/app/4f2e', events);
    expect((await runOnce(all.scene)).status).toBe('ok');
    expect(pages).toBeGreaterThan(4);
    await expectConverged(all);
  });
});

describe('scenario 3: a token that has expired in the middle', () => {
  it('the reading begins again, and nothing is told twice', async () => {
    let isExpired = false;
    const fault: Fault = ({ action, body }, stand) => {
      stand.pageLimit = () => 25;
      if (action !== 'FilterLogEvents' || body['nextToken'] === undefined || isExpired) return;
      isExpired = true;
      throw new Refused('InvalidParameterException', 'The specified nextToken is invalid.');
    };
    await using all = await world({ fault, shipped: asTheyAre });
    await runOnce(all.scene);
    expect(isExpired).toBe(true);
    await expectConverged(all);
  });
});

describe('scenario 4: two calls of five are throttled', () => {
  it('waits between tries, ends, and all is told', async () => {
    let calls = 0;
    const fault: Fault = (_, stand) => {
      stand.pageLimit = () => 25;
      calls += 1;
      if (calls % 5 < 2) throw new Refused('ThrottlingException', 'Rate exceeded');
    };
    await using all = await world({ fault, shipped: asTheyAre });
    expect((await runOnce(all.scene)).status).toBe('ok');
    // No busy loop: a wait of the scene's clock for each refusal.
    expect(all.scene.waits.length).toBeGreaterThanOrEqual(Math.floor(calls / 5));
    expect(calls).toBeLessThan(100);
    await expectConverged(all);
  });
});

describe('scenario 5: events that come 35 minutes late', () => {
  it('are in what is told, since nothing is told before', async () => {
    await using all = await world();
    all.scene.clock = at('2026-11-22T02:30:00Z');
    expect((await runOnce(all.scene)).status).toBe('ok');
    expect(all.destination.received).toEqual([]);
    ship(all.server, asTheyAre, Date.parse('2026-11-22T02:42:00Z'));
    pass(all.scene, minutes(15));
    const early = await runOnce(all.scene);
    expect(early.counts['startups.late']).toBeUndefined();
    await expectConverged(all);
  });
});

describe('scenario 6: events later than is waited for', () => {
  const tooLate = async (isCollected: boolean) => {
    const all = await world({ isCollected });
    all.scene.clock = at('2026-11-22T02:30:00Z');
    await runOnce(all.scene);
    all.scene.clock = at('2026-11-22T02:58:00Z');
    await runOnce(all.scene);
    ship(all.server, asTheyAre, Date.parse('2026-11-22T02:59:00Z'));
    pass(all.scene, minutes(5));
    return { all, told: await runOnce(all.scene) };
  };

  it('a start that nothing else told of is counted once, named, and told by a backfill', async () => {
    const { all, told } = await tooLate(false);
    await using world = all;
    const { scene, destination } = world;
    expect(told).toMatchObject({ status: 'partial', counts: { 'startups.late': 1 } });
    expect(told.notes.join('\n')).toMatch(/coldtrace backfill --from 2026-11-22T02:05:00/);
    pass(scene, minutes(5));
    expect((await runOnce(scene)).counts['startups.late']).toBeUndefined();
    expect(destination.received).toEqual([]);
    const { job, deps } = await runnable(scene);
    const slice = { from: at('2026-11-22T02:05:00Z'), to: at('2026-11-22T02:10:00Z') };
    expect((await backfillSlice(slice, job, deps)).status).toBe('ok');
    await deps.shipping.close();
    expect(spansIn(destination.received).length).toBeGreaterThan(5);
    expect(pointsIn(destination.received).length).toBeGreaterThan(5);
  });

  it('phases of a start that was told without them are counted', async () => {
    const { all, told } = await tooLate(true);
    await using world = all;
    expect(world.destination.received.length).toBeGreaterThan(0);
    expect(told.status).toBe('partial');
    expect(told.counts['phases.late']).toBeGreaterThan(5);
  });
});

describe('scenario 7: five thousand events in one millisecond, over the edges of pages and slices', () => {
  it('each is read once, and the start is told', async () => {
    const EDGE = Date.parse('2026-11-22T02:10:00Z');
    const crowd = (events: readonly Put[]): readonly Put[] => [
      ...events,
      ...Array.from({ length: 5000 }, (_, n) => ({ timestamp: EDGE, message: `{"log":"crowd ${n}"}` })),
    ];
    await using all = await world({ shipped: crowd });
    all.scene.rhythm = { ...all.scene.rhythm, stride: minutes(24 * 60) };
    all.server.world.pageLimit = () => 1000;
    const told = await runOnce(all.scene);
    expect(told.status).toBe('ok');
    expect(told.counts['read.cloudwatch.events']).toBe(5000 + (recordedStreams()[0]?.events.length ?? 0));
    await expectConverged(all);
  });
});

describe('scenario 8: lines that come twice and out of order', () => {
  it('tell the same', async () => {
    const jumbled = (events: readonly Put[]): readonly Put[] => [...events.toReversed(), ...events];
    await using all = await world({ shipped: jumbled });
    expect((await runOnce(all.scene)).status).toBe('ok');
    await expectConverged(all);
  });
});

describe('scenario 9: lines that nobody can read', () => {
  it('do not hide the start, and stop no run', async () => {
    const [first] = recordedStreams().flatMap(({ events }) => events);
    const time = first?.timestamp ?? 0;
    const poison = [
      '{"time":"2026-11-22T02:05:30.1Z","stream":"stdout","_p":"F","log":"cut he',
      `{"log":"${'x'.repeat(1_000_000)}"}`,
      '\u001b[2K\rLoading safetensors checkpoint shards:  50% Completed\r',
      '\ufffd\ufffd\u0000\u0001',
      '',
    ].map((message, n) => ({ timestamp: time + n, message: message === '' ? ' ' : message }));
    await using all = await world({ shipped: (events) => [...poison, ...events, ...poison] });
    const told = await runOnce(all.scene);
    expect(['ok', 'partial']).toContain(told.status);
    expectDelivered(all.destination.received, startups);
    expect(told.watermark?.to).toBe(targetOf(all.scene.clock));
  });
});

describe('scenario 9: evidence that nobody can unpack', () => {
  it('is a dead letter with its place, and the run partial; all else is told', async () => {
    await using all = await world({ shipped: asTheyAre });
    const { store } = all.scene;
    const listed = await store.list('v1/evidence/lab/2026-11-22/');
    const [batch] = listed.status === 'page' ? listed.keys : [];
    const broken = asKey(batch?.replace(/[0-9a-f]{32}/, 'f'.repeat(32)) ?? '');
    if (broken === undefined || broken === batch) throw new Error('no key');
    await store.create(broken, Buffer.from('not gzip'));
    const told = await runOnce(all.scene);
    expect(told).toMatchObject({ status: 'partial', watermark: { to: targetOf(all.scene.clock) } });
    expect(told.counts['dead_letters.laid']).toBe(1);
    expect(told.notes.join('\n')).toContain(broken);
    expectDelivered(all.destination.received, startups);
    const copies = await store.list('v1/quarantine/');
    expect(copies.status === 'page' && copies.keys.length).toBe(1);
  });
});

describe('scenario 26: groups that cannot be read, or not far enough back', () => {
  it('missing: the run fails, says how to mend it, and leaves the watermark', async () => {
    await using all = await world({ group: '/aws/typo', shipped: asTheyAre });
    const told = await runOnce(all.scene);
    expect(told.status).toBe('failed');
    expect(told.notes.join('\n')).toMatch(/aws logs describe-log-groups/);
    expect(told.watermark?.to).toBe(told.watermark?.from);
    expect(all.destination.received).toEqual([]);
    const { cloudwatch } = all.scene.logs;
    if (cloudwatch !== undefined)
      all.scene.logs = { paths: [], cloudwatch: { ...cloudwatch, groups: [GROUP] } };
    await expectConverged(all);
  });

  it('of infrequent access: asked by queries instead', async () => {
    await using all = await world({ class: 'INFREQUENT_ACCESS', shipped: asTheyAre });
    await runOnce(all.scene);
    expect(all.server.calls.some(({ action }) => action === 'StartQuery')).toBe(true);
    await expectConverged(all);
  });

  it('a retention shorter than the window: told, with the remedy', async () => {
    await using all = await world({ retentionInDays: 1, shipped: asTheyAre });
    all.scene.clock = at('2026-11-23T02:30:00Z');
    all.scene.rhythm = { ...all.scene.rhythm, lookBack: minutes(25 * 60), stride: minutes(26 * 60) };
    const told = await runOnce(all.scene);
    expect(told.notes.join('\n')).toMatch(/aws logs put-retention-policy/);
    expect(told.watermark?.to).toBe(targetOf(all.scene.clock));
  });
});
