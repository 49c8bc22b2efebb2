// A real kube-apiserver with its etcd, for one test file: RBAC on, everything on loopback, gone afterwards.
//
// Not there where .ci/servers/kubernetes.sh has not been run (and COLDTRACE_KUBERNETES names no folder).
// There are no nodes behind it: pods are objects whose status the test writes, and logs cannot be had.

import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Ran, runProgram } from '../run-program.ts';
import { builtServer, freePort, start } from './real-server.ts';

const BUILT = builtServer('COLDTRACE_KUBERNETES', 'kubernetes-1.36.3') ?? '';

export const HAS_KUBERNETES = BUILT !== '';

export type Json = Readonly<Record<string, unknown>>;

export interface ApiReply {
  readonly status: number;
  readonly body: Json;
}

export interface Kubernetes {
  readonly url: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  /** As the administrator. */
  readonly api: (method: string, path: string, body?: unknown, type?: string) => Promise<ApiReply>;
  /** A kubeconfig with this token. `server`: another way to it. */
  readonly configFor: (name: string, token: string, server?: string) => Promise<string>;
  readonly kubectl: (...args: readonly string[]) => Promise<Ran>;
  /** What the API server wrote down of requests that began with this path. */
  readonly audited: () => Promise<readonly AuditLine[]>;
  /** etcd forgets everything before now; versions and continue tokens of before are gone. */
  readonly compact: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface AuditLine {
  readonly requestURI: string;
  readonly verb: string;
  readonly userAgent: string;
  readonly responseStatus: { readonly code: number };
  readonly user: { readonly username: string };
}

const ADMIN = 'admin-token';
/** Who may nothing until it is given to him. */
export const NOBODY = 'nobody-token';

/** Only what coldtrace and its like ask; never bodies. */
const AUDIT = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['admin'] },
    { level: 'None', userGroups: ['system:masters'] },
    { level: 'Metadata' },
  ],
};

export async function startKubernetes(): Promise<Kubernetes> {
  const directory = await mkdtemp(join(tmpdir(), 'coldtrace-kubernetes-'));
  const file = (name: string): string => join(directory, name);
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${client}`;
  const etcd = await start(join(BUILT, 'etcd'), etcdArgs(file('etcd'), etcdUrl, peer), `${etcdUrl}/readyz`);
  await writeFiles(file);
  const url = `https://127.0.0.1:${port}`;
  // Its certificate signs itself, so its readiness is asked with the administrator's means.
  const server = await start(join(BUILT, 'kube-apiserver'), apiArgs(file, etcdUrl, port), async () => {
    const ready = await ask(url, { method: 'GET', path: '/readyz' });
    return ready.status === 200;
  });
  const configFor = async (name: string, token: string, to = url): Promise<string> => {
    const path = file(`${name}.kubeconfig`);
    await writeFile(path, JSON.stringify(configWith(token, to, file('certs/apiserver.crt'))));
    return path;
  };
  const kubeconfig = await configFor('admin', ADMIN);
  return {
    url,
    kubeconfig,
    configFor,
    api: (method, path, body, type) => ask(url, { method, path, body, type }),
    kubectl: (...args) =>
      runProgram(join(BUILT, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], {
        // Where its cache goes.
        env: { HOME: directory },
      }),
    audited: async () => {
      const lines = (await readFile(file('audit.log'), 'utf8')).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    },
    compact: () => compact(etcdUrl),
    stop: async () => {
      await server.stop();
      await etcd.stop();
      await rm(directory, { recursive: true });
    },
  };
}

const etcdArgs = (data: string, url: string, peer: number): readonly string[] => [
  '--name=test',
  `--data-dir=${data}`,
  `--listen-client-urls=${url}`,
  `--advertise-client-urls=${url}`,
  `--listen-peer-urls=http://127.0.0.1:${peer}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
  `--initial-cluster=test=http://127.0.0.1:${peer}`,
  '--unsafe-no-fsync',
  '--log-level=error',
];

const apiArgs = (file: (name: string) => string, etcdUrl: string, port: number): readonly string[] => [
  `--etcd-servers=${etcdUrl}`,
  // The test says when etcd forgets.
  '--etcd-compaction-interval=0',
  // Since 1.34 pages are served from the server's own memory of old versions, which outlives etcd's: 410 came after minutes.
  '--feature-gates=ListFromCacheSnapshot=false',
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${port}`,
  '--endpoint-reconciler-type=none',
  `--cert-dir=${file('certs')}`,
  `--token-auth-file=${file('tokens.csv')}`,
  '--authorization-mode=RBAC',
  // Nobody makes default service accounts here, and pods of real recordings name them.
  '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,Priority',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${file('sa.pub')}`,
  `--service-account-signing-key-file=${file('sa.key')}`,
  '--service-cluster-ip-range=10.96.0.0/16',
  '--allow-privileged=true',
  `--audit-policy-file=${file('audit.json')}`,
  `--audit-log-path=${file('audit.log')}`,
  '--audit-log-mode=blocking',
];

async function writeFiles(file: (name: string) => string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await mkdir(file('certs'));
  await writeFile(file('sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(file('sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(file('tokens.csv'), `${ADMIN},admin,1,system:masters\n${NOBODY},nobody,2\n`);
  await writeFile(file('audit.json'), JSON.stringify(AUDIT));
}

/** JSON is YAML. */
const configWith = (token: string, server: string, authority: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'test',
  clusters: [
    {
      name: 'test',
      cluster: server.startsWith('https:')
        ? { server, 'certificate-authority': authority }
        : { server, 'insecure-skip-tls-verify': true },
    },
  ],
  users: [{ name: 'who', user: { token } }],
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'who' } }],
});

interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string | undefined;
}

const agent = new Agent({ rejectUnauthorized: false, keepAlive: true, maxSockets: 8 });

function ask(url: string, { method, path, body, type = 'application/json' }: ApiRequest): Promise<ApiReply> {
  return new Promise((done, failed) => {
    const headers = { Authorization: `Bearer ${ADMIN}`, Accept: 'application/json', 'Content-Type': type };
    const asked = request(url + path, { method, headers, agent }, async (answer) => {
      const said = await text(answer);
      done({ status: answer.statusCode ?? 0, body: said.startsWith('{') ? JSON.parse(said) : {} });
    });
    asked.on('error', failed);
    asked.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Through etcd's own HTTP gateway. */
async function compact(etcdUrl: string): Promise<void> {
  const post = async (path: string, body: Json): Promise<Json> => {
    const response = await fetch(etcdUrl + path, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Json;
  };
  const key = Buffer.from('/registry/none').toString('base64');
  const { header } = await post('/v3/kv/range', { key });
  await post('/v3/kv/compaction', { revision: (header as Json)['revision'], physical: true });
}
