// Lists, page by page, against a server that expires, throttles, breaks off and dawdles.

import { describe, expect, it } from 'vitest';
import { seconds } from '../../../lib/base/instant.ts';
import type { JsonObject } from '../../../lib/base/json.ts';
import { gather } from '../../../lib/sources/kube/gather.ts';
import { listAll } from '../../../lib/sources/kube/list.ts';
import { eventLists, nodeLists, podList } from '../../../lib/sources/kube/lists.ts';
import { sender } from '../../../lib/sources/kube/send.ts';
import type { Json } from '../../servers/real-kubernetes.ts';
import { asking } from './asking.ts';
import { type Fault, fakeCluster, status } from './fake-cluster.ts';

const podsNamed = (count: number): readonly Json[] =>
  Array.from({ length: count }, (_, index) => ({
    metadata: { name: `pod-${index}`, namespace: 'demo', uid: `uid-${index}` },
    spec: { containers: [{ name: 'c' }], nodeName: `node-${index % 20}` },
    status: {},
  }));

const ALL = podList({ namespace: undefined, name: undefined, selector: undefined }).spec;

const names = (items: readonly JsonObject[]): readonly unknown[] =>
  items.map(({ metadata }) => (metadata as Json)['name']);

async function listed(count: number, fault?: Fault) {
  await using cluster = await fakeCluster({ world: { pods: podsNamed(count) }, ...(fault ? { fault } : {}) });
  const { cluster: asked, waits } = asking(cluster.url);
  const { items, refusal } = await listAll(asked.ask, ALL, (item) => item);
  return { items, refusal, waits, calls: [...cluster.calls] };
}

/** Refuses these requests, counted from 1. */
const refusing =
  (which: readonly number[], code: number, headers: Record<string, string> = {}): Fault =>
  (_call, response, calls) => {
    if (!which.includes(calls.length)) return false;
    status(response, code, 'the provided continue parameter is too old', headers);
    return true;
  };

describe('listAll', () => {
  it.each([
    [0, 1],
    [1, 1],
    [500, 1],
    [501, 2],
    [1250, 3],
  ])('%d pods come in %d pages, each once, with kind and version', async (count, pages) => {
    const { items, calls } = await listed(count);
    expect(names(items)).toEqual(names(podsNamed(count)));
    expect(items.every(({ kind, apiVersion }) => kind === 'Pod' && apiVersion === 'v1')).toBe(true);
    expect(calls.length).toBe(pages);
    expect(calls.every(({ query }) => query['limit'] === '500' && query['continue'] !== '')).toBe(true);
  });

  it('410 in the middle begins the list anew, and each pod is there once', async () => {
    const { items, refusal, calls, waits } = await listed(1250, refusing([2, 5], 410));
    expect([refusal, items.length, new Set(names(items)).size]).toEqual([undefined, 1250, 1250]);
    expect(calls.map(({ query }) => query['continue'])).toEqual([
      undefined,
      '500',
      undefined,
      '500',
      '1000',
      undefined,
      '500',
      '1000',
    ]);
    expect(waits).toEqual([]);
  });

  it('410 every time is given up, and nothing half is told', async () => {
    const { items, refusal, calls } = await listed(1250, ({ query }, response) => {
      if (query['continue'] === undefined) return false;
      status(response, 410, 'too old');
      return true;
    });
    expect([items, refusal?.status, calls.length]).toEqual([[], 410, 8]);
  });

  it.each([
    [
      '429 with a Retry-After waits as told',
      refusing([1, 2], 429, { 'Retry-After': '7' }),
      [7, 7],
      undefined,
    ],
    ['429 without one waits by itself', refusing([1, 2], 429), [0.5, 1], undefined],
    ['a server that restarts is asked again', refusing([2], 503), [0.5], undefined],
    ['429 for ever is given up', refusing([1, 2, 3, 4, 5, 6], 429), [0.5, 1, 2, 4], 429],
    ['an hour is too long to wait', refusing([1], 429, { 'Retry-After': '3600' }), [], 0],
    ['500 is told at once', refusing([1], 500), [], 500],
    ['403 is told at once', refusing([1], 403), [], 403],
  ] as const)('%s', async (_title, fault, expected, code) => {
    const { waits, refusal, items } = await listed(600, fault);
    expect([waits, refusal?.status]).toEqual([expected, code]);
    expect(items.length).toBe(code === undefined ? 600 : 0);
  });

  it('a connection that is cut before the answer is tried again', async () => {
    const { items, waits } = await listed(3, (_call, response, calls) => {
      if (calls.length > 1) return false;
      response.socket?.resetAndDestroy();
      return true;
    });
    expect([items.length, waits]).toEqual([3, [0.5]]);
  });

  it('a page that ends early is no list, and says so', async () => {
    const { items, refusal } = await listed(3, (_call, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"items":[{"metadata":{}}');
      setTimeout(() => response.destroy(), 50);
      return true;
    });
    expect([items, refusal?.says]).toEqual([[], 'something that is no whole JSON list']);
  });

  it('a server that says nothing is not waited for for ever', async () => {
    await using cluster = await fakeCluster({ fault: () => true });
    const ask = sender(asking(cluster.url).access, seconds(0.2));
    const { refusal } = await listAll(ask, ALL, (item) => item);
    expect(refusal).toMatchObject({ status: 0, says: 'no answer for 0.2 s' });
  });

  it('a proxy that answers with a page for people is quoted, cut', async () => {
    const { refusal } = await listed(1, (_call, response) => {
      response.writeHead(407, { 'content-type': 'text/html' }).end(`<html>${'x'.repeat(200_000)}`);
      return true;
    });
    expect(refusal?.status).toBe(407);
    expect(refusal?.says.length).toBeLessThan(300);
  });
});

describe('gather', () => {
  it('two requests at most are in flight, and one that waits goes before one that comes', async () => {
    const slow: Fault = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return false;
    };
    await using cluster = await fakeCluster({ world: { pods: podsNamed(1200) }, fault: slow });
    const { cluster: asked, access } = asking(cluster.url);
    const choice = { namespace: undefined, name: undefined, selector: undefined };
    const { pods, problems } = await gather(asked.ask, access, choice);
    expect([pods.length, problems, cluster.mostAtOnce()]).toEqual([1200, [], 2]);
    expect(cluster.calls.filter(({ path }) => path === '/api/v1/nodes').length).toBe(1);
  });

  it('managedFields are dropped, nodes of other pods too', async () => {
    const [pod] = podsNamed(1);
    const managed = {
      ...pod,
      metadata: { ...(pod?.['metadata'] as Json), managedFields: [{ manager: 'm' }] },
    };
    const nodes = ['node-0', 'node-9'].map((name) => ({ metadata: { name } }));
    await using cluster = await fakeCluster({ world: { pods: [managed], nodes } });
    const { cluster: asked, access } = asking(cluster.url);
    const told = await gather(asked.ask, access, { namespace: 'demo', name: 'pod-0', selector: undefined });
    expect(told.pods).toEqual([{ kind: 'Pod', apiVersion: 'v1', ...pod }]);
    expect(names(told.nodes)).toEqual(['node-0']);
  });

  it('a server without events.k8s.io is an old one, and no trouble', async () => {
    await using cluster = await fakeCluster({
      fault: ({ path }, response) => {
        if (!path.startsWith('/apis/')) return false;
        status(response, 404, 'the server could not find the requested resource');
        return true;
      },
    });
    const { cluster: asked, access } = asking(cluster.url);
    const { problems } = await gather(asked.ask, access, {
      namespace: 'a',
      name: undefined,
      selector: undefined,
    });
    expect(problems).toEqual([]);
  });
});

describe('which lists', () => {
  it.each([
    [
      { namespace: 'a', name: undefined, selector: 'app=x' },
      '/api/v1/namespaces/a/pods',
      { labelSelector: 'app=x' },
    ],
    [
      { namespace: undefined, name: 'p', selector: undefined },
      '/api/v1/pods',
      { fieldSelector: 'metadata.name=p' },
    ],
    [{ namespace: '../x', name: undefined, selector: undefined }, '/api/v1/namespaces/..%2Fx/pods', {}],
  ])('%j', (choice, path, query) => {
    expect(podList(choice).spec).toMatchObject({ path, query });
  });

  it('events of both groups, of pods alone', () => {
    const [core, grouped] = eventLists({ namespace: 'a', name: 'p', selector: undefined });
    expect(core.spec.query).toEqual({ fieldSelector: 'involvedObject.kind=Pod,involvedObject.name=p' });
    expect(grouped.spec.path).toBe('/apis/events.k8s.io/v1/namespaces/a/events');
    expect(grouped.spec.query).toEqual({ fieldSelector: 'regarding.kind=Pod,regarding.name=p' });
  });

  it('few nodes are asked for by name, many in one list', () => {
    expect(nodeLists(['a', 'b']).map(({ spec }) => spec.query)).toEqual([
      { fieldSelector: 'metadata.name=a' },
      { fieldSelector: 'metadata.name=b' },
    ]);
    expect(nodeLists(Array.from({ length: 11 }, (_, n) => `n${n}`)).map(({ spec }) => spec.query)).toEqual([
      {},
    ]);
    expect(nodeLists([])).toEqual([]);
  });
});
