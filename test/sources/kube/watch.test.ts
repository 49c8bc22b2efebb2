// A watch that is closed, expires, breaks off or is refused.

import { describe, expect, it } from 'vitest';
import { podList } from '../../../lib/sources/kube/lists.ts';
import { type Change, watch } from '../../../lib/sources/kube/watch.ts';
import type { Json } from '../../servers/real-kubernetes.ts';
import { asking } from './asking.ts';
import { type Fault, fakeCluster, status } from './fake-cluster.ts';

const { spec } = podList({ namespace: 'demo', name: undefined, selector: undefined });

const pod = (version: number): Json => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'p', namespace: 'demo', uid: 'u', resourceVersion: String(version), managedFields: [] },
});
const line = (type: string, object: Json): string => `${JSON.stringify({ type, object })}\n`;

/** Each connection of a watch says one of these, the last says it for ever. */
async function watched(sayings: readonly (string | number)[], until: number) {
  let connections = 0;
  const fault: Fault = ({ query }, response) => {
    if (query['watch'] !== 'true') return false;
    const saying = sayings[Math.min(connections, sayings.length - 1)] ?? '';
    connections += 1;
    if (typeof saying === 'number') status(response, saying, 'refused');
    else response.writeHead(200).end(saying);
    return true;
  };
  await using cluster = await fakeCluster({ world: { pods: [pod(900)] }, fault });
  const stop = new AbortController();
  const { cluster: asked, waits } = asking(cluster.url, stop.signal);
  const sleep = async (): Promise<void> => {
    if (connections >= until) stop.abort();
  };
  const changes: Change[] = [];
  const going = watch(spec, '5', {
    ask: asked.askWatch,
    patience: { sleep, random: () => 0 },
    signal: stop.signal,
  });
  let next = await going.next();
  for (; next.done !== true; next = await going.next()) changes.push(next.value);
  const versions = changes.map(
    ({ type, object }) => `${type} ${(object['metadata'] as Json)['resourceVersion']}`,
  );
  return {
    versions,
    refusal: next.value,
    calls: cluster.calls.map(({ query }) => query['resourceVersion'] ?? 'list'),
    waits,
    changes,
  };
}

describe('watch', () => {
  it('goes on from what it was told last, bookmarks included', async () => {
    const first = line('ADDED', pod(6)) + line('MODIFIED', pod(7)) + line('BOOKMARK', pod(9));
    const { versions, calls } = await watched([first, line('DELETED', pod(12))], 2);
    expect(versions).toEqual(['ADDED 6', 'MODIFIED 7', 'DELETED 12']);
    expect(calls).toEqual(['5', '9']);
  });

  it.each([
    ['410 at once', 410],
    ['410 on the way', line('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' })],
  ])('%s: it is listed anew, and goes on from there', async (_title, saying) => {
    const { versions, calls } = await watched([saying, line('MODIFIED', pod(1001))], 2);
    expect(versions).toEqual(['MODIFIED 900', 'MODIFIED 1001']);
    expect(calls).toEqual(['5', 'list', '1000']);
  });

  it.each([403, 401])('%d ends it, and says so', async (code) => {
    const { refusal, calls } = await watched([code], 9);
    expect([refusal?.status, calls]).toEqual([code, ['5']]);
  });

  it('503 does not: it is asked again from where it was', async () => {
    const { versions, calls } = await watched([503, line('ADDED', pod(6))], 2);
    expect([versions, calls]).toEqual([['ADDED 6'], ['5', '5']]);
  });

  it('a line that is cut off, and one that is no JSON, are no changes', async () => {
    const { versions } = await watched([`nonsense\n${line('ADDED', pod(6))}{"type":"ADD`], 1);
    expect(versions).toEqual(['ADDED 6']);
  });

  it('what it hands on has no managedFields', async () => {
    const { changes } = await watched([line('ADDED', pod(6))], 1);
    expect(changes[0]?.object['metadata']).not.toHaveProperty('managedFields');
  });
});
