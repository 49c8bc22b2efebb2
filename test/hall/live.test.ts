// `coldtrace pod` as a process against a server that speaks the API: the same answer as replay, kept evidence, refusals, following.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coldtrace, runProgram } from '../run-program.ts';
import type { Json } from '../servers/real-kubernetes.ts';
import {
  type FakeCluster,
  type FakeOptions,
  type Fault,
  fakeCluster,
  kubeconfigFor,
  nameOf,
  recorded,
  status,
  type World,
} from '../sources/kube/fake-cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-live-'));

afterAll(() => rmSync(directory, { recursive: true }));

const fresh = (name: string): string => join(mkdtempSync(join(directory, 'one-')), name);

async function asked(
  cluster: FakeCluster,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const kubeconfig = fresh('kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(cluster.url));
  return coldtrace(['pod', ...args, '--kubeconfig', kubeconfig], { env });
}

const startups = (stdout: string): readonly Json[] => JSON.parse(stdout).startups;

/** The folder that a person would have collected: what the API can give, no more. */
function collected({ pods, events, logs }: World, runs: readonly string[]): string {
  const folder = fresh('collected');
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('pods.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }));
  write('events.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: events }));
  const { name, namespace, uid } = (pods[0]?.['metadata'] ?? {}) as Json;
  for (const run of runs) write(`${namespace}_${name}_${uid}/${run}.log`, logs[run] ?? '');
  return folder;
}

const FIXTURES: readonly (readonly [fixture: string, runs: readonly string[]])[] = [
  ['vllm-cold-image', ['engine/0']],
  ['crashloop', ['server/3', 'server/2']],
  ['startupprobe', ['server/3', 'server/2']],
  ['sidecar', ['log-agent/0', 'model-downloader/0', 'proxy/0', 'server/0']],
  ['imagepullbackoff', ['server/0']],
];

describe.each(FIXTURES)('coldtrace pod on what %s recorded', (fixture, runs) => {
  it('tells what replay tells of the same evidence, and keeps it so that replay tells it again', async () => {
    const world = recorded(fixture);
    await using cluster = await fakeCluster({ world });
    const { name, namespace } = nameOf(world.pods[0]);
    const kept = fresh('kept');
    const live = await asked(cluster, [name, '-n', namespace, '--format', 'json', '--save', kept]);
    expect(live).toMatchObject({ code: 0, stderr: expect.stringContaining(`coldtrace replay ${kept}`) });
    const replayed = await coldtrace(['replay', collected(world, runs), '--format', 'json']);
    expect(startups(live.stdout)).toEqual(startups(replayed.stdout));
    const again = await coldtrace(['replay', kept, '--format', 'json']);
    expect(JSON.stringify(startups(again.stdout))).toBe(JSON.stringify(startups(live.stdout)));
    expect(startups(live.stdout).length).toBeGreaterThan(0);
  });
});

describe('coldtrace pod', () => {
  it('asks with time stamps, in pages of 500, and never more than two at a time', async () => {
    const world = recorded('sidecar');
    const slow: Fault = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return false;
    };
    await using cluster = await fakeCluster({ world, fault: slow });
    expect(await asked(cluster, ['-A'])).toMatchObject({ code: 0 });
    const logs = cluster.calls.filter(({ path }) => path.endsWith('/log'));
    expect(logs.map(({ query }) => query)).toContainEqual({ container: 'server', timestamps: 'true' });
    const lists = cluster.calls.filter(({ path }) => !path.endsWith('/log'));
    expect(lists.every(({ query }) => query['limit'] === '500')).toBe(true);
    expect(cluster.calls.every(({ headers }) => headers.authorization === 'Bearer a-token')).toBe(true);
    expect(cluster.mostAtOnce()).toBe(2);
  });

  it.each([
    [['demo', '-n', 's-i-sidecar'], 0],
    [['demo'], 1],
    [['nobody', '-n', 's-i-sidecar'], 1],
    [['-n', 's-i-sidecar', '--until', '2020-01-01T00:00:00Z'], 1],
    [['-n', 's-i-sidecar', '--strict'], 0],
    [['-n', 'x', '-A'], 2],
    [['--watch'], 2],
    [['demo', '--timeout', '3s'], 2],
    [['demo', '-l', 'app=x'], 2],
    [['demo', 'demo2'], 2],
  ])('%j: exit code %d', async (args, code) => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    expect(await asked(cluster, args)).toMatchObject({ code });
  });

  it('a selector goes to the server, and events of other pods are no evidence', async () => {
    const world = recorded('sidecar');
    const others = recorded('crashloop').events;
    await using cluster = await fakeCluster({ world: { ...world, events: [...world.events, ...others] } });
    const { stdout } = await asked(cluster, ['-A', '-l', 'app in (demo)', '--format', 'json']);
    expect(cluster.calls[0]?.query['labelSelector']).toBe('app in (demo)');
    expect(new Set(startups(stdout).map(({ pod }) => (pod as Json)['namespace']))).toEqual(
      new Set(['s-i-sidecar']),
    );
  });

  it('--since cuts no log of a start that it lets through, and says which logs it cut', async () => {
    const world = recorded('vllm-cold-image');
    await using cluster = await fakeCluster({ world });
    const { namespace } = nameOf(world.pods[0]);
    const ask = (since: string) => asked(cluster, ['-n', namespace, '--format', 'json', '--since', since]);
    const sinceTimes = () => cluster.calls.flatMap(({ query }) => query['sinceTime'] ?? []);
    const during = await ask('2026-11-22T02:05:30Z');
    expect([during.code, startups(during.stdout).length, sinceTimes()]).toEqual([0, 1, []]);
    const later = await ask('2026-11-23T00:00:00Z');
    expect([later.code, startups(later.stdout)]).toEqual([1, []]);
    expect(sinceTimes()).toEqual(['2026-11-23T00:00:00.000000000Z']);
    expect(later.stderr).toMatch(
      /log of .*engine, run 0: expected a whole log, got what was written after 2026-11-23T00/,
    );
  });

  it('a folder that is not empty is not written to', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const { code, stderr } = await asked(cluster, ['-A', '--save', directory]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--save: expected a folder that is empty')]);
    expect(cluster.calls).toEqual([]);
  });
});

/** Says which of these modules a run has loaded. */
const LISTENING = `data:text/javascript,import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  const found = next(specifier, context);
  if (/client-node|sources\\/kube\\//.test(found.url)) process.stderr.write('LOADED ' + found.url + '\\n');
  return found;
} });`;

it.each([
  [['replay', 'fixtures/sidecar/evidence'], false],
  [['pod', '--help'], false],
  [['pod', 'x', '--kubeconfig', '/nonexistent'], true],
])('%j loads the Kubernetes client: %s', async (args, expected) => {
  const listening = ['--import', LISTENING, 'bin/coldtrace.ts', ...args];
  const { stderr } = await runProgram(process.execPath, listening);
  expect(/^LOADED .*client-node/m.test(stderr)).toBe(expected);
});

const CANARY = 'canary5f0e1d2c';

/** A secret in every place where a pod, an event or a log may carry one. */
function withCanaries(world: World): World {
  const [pod] = world.pods;
  const spec = pod?.['spec'] as Json;
  const [first, ...rest] = spec['containers'] as readonly Json[];
  const env = [
    { name: 'HF_TOKEN', value: `${CANARY}1` },
    { name: 'DB_PASSWORD', value: `${CANARY}2` },
    { name: 'UPSTREAM', value: `https://user:${CANARY}3@host/` },
    { name: 'AWS_SECRET_ACCESS_KEY', value: `${CANARY}4` },
    { name: 'MODEL_DIR', value: '/models/one' },
  ];
  const container = {
    ...first,
    env,
    args: ['--api-key', `${CANARY}5`, `--hf-token=${CANARY}6`, '--port', '8000'],
  };
  const applied = JSON.stringify({
    spec: { containers: [{ env, command: ['sh', '-c', `HF_TOKEN=${CANARY}7 run`] }] },
  });
  const metadata = {
    ...(pod?.['metadata'] as Json),
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied, 'my-password': `${CANARY}8` },
  };
  const [event, ...events] = world.events;
  const key = Object.keys(world.logs)[0] ?? '';
  const log = `2026-11-22T01:00:00.000000000Z export HF_TOKEN=${CANARY}9\n${world.logs[key]}`;
  return {
    ...world,
    pods: [{ ...pod, metadata, spec: { ...spec, containers: [container, ...rest] } }],
    events: [{ ...event, message: `failed with api_key=${CANARY}0` }, ...events],
    logs: { ...world.logs, [key]: log },
  };
}

const everything = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .map((path) => (statSync(path).isFile() ? readFileSync(path, 'utf8') : path))
    .join('\n');

describe('secrets', () => {
  it('are in nothing that is kept or told, and the startups are those of the evidence with them', async () => {
    const world = withCanaries(recorded('vllm-cold-image'));
    await using cluster = await fakeCluster({ world });
    const kept = fresh('kept');
    const live = await asked(cluster, ['-A', '--format', 'json', '--save', kept]);
    const plain = await asked(cluster, ['-A', '--format', 'json']);
    const all = everything(kept);
    expect(all).not.toContain(CANARY);
    expect(all).toContain('/models/one');
    expect(all).toContain('[redacted]');
    expect(live.stdout + live.stderr).not.toContain(CANARY);
    expect(startups(live.stdout)).toEqual(startups(plain.stdout));
    const collectedRuns = await coldtrace(['replay', collected(world, ['engine/0']), '--format', 'json']);
    expect(startups(live.stdout)).toEqual(startups(collectedRuns.stdout));
    const again = await coldtrace(['replay', kept, '--format', 'json']);
    expect(startups(again.stdout)).toEqual(startups(live.stdout));
  });

  it('kept files are for their owner alone', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const kept = fresh('kept');
    await asked(cluster, ['-A', '--save', kept]);
    const modes = ['.', ...readdirSync(kept, { recursive: true, encoding: 'utf8' })].map((path) =>
      statSync(join(kept, path)),
    );
    for (const mode of modes) expect(mode.mode & 0o077).toBe(0);
  });
});

describe('what goes wrong', () => {
  const failing = async (fault: Fault, args: readonly string[] = ['-A']) => {
    await using cluster = await fakeCluster({ world: recorded('sidecar'), fault });
    return { ...(await asked(cluster, args)), calls: [...cluster.calls] };
  };
  const only =
    (
      part: string,
      answer: Parameters<typeof status> extends [unknown, ...infer Rest] ? Rest : never,
    ): Fault =>
    ({ path }, response) => {
      if (!path.includes(part)) return false;
      status(response, ...answer);
      return true;
    };

  it.each([
    ['/pods', 1],
    ['/api/v1/events', 0],
    ['/nodes', 0],
  ])('403 on %s: named, with the command that grants it; the rest is told', async (part, empty) => {
    const says = `x is forbidden: User "alice" cannot list resource "x"`;
    const { code, stdout, stderr } = await failing(only(part, [403, says]), ['-A', '--format', 'json']);
    expect(code).toBe(part === '/nodes' ? 0 : 2);
    expect(stderr).toMatch(/expected permission to list \w+.*403.*User "alice"/);
    expect(stderr).toMatch(/kubectl create clusterrole coldtrace-list-\w+ --verb=list --resource=\w+\n/);
    expect(stderr).toMatch(
      /kubectl create clusterrolebinding coldtrace-list-\w+ --clusterrole=\S+ --user=alice\n/,
    );
    expect(startups(stdout).length).toBeGreaterThan(empty === 1 ? -1 : 0);
  });

  it('403 on logs: asked for once, not for each container; pods and events still tell', async () => {
    const fault = only('/log', [
      403,
      'pods "demo" is forbidden: User "system:serviceaccount:a:b" cannot get resource "pods/log"',
    ]);
    const { code, stdout, stderr, calls } = await failing(fault, ['-A', '--format', 'json']);
    expect(code).toBe(2);
    expect(stderr).toContain('4 logs, the first the log of s-i-sidecar/demo, container log-agent, run 0');
    expect(stderr).toContain('--verb=get --resource=pods/log');
    expect(stderr).toContain('--serviceaccount=a:b');
    expect(calls.filter(({ path }) => path.endsWith('/log')).length).toBe(1);
    expect(startups(stdout)).toMatchObject([{ outcome: 'ready' }]);
  });

  it('401: one message that says how to log in, and nothing more is asked', async () => {
    const { code, stderr, calls } = await failing(only('/', [401, 'Unauthorized']));
    expect([code, calls.length]).toEqual([2, 1]);
    expect(stderr).toContain('kubectl --context fake auth whoami');
  });

  it('a log that breaks off: what came before counts, and the break is told', async () => {
    const world = recorded('vllm-cold-image');
    const log = world.logs['engine/0'] ?? '';
    const fault: Fault = async ({ path }, response) => {
      if (!path.endsWith('/log')) return false;
      response.writeHead(200, { 'content-length': String(log.length) }).write(log.slice(0, -500));
      await new Promise((resolve) => setTimeout(resolve, 300));
      response.destroy();
      return true;
    };
    await using cluster = await fakeCluster({ world, fault });
    const { code, stdout, stderr } = await asked(cluster, ['-A', '--format', 'json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/log of .*: expected a log that can be read to its end, got aborted/);
    const phases = startups(stdout).flatMap(({ phases: own }) => own as readonly Json[]);
    expect(phases.map(({ name }) => name)).toContain('vllm_init');
  });

  it('400 of a container that has no log yet is no trouble', async () => {
    const { code, stderr } = await failing(
      only('/log', [400, 'container "x" in pod "demo" is waiting to start: PodInitializing']),
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('expected')]);
  });

  it('a node that cannot be reached: told once, whatever the pod', async () => {
    const says =
      'Get "https://10.0.0.1:10250/containerLogs/x": dial tcp 10.0.0.1:10250: connect: connection refused';
    const { code, stderr } = await failing(only('/log', [500, says]));
    expect([code, stderr.match(/expected to get pods\/log/g)?.length]).toEqual([2, 1]);
  });

  it('nobody listens: says so, with what to check', async () => {
    const kubeconfig = fresh('kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor('http://127.0.0.1:1'));
    const { code, stderr } = await coldtrace(['pod', 'x', '--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /127\.0\.0\.1:1: expected an answer \(context fake\), got .*ECONNREFUSED.* is the cluster up/,
    );
  });
});

describe('over TLS', () => {
  const file = (name: string): string => join(directory, name);
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  /** `openssl req -x509` does not make certificates of the past. */
  const selfSigned = (name: string, days: string): void => {
    const [key, csr] = [`${name}.key`, `${name}.csr`];
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', csr, '-subj', '/CN=127.0.0.1');
    const by = ['-signkey', key, '-days', days, '-extfile', 'san', '-out', `${name}.pem`];
    openssl('x509', '-req', '-in', csr, ...by);
  };

  beforeAll(() => {
    writeFileSync(file('san'), 'subjectAltName=IP:127.0.0.1');
    selfSigned('good', '2');
    selfSigned('other', '2');
    selfSigned('old', '-1');
  });

  const overTls = async (certificate: string, authority: string) => {
    const tls = {
      key: readFileSync(file(`${certificate}.key`), 'utf8'),
      cert: readFileSync(file(`${certificate}.pem`), 'utf8'),
    };
    const options: FakeOptions = { world: recorded('sidecar'), tls };
    await using cluster = await fakeCluster(options);
    const kubeconfig = fresh('kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor(cluster.url, { authority: file(`${authority}.pem`) }));
    return await coldtrace(['pod', 'demo', '-n', 's-i-sidecar', '--kubeconfig', kubeconfig]);
  };

  it('the authority of the kubeconfig is believed', async () => {
    expect(await overTls('good', 'good')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ready in'),
    });
  });

  it.each([
    ['good', 'other', 'fetch the kubeconfig anew'],
    ['old', 'old', 'certificate has expired: it must be renewed'],
  ])('%s certificate, authority %s: %s', async (certificate, authority, says) => {
    const { code, stderr } = await overTls(certificate, authority);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe('--watch', () => {
  const world = recorded('vllm-cold-image');
  const [pod] = world.pods;
  const { namespace, name } = nameOf(pod);
  const log = world.logs['engine/0'] ?? '';
  const { status: final } = pod ?? {};
  const unready = (final as { conditions: readonly Json[] }).conditions.map((condition) =>
    condition['type'] === 'Ready' ? { ...condition, status: 'False' } : condition,
  );
  const starting = { ...pod, status: { ...(final as Json), conditions: unready } };

  /** The pod becomes Ready when it has been listed so many times. */
  const following = async (lists: number, args: readonly string[]) => {
    const grown = { ...world, pods: [starting], logs: { 'engine/0': log.slice(0, log.length / 2) } };
    const fault: Fault = ({ path, query }, _response, calls) => {
      const count = calls.filter((call) => call.path === path && !call.query['watch']).length;
      if (path.endsWith('/pods') && query['watch'] === undefined && count >= lists) {
        cluster.world.pods = world.pods;
        cluster.world.logs = world.logs;
      }
      return false;
    };
    await using cluster = await fakeCluster({ world: grown, fault });
    return await asked(cluster, [name, '-n', namespace, '--watch', ...args]);
  };

  it('ends when the pod is Ready, tells once when nobody looks on, and keeps all of it', async () => {
    const kept = fresh('kept');
    const { code, stdout, stderr } = await following(5, ['--format', 'json', '--save', kept]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 ready')]);
    expect(startups(stdout)).toMatchObject([{ outcome: 'ready' }]);
    const again = await coldtrace(['replay', kept, '--format', 'json']);
    expect(startups(again.stdout)).toEqual(startups(stdout));
  });

  it('--timeout ends it: what is known is told, and that it is not over', async () => {
    const { code, stdout, stderr } = await following(1000, ['--timeout', '2s']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('vllm_init')]);
    expect(stderr).toContain('--watch: expected a start that is over within 2 s');
  });

  it('Ctrl-C ends it: what is known is told', async () => {
    await using cluster = await fakeCluster({ world: { ...world, pods: [starting] } });
    const kubeconfig = fresh('kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor(cluster.url));
    const args = ['bin/coldtrace.ts', 'pod', name, '-n', namespace, '--watch', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const code = new Promise((resolve) => child.once('close', resolve));
    const said = text(child.stdout);
    while (!cluster.calls.some(({ query }) => query['watch'] === 'true'))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    expect([await code, await said]).toEqual([0, expect.stringContaining('vllm_init')]);
  });
});
