// Evidence that is gone, shifted, packed oddly, or hard to get, and too much of it: scenarios 22, 23, 24, 27, 28 and 29.

import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formatInstant, after as later, parseInstant, seconds } from '../../lib/base/instant.ts';
import { storeNew } from '../../lib/ledger/collected.ts';
import { asKey } from '../../lib/ledger/key.ts';
import { replay } from '../../lib/pipeline.ts';
import { gather } from '../../lib/sources/kube/gather.ts';
import { type Received, sink, taken } from '../exporters/sink.ts';
import { coldtrace, runProgram } from '../run-program.ts';
import { asking } from '../sources/kube/asking.ts';
import { type Fault, fakeCluster } from '../sources/kube/fake-cluster.ts';
import { expectDelivered } from './delivered.ts';
import { at, LATER, ledgerOf, logsOf, newScene, openScene, runOnce, targetOf, toldBy } from './scene.ts';

const RECORDINGS = ['vllm-cold-image'] as const;
const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const [LOGS = ''] = logsOf(RECORDINGS);

interface Folder extends Disposable {
  readonly path: string;
}

function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'coldtrace-evidence-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** What the same files tell by themselves. */
async function replayed(...paths: readonly string[]) {
  const request = { paths, filters: {}, identity: {}, clock: {} };
  const nothing = (async function* (): AsyncGenerator<Uint8Array> {})();
  const { startups } = await replay(request, {
    now: () => LATER,
    stdin: nothing,
    progress: () => undefined,
  });
  return startups;
}

const namesIn = (received: readonly Received[]): ReadonlySet<string> =>
  new Set(received.flatMap(({ spans }) => spans.map(({ name }) => name)));

describe('scenario 22: the API server forgets its place in the middle of a list, and is busy', () => {
  it('the list is begun anew, and what is collected then tells the same', async () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(`fixtures/vllm-cold-image/evidence/${name}.json`, 'utf8')).items;
    let faults = 0;
    const fault: Fault = (call, response) => {
      if (call.query['continue'] === undefined || faults > 1) return false;
      faults += 1;
      const status = faults === 1 ? 410 : 429;
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason: 'Expired' };
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
      response.end(JSON.stringify(body));
      return true;
    };
    const world = { pods: read('pods'), events: read('events') };
    await using cluster = await fakeCluster({ world, fault, pageSize: 1 });
    const { cluster: ask, access } = asking(cluster.url);
    const { pods, events, nodes } = await gather(ask.ask, access, {
      namespace: undefined,
      name: undefined,
      selector: undefined,
    });
    await using destination = await sink(taken);
    const scene = newScene({ url: destination.url, recordings: RECORDINGS });
    const arrival = at('2026-11-22T02:10:00Z');
    await storeNew(ledgerOf(scene, 'collect'), 'lab', { objects: [...pods, ...events, ...nodes], arrival });
    expect(faults).toBe(2);
    expect(await runOnce(scene)).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expectDelivered(destination.received, await toldBy(RECORDINGS));
  });
});

describe('scenario 23: the pod is deleted and its events are forgotten', () => {
  it('the logs tell what they can; what they cannot tell is absent, not of no length', async () => {
    await using destination = await sink(taken);
    const scene = newScene({ url: destination.url, recordings: RECORDINGS });
    expect((await runOnce(scene)).status).toBe('ok');
    expectDelivered(destination.received, await replayed(LOGS));
    const names = namesIn(destination.received);
    expect(names).toContain('weight_loading');
    for (const name of ['pod_pending', 'image_pull', 'readiness_lag']) expect(names).not.toContain(name);
  });

  it('the same name with a new uid is another pod', async () => {
    using place = folder();
    const other = '00000000-1111-4222-8333-444444444444';
    for (const file of globSync(`${LOGS}/*/*/*.log`)) {
      cpSync(file, copyOf(place.path, file), { recursive: true });
      cpSync(file, copyOf(place.path, file.replace(UID, other)), { recursive: true });
    }
    await using destination = await sink(taken);
    const scene = newScene({ url: destination.url, recordings: RECORDINGS });
    scene.logs = { paths: [place.path] };
    await runOnce(scene);
    expectDelivered(destination.received, await replayed(place.path));
    const traces = new Set(destination.received.flatMap(({ spans }) => spans.map(({ traceId }) => traceId)));
    expect(traces.size).toBe(2);
  });
});

/** The same path below another root. */
const copyOf = (root: string, file: string): string => join(root, file.slice(dirname(LOGS).length));

function rewritten(root: string, change: (text: string) => string | Uint8Array, suffix = ''): void {
  for (const file of globSync(`${LOGS}/*/*/*.log`)) {
    const path = `${copyOf(root, file)}${suffix}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, change(readFileSync(file, 'utf8')));
  }
}

describe('scenario 24: a node whose clock is seven seconds ahead', () => {
  it('no span is negative, and each attempt keeps its own', async () => {
    using place = folder();
    const ahead = (text: string): string =>
      text.replace(/^\S+Z/gm, (time) => {
        const instant = parseInstant(time);
        return instant === undefined ? time : formatInstant(later(instant, seconds(7)));
      });
    rewritten(place.path, ahead);
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS });
    scene.logs = { paths: [place.path] };
    expect((await runOnce(scene)).status).toBe('ok');
    expectDelivered(
      destination.received,
      await replayed(
        place.path,
        'fixtures/vllm-cold-image/evidence/pods.json',
        'fixtures/vllm-cold-image/evidence/events.json',
      ),
    );
    const spans = destination.received.flatMap((each) => each.spans);
    expect(spans.length).toBeGreaterThan(10);
    expect(spans.filter(({ start, end }) => end < start)).toEqual([]);
  });
});

describe('scenario 27: archives of every packing, and a bomb', () => {
  const PACKINGS = [
    [
      'gzip of several members',
      (text: string) => Buffer.concat(halves(text).map((half) => gzipSync(half))),
      '.gz',
    ],
    ['zstd', (text: string) => zstdCompressSync(text), '.zst'],
  ] as const;

  it.each(PACKINGS)('%s tells the same', async (_, pack, suffix) => {
    using place = folder();
    rewritten(place.path, pack, suffix);
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS });
    scene.logs = { paths: [place.path] };
    expect((await runOnce(scene)).status).toBe('ok');
    expectDelivered(destination.received, await toldBy(RECORDINGS));
  });

  it('a batch of evidence that unpacks to more than any batch has: a dead letter, all else is told', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS });
    const listed = await scene.store.list('v1/evidence/lab/2026-11-22/');
    const key = asKey(
      (listed.status === 'page' ? (listed.keys[0] ?? '') : '').replace(/[0-9a-f]{32}/, 'e'.repeat(32)),
    );
    if (key === undefined) throw new Error('no evidence');
    await scene.store.create(key, gzipSync(Buffer.alloc(65_000_000)));
    const told = await runOnce(scene);
    expect(told).toMatchObject({ status: 'partial', watermark: { to: targetOf(scene.clock) } });
    expect(told.counts['dead_letters.laid']).toBe(1);
    expectDelivered(destination.received, await toldBy(RECORDINGS));
  });
});

const halves = (text: string): readonly string[] => {
  const middle = text.indexOf('\n', text.length / 2) + 1;
  return [text.slice(0, middle), text.slice(middle)];
};

describe('scenario 28: a secret with a line break in a header', () => {
  it.each(['key\r\nx-forged: 1', 'key\u{1f600}'])(
    '%j is refused at the start, and not shown',
    async (secret) => {
      using place = folder();
      const ran = await coldtrace(['analyze', LOGS, '--store', place.path, '--otlp', 'http://127.0.0.1:9'], {
        env: { OTEL_EXPORTER_OTLP_HEADERS: `api-key=canary${secret}` },
      });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/header/i);
      expect(`${ran.stdout}${ran.stderr}`).not.toContain('canary');
      expect(globSync(`${place.path}/v1/**`)).toEqual([]);
    },
  );
});

describe('scenario 29: a backfill of very many pods', () => {
  const measured = async (days: number) => {
    await using destination = await sink(taken);
    // As the door sets them.
    const flags = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];
    const args = [...flags, 'test/faults/many-pods.ts', destination.url, String(days), '100'];
    const { stdout, stderr } = await runProgram(process.execPath, args);
    const [told, mebibytes] = stdout.trim().split(' ').map(Number);
    expect(stderr).toBe('');
    return { told, mebibytes: mebibytes ?? Number.NaN };
  };

  it('memory goes by what one slice reads, not by the length of the backfill', async () => {
    const short = await measured(2);
    const long = await measured(6);
    expect([short.told, long.told]).toEqual([200, 600]);
    expect(long.mebibytes).toBeLessThan(512);
    // Three times as long; what the store in memory keeps is in it.
    expect(long.mebibytes / short.mebibytes).toBeLessThan(1.6);
  });
});
