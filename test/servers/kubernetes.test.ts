// `coldtrace pod` against a real kube-apiserver with RBAC: recorded pods made anew, paging, 410, every permission removed once.
//
// Skipped where .ci/servers/kubernetes.sh has not been run. No kubelet is behind it: that a log cannot be had is tested
// here, reading logs in test/hall/live.test.ts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coldtrace } from '../run-program.ts';
import { documentsIn } from '../yaml.ts';
import { HAS_KUBERNETES, type Json, type Kubernetes, NOBODY, startKubernetes } from './real-kubernetes.ts';

const MANIFEST = 'deploy/kubernetes/rbac-read-only.yaml';
const CRONJOB = 'deploy/kubernetes/cronjob.yaml';
const NAMESPACED = 'deploy/kubernetes/rbac-read-only-namespaced.yaml';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-live-kubernetes-'));
const fresh = (name: string): string => join(mkdtempSync(join(directory, 'one-')), name);

let kubernetes: Kubernetes;

beforeAll(async () => {
  if (!HAS_KUBERNETES) return;
  kubernetes = await startKubernetes();
  await kubernetes.api('POST', '/api/v1/nodes', node());
  await inBatches(1000, (index) =>
    kubernetes.api('POST', '/api/v1/namespaces/crowd/pods', plainPod(`pod-${index}`)),
  );
  for (const name of ['a_cold', 'd_crashloop']) await recreate(name);
}, 240_000);

afterAll(async () => {
  rmSync(directory, { recursive: true });
  if (HAS_KUBERNETES) await kubernetes.stop();
});

const node = (): Json => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'lab-node',
    labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4', 'topology.kubernetes.io/region': 'eu-west-1' },
  },
});

const plainPod = (name: string): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'crowd' } },
  spec: { nodeName: 'lab-node', containers: [{ name: 'main', image: 'x' }] },
});

async function inBatches(
  count: number,
  make: (index: number) => Promise<{ readonly status: number }>,
): Promise<void> {
  await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'crowd' } });
  for (let from = 0; from < count; from += 8) {
    const made = await Promise.all(
      Array.from({ length: Math.min(8, count - from) }, (_, index) => make(from + index)),
    );
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  }
}

const itemsOf = (path: string): readonly Json[] => JSON.parse(readFileSync(path, 'utf8')).items;
const metadataOf = (object: Json | undefined): Json => (object?.['metadata'] ?? {}) as Json;

/**
 * A recorded pod, its status and its events, made anew: the server gives the pod another uid and another birth, so
 * every instant of the recording moves with it, also the one in the names of events.
 */
async function recreate(recording: string): Promise<void> {
  const [pod = {}] = itemsOf(`fixtures/kubernetes/${recording}/pods.json`);
  const { name, namespace, labels, creationTimestamp } = metadataOf(pod);
  await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const made = await kubernetes.api('POST', `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: specOf(pod),
  });
  expect(made.status).toBe(201);
  const born = metadataOf(made.body);
  const moved = mover(String(creationTimestamp), String(born['creationTimestamp']));
  const status = moved({ status: pod['status'] });
  await patchStatus(`/api/v1/namespaces/${namespace}/pods/${name}`, status);
  for (const event of itemsOf(`fixtures/kubernetes/${recording}/events.json`)) {
    const about = { ...(event['involvedObject'] as Json), uid: born['uid'] };
    const { uid: _, resourceVersion: _v, creationTimestamp: _c, ...metadata } = metadataOf(event);
    const body = moved({ ...event, involvedObject: about, metadata });
    expect((await kubernetes.api('POST', `/api/v1/namespaces/${namespace}/events`, body)).status).toBe(201);
  }
}

const patchStatus = async (path: string, body: Json): Promise<void> => {
  const patched = await kubernetes.api('PATCH', `${path}/status`, body, 'application/merge-patch+json');
  expect(patched.status).toBe(200);
};

/** Without what the server would refuse: a token that no service account stands behind. */
function specOf(pod: Json): Json {
  const { containers, nodeName, restartPolicy, terminationGracePeriodSeconds } = pod['spec'] as Json;
  const bare = (containers as readonly Json[]).map(({ volumeMounts: _, ...container }) => container);
  return { containers: bare, nodeName, restartPolicy, terminationGracePeriodSeconds };
}

/** All instants of an object, and the nanoseconds at the end of an event's name, later by whole seconds. */
function mover(from: string, to: string): (object: Json) => Json {
  const later = Date.parse(to) - Date.parse(from);
  const instants = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z"/g;
  const names = /"name":"([^"]+)\.([0-9a-f]{16})"/g;
  return (object) => {
    const text = JSON.stringify(object)
      .replace(
        instants,
        (_, whole, rest = '') =>
          `"${new Date(Date.parse(`${whole}Z`) + later).toISOString().slice(0, 19)}${rest}Z"`,
      )
      .replace(
        names,
        (_, name, hex) =>
          `"name":"${name}.${(BigInt(`0x${hex}`) + BigInt(later) * 1_000_000n).toString(16)}"`,
      );
    return JSON.parse(text);
  };
}

const asked = (kubeconfig: string, ...args: readonly string[]) =>
  coldtrace(['pod', ...args, '--kubeconfig', kubeconfig]);
const asAdmin = (...args: readonly string[]) => asked(kubernetes.kubeconfig, ...args);
const startups = (stdout: string): readonly Json[] => JSON.parse(stdout).startups;

/** What kubectl dumps, for replay: the same lists, by another client. */
async function dumped(namespace: string): Promise<string> {
  const path = fresh('dump.json');
  const said = await kubernetes.kubectl('get', 'pods,events', '-n', namespace, '-o', 'json');
  const nodes = await kubernetes.kubectl('get', 'nodes', '-o', 'json');
  const items = [said, nodes].flatMap(({ stdout }) => JSON.parse(stdout).items);
  writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return path;
}

describe.skipIf(!HAS_KUBERNETES)(
  'a real API server (build it with .ci/servers/kubernetes.sh)',
  { timeout: 120_000 },
  () => {
    it.each([
      ['s-a-cold', 'demo'],
      ['s-d-crashloop', 'demo'],
    ])(
      '%s/%s: the same startups as replay tells of what kubectl dumps; kept, they are read again',
      async (namespace, name) => {
        const kept = fresh('kept');
        const live = await asAdmin(name, '-n', namespace, '--format', 'json', '--save', kept);
        const replayed = await coldtrace(['replay', await dumped(namespace), '--format', 'json']);
        expect(startups(live.stdout)).toEqual(startups(replayed.stdout));
        const again = await coldtrace(['replay', kept, '--format', 'json']);
        expect(JSON.stringify(startups(again.stdout))).toBe(JSON.stringify(startups(live.stdout)));
        const attributes = startups(live.stdout).map((one) => one['attributes'] as Json);
        expect(attributes[0]).toMatchObject({ region: 'eu-west-1', node_name: 'lab-node' });
        // There is no kubelet: the logs are told to be missing, once.
        expect([live.code, live.stderr]).toEqual([
          2,
          expect.stringMatching(/expected to get pods\/log in namespace/),
        ]);
      },
    );

    it('both groups show the same events: either alone tells the same', async () => {
      const events = async (path: string): Promise<string> => {
        const file = fresh('events.json');
        writeFileSync(
          file,
          JSON.stringify((await kubernetes.api('GET', `${path}/namespaces/s-a-cold/events`)).body),
        );
        return (await coldtrace(['replay', file, '--format', 'json'])).stdout;
      };
      const [core, grouped] = [await events('/api/v1'), await events('/apis/events.k8s.io/v1')];
      expect(startups(core)).toEqual(startups(grouped));
      expect(startups(core).length).toBe(1);
    });

    it("1,000 pods come in two pages of 500 by the server's own record, and all are told", async () => {
      const reader = await kubernetes.configFor('lister', await tokenWith({ verbs: EVERYTHING }));
      const { stdout } = await asked(reader, '-n', 'crowd', '--format', 'json');
      expect(startups(stdout).length).toBe(1000);
      const lists = (await kubernetes.audited()).filter(({ requestURI }) =>
        requestURI.startsWith('/api/v1/namespaces/crowd/pods?'),
      );
      expect(
        lists.map(({ requestURI }) => new URL(requestURI, 'http://x').searchParams.get('limit')),
      ).toEqual(['500', '500']);
      expect(lists.every(({ userAgent }) => userAgent.startsWith('coldtrace/'))).toBe(true);
    });

    it('a list that etcd forgets between two pages is asked for anew (410)', async () => {
      const reader = await kubernetes.configFor('lister', await tokenWith({ verbs: EVERYTHING }));
      const statuses: number[] = [];
      let pages = 0;
      await using proxy = await between(async (path, code) => {
        if (!path.startsWith('/api/v1/namespaces/crowd/pods?')) return;
        statuses.push(code);
        pages += 1;
        if (pages === 1) await forget();
      });
      const config = await kubernetes.configFor('proxied', tokenOf(reader), proxy.url);
      const { stdout } = await asked(config, '-n', 'crowd', '--format', 'json');
      expect([startups(stdout).length, statuses]).toEqual([1000, [200, 410, 200, 200]]);
    });

    it('401: says how to log in', async () => {
      const { code, stderr } = await asked(await kubernetes.configFor('bad', 'no-such-token'), 'demo');
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('401 Unauthorized. The token or certificate of context test'),
      ]);
    });
  },
);

/** Something is written, and everything before it is forgotten. */
async function forget(): Promise<void> {
  await kubernetes.api('POST', '/api/v1/namespaces/default/configmaps', { metadata: { generateName: 'x-' } });
  await kubernetes.compact();
}

interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** Passes everything on; `answered` is waited for before an answer goes back. */
async function between(answered: (path: string, status: number) => Promise<void>): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { authorization = '' } = incoming.headers;
    const options = { headers: { authorization, accept: 'application/json' }, rejectUnauthorized: false };
    const asking = requestTls(kubernetes.url + incoming.url, options, async (answer) => {
      await answered(incoming.url ?? '', answer.statusCode ?? 0);
      outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
      answer.pipe(outgoing);
    });
    asking.on('error', () => outgoing.destroy());
    asking.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const tokenOf = (kubeconfig: string): string =>
  JSON.parse(readFileSync(kubeconfig, 'utf8')).users[0].user.token;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const manifestOf = (path: string): readonly Json[] => documentsIn(readFileSync(path, 'utf8'));

const RULES: readonly Rule[] = manifestOf(MANIFEST).flatMap(({ kind, rules }) =>
  kind === 'ClusterRole' ? (rules as Rule[]) : [],
);

/** One permission each: `list nodes`. */
const EVERYTHING: readonly string[] = RULES.flatMap(({ apiGroups: [group], resources: [resource], verbs }) =>
  verbs.map((verb) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`),
);

/** The manifest with only these permissions in it, applied; the token of its service account. */
async function tokenWith({
  verbs,
  path = MANIFEST,
  namespace = 'coldtrace',
}: {
  readonly verbs: readonly string[];
  readonly path?: string;
  readonly namespace?: string;
}): Promise<string> {
  const documents = manifestOf(path).map((document) => ({
    ...document,
    ...(document['rules'] === undefined ? {} : { rules: only(document['rules'] as Rule[], verbs) }),
  }));
  const file = fresh('rbac.yaml');
  writeFileSync(file, documents.map((document) => dump(document)).join('---\n'));
  const where = path === NAMESPACED ? ['-n', namespace] : [];
  expect(await kubernetes.kubectl('apply', ...where, '-f', file)).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = await kubernetes.kubectl('create', 'token', 'coldtrace', '-n', namespace);
  return stdout.trim();
}

const only = (rules: readonly Rule[], allowed: readonly string[]): readonly Rule[] =>
  rules.flatMap((rule) => {
    const [group, resource] = [rule.apiGroups[0] ?? '', rule.resources[0] ?? ''];
    const verbs = rule.verbs.filter((verb) =>
      allowed.includes(`${verb} ${resource}${group === '' ? '' : `.${group}`}`),
    );
    return verbs.length === 0 ? [] : [{ ...rule, verbs }];
  });

const without = (permission: string): readonly string[] => EVERYTHING.filter((one) => one !== permission);

describe.skipIf(!HAS_KUBERNETES)(`${MANIFEST} on a real API server`, { timeout: 120_000 }, () => {
  const ask = async (permissions: readonly string[], ...more: readonly string[]) => {
    const config = await kubernetes.configFor('reader', await tokenWith({ verbs: permissions }));
    return asked(config, 'demo', '-n', 's-a-cold', ...more);
  };

  it('as it is, applied with kubectl, is enough: nothing is refused', async () => {
    expect(await kubernetes.kubectl('apply', '-f', MANIFEST)).toMatchObject({ code: 0 });
    const { stdout, stderr } = await ask(EVERYTHING, '--watch');
    expect(stdout).toContain('s-a-cold/demo');
    expect(stderr).not.toContain('permission');
    expect(stderr).not.toMatch(/refused;|refused$/m);
  });

  it.each(EVERYTHING)(
    'without "%s": said so, and the command that is printed grants it',
    async (permission) => {
      const watch = permission.startsWith('watch') ? ['--watch'] : [];
      const lacking = await ask(without(permission), ...watch);
      expect(lacking.stderr).toMatch(
        new RegExp(
          `expected permission to ${permission.replaceAll('.', '\\.')}( in namespace s-a-cold)?, got 403`,
        ),
      );
      expect(lacking.stderr.match(/expected permission/g)?.length).toBe(1);
      const commands =
        lacking.stderr.match(/^ {2}kubectl create .*$/gm)?.map((line) => line.trim().split(' ').slice(1)) ??
        [];
      expect(commands.length).toBe(2);
      for (const command of commands) expect(await kubernetes.kubectl(...command)).toMatchObject({ code: 0 });
      await sleep(500);
      const { stderr } = await asked(
        await kubernetes.configFor('reader', tokenOf(await kubernetes.configFor('again', await token()))),
        'demo',
        '-n',
        's-a-cold',
        ...watch,
      );
      expect(stderr).not.toContain('expected permission');
      for (const [, kind = '', name = '', ...rest] of commands) {
        const space = rest.includes('-n') ? ['-n', 's-a-cold'] : [];
        await kubernetes.kubectl('delete', kind, name, ...space);
      }
    },
  );

  const token = async (): Promise<string> =>
    (await kubernetes.kubectl('create', 'token', 'coldtrace', '-n', 'coldtrace')).stdout.trim();

  it('only reads, and never a secret or a config map', () => {
    expect(EVERYTHING.filter((one) => !/^(?:get|list|watch) /.test(one))).toEqual([]);
    expect(EVERYTHING.filter((one) => /secret|configmap|\*/.test(one))).toEqual([]);
  });

  it('who may nothing is told of each permission, and where to find them all', async () => {
    const { code, stdout, stderr } = await asked(
      await kubernetes.configFor('nobody', NOBODY),
      'demo',
      '-n',
      's-a-cold',
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--user=nobody');
    expect(stderr).toContain(`kubectl apply -f ${MANIFEST}`);
  });

  it(`${NAMESPACED}: enough for its namespace, but for nodes`, async () => {
    const config = await kubernetes.configFor(
      'local',
      await tokenWith({ verbs: EVERYTHING, path: NAMESPACED, namespace: 's-d-crashloop' }),
    );
    const { stdout, stderr } = await asked(config, 'demo', '-n', 's-d-crashloop', '--format', 'json');
    expect(startups(stdout).length).toBeGreaterThan(0);
    expect(stderr.match(/expected permission to .*?,/g)).toEqual(['expected permission to list nodes,']);
    const elsewhere = await asked(config, 'demo', '-n', 's-a-cold');
    expect(elsewhere.stderr).toContain('expected permission to list pods in namespace s-a-cold');
  });
});

describe.skipIf(!HAS_KUBERNETES)('--watch on a real API server', { timeout: 120_000 }, () => {
  it('follows a pod that is not there yet until it is Ready', async () => {
    const [pod = {}] = itemsOf('fixtures/kubernetes/a_cold/pods.json');
    const path = '/api/v1/namespaces/crowd/pods';
    const kept = fresh('kept');
    const following = asAdmin(
      'late',
      '-n',
      'crowd',
      '--watch',
      '--timeout',
      '60s',
      '--format',
      'json',
      '--save',
      kept,
    );
    await sleep(3000);
    const made = await kubernetes.api('POST', path, { metadata: { name: 'late' }, spec: specOf(pod) });
    const { creationTimestamp } = metadataOf(pod);
    const moved = mover(String(creationTimestamp), String(metadataOf(made.body)['creationTimestamp']));
    const { status } = moved({ status: pod['status'] }) as { status: { conditions: readonly Json[] } };
    const scheduled = status.conditions.filter(({ type }) => type === 'PodScheduled');
    await patchStatus(`${path}/late`, { status: { phase: 'Pending', conditions: scheduled } });
    await sleep(1500);
    await patchStatus(`${path}/late`, { status });
    const { stdout, stderr } = await following;
    expect(stderr).not.toContain('--watch: expected');
    expect(startups(stdout)).toMatchObject([{ outcome: 'ready', pod: { name: 'late' } }]);
    const states = readFileSync(join(kept, 'pods.jsonl'), 'utf8').trim().split('\n');
    expect(states.length).toBeGreaterThanOrEqual(3);
    const again = await coldtrace(['replay', kept, '--format', 'json']);
    expect(startups(again.stdout)).toEqual(startups(stdout));
  });
});

describe.skipIf(!HAS_KUBERNETES)(`coldtrace collect as ${CRONJOB} has it`, { timeout: 120_000 }, () => {
  it('may do all that it asks for, and replay tells of the store what it tells of a dump', async () => {
    expect(await kubernetes.kubectl('apply', '-f', CRONJOB)).toMatchObject({ code: 0, stderr: '' });
    const { stdout: token } = await kubernetes.kubectl(
      'create',
      'token',
      'coldtrace-collect',
      '-n',
      'coldtrace',
    );
    const config = await kubernetes.configFor('collector', token.trim());
    const store = fresh('store');
    const collect = () => coldtrace(['collect', '-A', '--store', store, '--kubeconfig', config]);
    // In the very second that a status names, the arrival would be a witness that a dump does not have.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const first = await collect();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^1,0\d\d pods, \d+ events and 1 node of test: 1,0\d\d new versions stored/);
    expect((await collect()).stdout).toContain(': 0 new versions stored, 0 bytes');
    for (const namespace of ['s-a-cold', 's-d-crashloop']) {
      const told = async (path: string) =>
        startups((await coldtrace(['replay', path, '-n', namespace, '--format', 'json'])).stdout);
      expect(await told(store)).toEqual(await told(await dumped(namespace)));
      expect((await told(store)).length).toBeGreaterThan(0);
    }
  });
});
