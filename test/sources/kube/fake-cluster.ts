// An HTTP server that speaks the few paths of the Kubernetes API that coldtrace asks for, from recorded evidence.
//
// Lists come in pages with continue tokens, logs as the kubelet streams them. What a test wants to go wrong it puts in front.

import { globSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Json } from '../../servers/real-kubernetes.ts';

export interface Call {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}

/** True: it has answered, and nothing else is to. */
export type Fault = (
  call: Call,
  response: ServerResponse,
  calls: readonly Call[],
) => boolean | Promise<boolean>;

export interface FakeCluster extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly Call[];
  /** The most requests that were unanswered at one time. */
  readonly mostAtOnce: () => number;
  /** Changed by the test while it runs. */
  readonly world: World;
}

export interface World {
  pods: readonly Json[];
  events: readonly Json[];
  nodes: readonly Json[];
  /** By `container/run`, as `kubectl logs --timestamps` prints it. */
  logs: Readonly<Record<string, string>>;
  /** Changes that a watch is told. */
  changes: readonly Json[];
}

export interface FakeOptions {
  readonly world?: Partial<World>;
  readonly fault?: Fault;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly pageSize?: number;
}

export async function fakeCluster({
  world = {},
  fault,
  tls,
  pageSize,
}: FakeOptions = {}): Promise<FakeCluster> {
  const calls: Call[] = [];
  const state: World = { pods: [], events: [], nodes: [], logs: {}, changes: [], ...world };
  let open = 0;
  let most = 0;
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://x');
    const call = {
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
    };
    calls.push(call);
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    if ((await fault?.(call, response, calls)) !== true) answer(state, call, response, pageSize);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    mostAtOnce: () => most,
    world: state,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(world: World, call: Call, response: ServerResponse, pageSize = 500): void {
  const log = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(call.path);
  if (log !== null) answerLog(world, { ...call, pod: log[2] ?? '' }, response);
  else if (call.query['watch'] === 'true') answerWatch(world, response);
  else answerList(listOf(world, call), call, { response, pageSize });
}

interface Paging {
  readonly response: ServerResponse;
  readonly pageSize: number;
}

function answerList(list: ReturnType<typeof listOf>, { query }: Call, { response, pageSize }: Paging): void {
  if (list === undefined) {
    status(response, 404, 'the server could not find the requested resource');
    return;
  }
  const from = Number(query['continue'] ?? 0);
  const to = from + Math.min(pageSize, Number(query['limit']));
  const more = to < list.items.length ? { continue: String(to) } : {};
  const metadata = { resourceVersion: '1000', ...more };
  json(response, 200, { ...list, metadata, items: list.items.slice(from, to).map(withoutKind) });
}

/** A typed list's items have neither kind nor apiVersion. */
const withoutKind = ({ kind: _k, apiVersion: _a, ...rest }: Json): Json => rest;

function listOf(world: World, { path, query }: Call) {
  const [, namespace, what] = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/(pods|events|nodes)$/.exec(path) ?? [];
  const grouped = /^\/apis\/events\.k8s\.io\/v1(?:\/namespaces\/([^/]+))?\/events$/.exec(path);
  const chosen = (items: readonly Json[], space: string | undefined) =>
    items.filter((item) => {
      const { name, namespace: own } = item['metadata'] as Json;
      const wanted = /metadata\.name=([^,]+)/.exec(query['fieldSelector'] ?? '')?.[1];
      const about = /involvedObject\.name=([^,]+)/.exec(query['fieldSelector'] ?? '')?.[1];
      const isAbout = about === undefined || (item['involvedObject'] as Json | undefined)?.['name'] === about;
      return (space === undefined || own === space) && (wanted === undefined || wanted === name) && isAbout;
    });
  if (grouped !== null) return { kind: 'EventList', apiVersion: 'events.k8s.io/v1', items: [] };
  if (what === 'pods') return { kind: 'PodList', apiVersion: 'v1', items: chosen(world.pods, namespace) };
  if (what === 'events')
    return { kind: 'EventList', apiVersion: 'v1', items: chosen(world.events, namespace) };
  return what === 'nodes'
    ? { kind: 'NodeList', apiVersion: 'v1', items: chosen(world.nodes, undefined) }
    : undefined;
}

/** As the kubelet chooses: see lib/sources/kube/pod-logs.ts. */
function answerLog(
  { pods, logs }: World,
  { query, pod }: Call & { readonly pod: string },
  response: ServerResponse,
): void {
  const found = pods.find((one) => (one['metadata'] as Json)['name'] === pod);
  if (found === undefined) {
    status(response, 404, `pods "${pod}" not found`);
    return;
  }
  const { container = '', previous } = query;
  const own = statuses(found).find(({ name }) => name === container);
  const restarts = Number(own?.['restartCount'] ?? 0);
  const isWaiting = (own?.['state'] as Json | undefined)?.['waiting'] !== undefined;
  const run = previous === 'true' && !isWaiting ? restarts - 1 : restarts;
  const text = logs[`${container}/${run}`];
  if (text === undefined) {
    status(response, 400, `previous terminated container "${container}" in pod "${pod}" not found`);
    return;
  }
  const since = query['sinceTime'] ?? '';
  const lines = text.split(/(?<=\n)/).filter((line) => line >= since);
  response.writeHead(200, { 'content-type': 'text/plain' }).end(lines.join(''));
}

const statuses = (pod: Json): readonly Json[] => {
  const { containerStatuses = [], initContainerStatuses = [] } = pod['status'] as Record<
    string,
    readonly Json[]
  >;
  return [...containerStatuses, ...initContainerStatuses];
};

/** Ends at once: then it is asked again. */
function answerWatch({ changes }: World, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const change of changes) response.write(`${JSON.stringify(change)}\n`);
  response.end();
}

/** As the API server refuses. */
export function status(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, headers);
}

export function json(
  response: ServerResponse,
  code: number,
  body: Json,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The world that a fixture recorded. Logs of runs that no status mentions are not to be had, as in life. */
export function recorded(fixture: string): World {
  const evidence = join('fixtures', fixture, 'evidence');
  const items = (file: string): readonly Json[] =>
    JSON.parse(readFileSync(join(evidence, file), 'utf8')).items;
  const logs = globSync(`${evidence}/var-log-pods*/*/*/*.log`).map((path) => {
    const [, container, run] = /\/([^/]+)\/(\d+)\.log$/.exec(path) ?? [];
    return [`${container}/${run}`, kubectlLogs(readFileSync(path, 'utf8'))];
  });
  return {
    pods: items('pods.json'),
    events: items('events.json'),
    nodes: [],
    logs: Object.fromEntries(logs),
    changes: [],
  };
}

/** `<time> stdout F text` → `<time> text`; parts of a long line become one. */
export const kubectlLogs = (cri: string): string =>
  cri.replace(/^(\S+) std(?:out|err) (F|P) (.*\n)/gm, (_, time: string, part: string, text: string) =>
    part === 'F' ? `${time} ${text}` : `${time} ${text.trimEnd()}`,
  );

export const nameOf = (pod: Json | undefined): { readonly name: string; readonly namespace: string } => {
  const { name, namespace } = (pod?.['metadata'] ?? {}) as Json;
  return { name: String(name), namespace: String(namespace) };
};

/** A kubeconfig, as text. JSON is YAML. Plain HTTP is only believed without TLS checks. */
export const kubeconfigFor = (
  server: string,
  more: { readonly authority?: string; readonly user?: Json } = {},
): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [
      {
        name: 'fake',
        cluster:
          more.authority === undefined
            ? { server, 'insecure-skip-tls-verify': true }
            : { server, 'certificate-authority': more.authority },
      },
    ],
    users: [{ name: 'me', user: more.user ?? { token: 'a-token' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'me', namespace: 'demo' } }],
  });
