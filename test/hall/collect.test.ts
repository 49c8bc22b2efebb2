// `coldtrace collect` as a process: what a folder or a bucket holds afterwards, again, at once, without permissions.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Client, s3Store } from '../../lib/ledger/s3-store.ts';
import { coldtrace } from '../run-program.ts';
import type { Json } from '../servers/real-kubernetes.ts';
import { BUCKET, type Bucket, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';
import {
  type FakeCluster,
  type Fault,
  fakeCluster,
  kubeconfigFor,
  recorded,
  status,
  type World,
} from '../sources/kube/fake-cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-collect-'));

afterAll(() => rmSync(directory, { recursive: true }));

const fresh = (name: string): string => join(mkdtempSync(join(directory, 'one-')), name);

async function collected(
  cluster: FakeCluster,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const kubeconfig = fresh('kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(cluster.url));
  return coldtrace(['collect', ...args, '--kubeconfig', kubeconfig], { env });
}

const evidenceOf = (store: string): readonly string[] =>
  readdirSync(join(store, 'v1/evidence'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .sort();

const linesOf = (store: string): readonly Json[] =>
  evidenceOf(store)
    .flatMap((name) =>
      gunzipSync(readFileSync(join(store, 'v1/evidence', name)))
        .toString()
        .trimEnd()
        .split('\n'),
    )
    .map((line) => JSON.parse(line));

const versionsIn = (store: string): readonly string[] =>
  linesOf(store).map(({ object }) => {
    const { uid, resourceVersion } = (object as Json)['metadata'] as Json;
    return `${uid} ${resourceVersion}`;
  });

async function startupsOf(path: string): Promise<readonly Json[]> {
  const { stdout } = await coldtrace(['replay', path, '--format', 'json']);
  return JSON.parse(stdout).startups;
}

/** What `kubectl get pods,events,nodes -o json` would have written at the same time. */
function dumped({ pods, events, nodes }: World): string {
  const folder = fresh('dump');
  mkdirSync(folder);
  const items = [...pods, ...events, ...nodes];
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return folder;
}

const node = (version: string, heartbeat: string): Json => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'lab-node',
    uid: 'n1',
    resourceVersion: version,
    labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' },
  },
  spec: { providerID: 'aws:///eu-west-1a/i-1' },
  status: { conditions: [{ type: 'Ready', lastHeartbeatTime: heartbeat }], images: [{ names: ['big'] }] },
});

const edited = (object: Json, version: string): Json => ({
  ...object,
  metadata: { ...(object['metadata'] as Json), resourceVersion: version },
});

describe.each(['vllm-cold-image', 'crashloop', 'startupprobe', 'sidecar', 'imagepullbackoff'])(
  'coldtrace collect on what %s recorded',
  (fixture) => {
    it('keeps in a folder what replay tells the startups of a dump from', async () => {
      const world = { ...recorded(fixture), nodes: [node('1', '2026-11-22T02:00:00Z')] };
      await using cluster = await fakeCluster({ world });
      const store = fresh('store');
      const { code, stdout, stderr } = await collected(cluster, ['-A', '--store', store]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        /^\d+ pods?, \d+ events? and [01] nodes? of fake: \d+ new versions? stored, [\d,]+ bytes, in folder \S+\n$/,
      );
      const startups = await startupsOf(store);
      expect(JSON.stringify(startups)).toBe(JSON.stringify(await startupsOf(dumped(world))));
      expect(startups.length).toBeGreaterThan(0);
      const told = async (path: string) => (await coldtrace(['replay', path, '--strict'])).code;
      expect(await told(store)).toBe(await told(dumped(world)));
    });
  },
);

describe('coldtrace collect', () => {
  it('again, stores only what is new: a pod that changed, not a node that said it is alive', async () => {
    const world = recorded('sidecar');
    const [pod = {}] = world.pods;
    const bound = { ...pod, spec: { ...(pod['spec'] as Json), nodeName: 'lab-node' } };
    const nodes = [node('1', '2026-11-22T02:00:00Z')];
    await using cluster = await fakeCluster({ world: { ...world, pods: [bound], nodes } });
    const store = fresh('store');
    const first = await collected(cluster, ['-A', '--store', store]);
    const all = world.events.length + 2;
    expect(first.stdout).toContain(`${all} new versions stored`);
    expect(first.stdout).toContain(' and 1 node of');
    const again = await collected(cluster, ['-A', '--store', store]);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 new versions stored, 0 bytes'),
    });
    expect(evidenceOf(store)).toHaveLength(1);
    cluster.world.pods = [edited(bound, '999999')];
    cluster.world.nodes = [node('2', '2026-11-22T02:05:00Z')];
    const changed = await collected(cluster, ['-A', '--store', store]);
    expect(changed.stdout).toContain('1 new version stored');
    expect(versionsIn(store)).toHaveLength(all + 1);
    expect(JSON.stringify(linesOf(store))).not.toContain('"images"');
  });

  it('five at once lose nothing, and the next has nothing to add', async () => {
    const world = recorded('sidecar');
    await using cluster = await fakeCluster({ world });
    const [store, one] = [fresh('store'), fresh('store')];
    await collected(cluster, ['-A', '--store', one]);
    const runs = await Promise.all([1, 2, 3, 4, 5].map(() => collected(cluster, ['-A', '--store', store])));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
    expect([...new Set(versionsIn(store))].sort()).toEqual([...versionsIn(one)].sort());
    expect(await startupsOf(store)).toEqual(await startupsOf(one));
    const after = await collected(cluster, ['-A', '--store', store]);
    expect(after.stdout).toContain('0 new versions stored');
  });

  it('different namespaces in turn do not make each other store again', async () => {
    const [a, b] = [recorded('sidecar'), recorded('crashloop')];
    const world = { ...a, pods: [...a.pods, ...b.pods], events: [...a.events, ...b.events] };
    await using cluster = await fakeCluster({ world });
    const store = fresh('store');
    const spaces = world.pods.map((pod) => String((pod['metadata'] as Json)['namespace']));
    expect(new Set(spaces).size).toBe(2);
    const ask = (space: string) => collected(cluster, ['-n', space, '--store', store]);
    for (const space of spaces) expect((await ask(space)).stdout).not.toContain(' 0 new versions');
    for (const space of spaces) expect((await ask(space)).stdout).toContain(' 0 new versions');
  });

  it('a list of what is stored that is damaged is told, and everything is stored again', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const store = fresh('store');
    await collected(cluster, ['-A', '--store', store]);
    const startups = await startupsOf(store);
    const [list = ''] = readdirSync(join(store, 'v1/collected/fake'));
    writeFileSync(join(store, 'v1/collected/fake', list), '{"state":');
    const damaged = await collected(cluster, ['-A', '--store', store]);
    expect(damaged).toMatchObject({ code: 2, stderr: expect.stringContaining('corrupt') });
    const healed = await collected(cluster, ['-A', '--store', store]);
    expect(healed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(' 0 new versions') });
    expect(await startupsOf(store)).toEqual(startups);
  });

  it('notes as arrival a time after the last answer: an earlier one would be taken for a witness of what came later', async () => {
    let last = 0n;
    const slow: Fault = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      last = BigInt(Date.now()) * 1_000_000n;
      return false;
    };
    await using cluster = await fakeCluster({ world: recorded('sidecar'), fault: slow });
    const store = fresh('store');
    await collected(cluster, ['-A', '--store', store]);
    const arrivals = new Set(linesOf(store).map((line) => BigInt(String(line['arrival_ns']))));
    expect(arrivals.size).toBe(1);
    for (const arrival of arrivals) {
      expect(arrival).toBeGreaterThanOrEqual(last);
      expect(arrival).toBeLessThan(BigInt(Date.now() + 1000) * 1_000_000n);
    }
  });

  it('keeps no secret', async () => {
    const world = recorded('sidecar');
    const canary = 'canary-5d1c77';
    const pods = world.pods.map((pod) => ({
      ...pod,
      spec: {
        ...(pod['spec'] as Json),
        initContainers: [{ name: 'i', env: [{ name: 'AWS_SECRET_ACCESS_KEY', value: canary }] }],
        containers: [
          { name: 'server', args: ['--api-key', canary], env: [{ name: 'HF_TOKEN', value: canary }] },
        ],
      },
    }));
    const events = world.events.map((event) => ({
      ...event,
      message: `pulling https://u:${canary}@registry/x`,
    }));
    await using cluster = await fakeCluster({ world: { ...world, pods, events } });
    const store = fresh('store');
    const { stdout, stderr } = await collected(cluster, ['-A', '--store', store]);
    const kept = JSON.stringify(linesOf(store));
    expect(kept).toContain('[redacted]');
    for (const text of [kept, stdout, stderr]) expect(text).not.toContain('canary');
    for (const name of readdirSync(store, { recursive: true, encoding: 'utf8', withFileTypes: true }))
      if (name.isFile())
        expect(readFileSync(join(name.parentPath, name.name), 'utf8')).not.toContain('canary');
  });

  it.each([
    ['events', 2, 'Pod', /expected permission to list events/],
    ['pods', 2, 'Event', /expected permission to list pods/],
  ])('without permission for %s: exit code %d, and the rest is kept', async (what, code, kind, says) => {
    const fault: Fault = ({ path }, response) => {
      if (!path.endsWith(`/${what}`)) return false;
      const user = 'User "system:serviceaccount:demo:coldtrace" cannot list resource';
      status(response, 403, `${what} is forbidden: ${user} "${what}"`);
      return true;
    };
    await using cluster = await fakeCluster({ world: recorded('sidecar'), fault });
    const store = fresh('store');
    const ran = await collected(cluster, ['-A', '--store', store]);
    expect(ran).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(ran.stderr).toContain(`--verb=list --resource=${what}`);
    expect(new Set(linesOf(store).map(({ object }) => (object as Json)['kind']))).toEqual(new Set([kind]));
  });

  it.each<readonly [string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['no store', ['-A'], {}, '--store: expected a folder, or s3://bucket/prefix, got none'],
    ['no bucket', ['--store', 's3://'], {}, "--store: expected a folder, or s3://bucket/prefix, got 's3://'"],
    ['no region', ['--store', 's3://bucket'], {}, 'AWS_REGION: expected the region of the bucket, got none'],
    ['both', ['-A', '-n', 'x', '--store', 'x'], {}, '--all-namespaces: expected no --namespace beside it'],
    ['a file', ['-A', '--store', 'package.json'], {}, '--store: expected a folder that can be written, got'],
    ['a path', ['-A', 'evidence'], {}, 'too many arguments'],
  ])('%s: exit code 2, and nothing is asked', async (_what, args, env, says) => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const { code, stdout, stderr } = await collected(cluster, args, env);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(says)]);
    expect(cluster.calls).toEqual([]);
  });

  it('an empty namespace: exit code 1, and says where it looked', async () => {
    await using cluster = await fakeCluster();
    const ran = await collected(cluster, ['-l', 'app=x', '--store', fresh('store')]);
    expect(ran).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('pods with app=x in namespace demo'),
    });
  });
});

describe.skipIf(!HAS_VERSITYGW)('in a bucket (versitygw)', () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await startVersitygw();
  });
  afterAll(() => bucket.remove());

  it('keeps the same, once, under the prefix and the name of the cluster', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const env = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: bucket.settings.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const args = ['-A', '--store', `s3://${BUCKET}/some/place`, '--cluster', 'eks/prod'];
    const runs = await Promise.all([collected(cluster, args, env), collected(cluster, args, env)]);
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const again = await collected(cluster, args, env);
    expect(again.stdout).toContain(
      ` of eks/prod: 0 new versions stored, 0 bytes, in s3://${BUCKET}/some/place/`,
    );
    const store = s3Store({ client: s3Client(bucket.settings), bucket: BUCKET, prefix: 'some/place/' });
    const listed = await store.list('v1/evidence/eks=2fprod/');
    const keys = listed.status === 'page' ? listed.keys : [];
    expect(keys.length).toBeGreaterThan(0);
    const folder = fresh('copy');
    mkdirSync(folder);
    for (const [index, key] of keys.entries()) {
      const got = await store.get(key);
      if (got.status === 'found') writeFileSync(join(folder, `${index}.ndjson.gz`), got.body);
    }
    expect(await startupsOf(folder)).toEqual(await startupsOf(dumped(recorded('sidecar'))));
  });

  it('a bucket that is not there: exit code 2, told once, with the reason', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const env = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: bucket.settings.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const ran = await collected(cluster, ['-A', '--store', 's3://no-such-bucket'], env);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('NoSuchBucket') });
    expect(ran.stdout).toContain('not all of');
  });
});
